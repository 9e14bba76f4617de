"""The reference page's content, made from the OpenAPI document."""

import json
import re
from typing import Any

import attrs

from adapters.web.openapi.commands import curl
from adapters.web.openapi.document import Operation, operations
from adapters.web.openapi.types import Field, fields_of, type_text

LABEL = re.compile(r"[;,:(]| with | under ")
HIDDEN_STATUSES = frozenset({"400", "401", "403", "429"})


@attrs.frozen(kw_only=True)
class Answer:
    """One status that an endpoint may answer with."""

    status: str
    about: str
    code: str = ""


@attrs.frozen(kw_only=True)
class Endpoint:
    """One endpoint of the page.

    Args:
        label: the beginning of the summary, for the contents.
        example: the answer in case of success, as JSON; empty when it is no JSON.
        aliases: older addresses of the same endpoint.
    """

    anchor: str
    method: str
    path: str
    summary: str
    label: str
    description: str
    scope: str
    is_open: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    command: str
    success: str
    example: str
    answers: tuple[Answer, ...]
    aliases: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Group:
    """Endpoints that belong together."""

    anchor: str
    title: str
    about: str
    endpoints: tuple[Endpoint, ...]


@attrs.frozen(kw_only=True)
class Reference:
    """Everything on the page; ``refusals`` are those that any endpoint may answer with."""

    title: str
    version: str
    server: str
    groups: tuple[Group, ...]
    refusals: tuple[Answer, ...]


def write_reference(document: dict[str, Any], *, server: str) -> Reference:
    """Bring a document into the order of the page.

    Args:
        server: address of this installation without a slash at its end, for the commands.
    """
    found = [(path, method, o) for path, method, o in operations(document)]
    aliases: dict[str, list[str]] = {}
    for path, method, operation in found:
        if "x-alias-of" in operation:
            aliases.setdefault(operation["x-alias-of"], []).append(f"{method.upper()} {path}")
    groups = []
    for tag in document["tags"]:
        endpoints = tuple(
            _endpoint(document, path=path, method=method, server=server, aliases=aliases)
            for path, method, o in found
            if o["tags"] == [tag["name"]] and "x-alias-of" not in o
        )
        groups.append(
            Group(anchor=_anchor(tag["name"]), title=tag["name"], about=tag["description"], endpoints=endpoints)
        )  # fmt: skip
    refusals = document["components"]["responses"]
    return Reference(
        title=document["info"]["title"], version=document["info"]["version"], server=server, groups=tuple(groups),
        refusals=tuple(_refusal(name.removeprefix("Refusal"), refusals[name]) for name in sorted(refusals)),
    )  # fmt: skip


def _endpoint(
    document: dict[str, Any], *, path: str, method: str, server: str, aliases: dict[str, list[str]]
) -> Endpoint:
    operation: Operation = document["paths"][path][method]
    schemas = document["components"]["schemas"]
    status, answer = next(iter(operation["responses"].items()))
    shown = answer.get("content", {}).get("application/json", {}).get("example")
    parameters = tuple(
        Field(
            name=p["name"], type=type_text(p["schema"], schemas), is_required=p.get("required", False),
            about=p["description"], place=p["in"],
        )
        for p in operation.get("parameters", ())
        if p["in"] != "path"
    )  # fmt: skip
    return Endpoint(
        anchor=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        label=LABEL.split(operation["summary"])[0].rstrip("."),
        description=operation.get("description", ""), scope=operation.get("x-scope", ""),
        is_open="security" not in operation, parameters=parameters, body=_body(operation, schemas),
        command=curl(operation, method=method.upper(), address=f"{server}{path}"), success=status,
        example="" if shown is None else json.dumps(shown, indent=2, ensure_ascii=False),
        answers=tuple(_answers(operation, document["components"]["responses"])),
        aliases=tuple(aliases.get(f"{method.upper()} {path}", ())),
    )  # fmt: skip


def _body(operation: Operation, schemas: dict[str, Any]) -> tuple[Field, ...]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        return fields_of(content["schema"], schemas)
    return ()


def _answers(operation: Operation, refusals: dict[str, Any]) -> list[Answer]:
    found = []
    for status, answer in operation["responses"].items():
        if status not in HIDDEN_STATUSES or "security" not in operation:
            resolved = refusals[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            found.append(Answer(status=status, about=resolved["description"].rstrip(".")))
    return found


def _refusal(status: str, answer: dict[str, Any]) -> Answer:
    code = answer["content"]["application/json"]["example"]["code"]
    return Answer(status=status, about=answer["description"], code=code)


def _anchor(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower())
