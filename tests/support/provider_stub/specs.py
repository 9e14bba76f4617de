"""Checks requests and answers with a published specification, corrected by a dated overlay."""

import copy
import functools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import jsonschema_rs

SPECS = Path(__file__).resolve().parents[3].parent / "shared" / "reference" / "specs"
JSON, EVENTS = "application/json", "text/event-stream"


def _openai(spec: dict[str, Any]) -> None:
    """2026-11-21: nothing that the plugins send is newer than the specification of 2026-08-21."""


def _compatible(spec: dict[str, Any]) -> None:
    """2026-11-21: what servers other than OpenAI's may stumble over must not be sent to them."""
    schema = spec["components"]["schemas"]["CreateChatCompletionRequest"]
    barred = ("store", "safety_identifier", "service_tier", "user", "metadata", "prompt_cache_key")
    spec["components"]["schemas"]["CreateChatCompletionRequest"] = {
        "allOf": [schema, {"properties": dict.fromkeys(barred, False)}]
    }


def _anthropic(spec: dict[str, Any]) -> None:
    """2026-11-21: version 2026-10-21 refuses sampling parameters and knows what to do with oversized images."""
    schemas = spec["components"]["schemas"]
    for name in ("temperature", "top_p", "top_k"):
        schemas["CreateMessageParams"]["properties"][name] = False
    schemas["RequestImageBlock"]["properties"]["transformations"] = {
        "type": "object",
        "properties": {"oversized_image": {"enum": ["downsize", "error"]}},
        "additionalProperties": False,
    }


def _gemini(spec: dict[str, Any]) -> None:
    """2026-11-21: nested objects stay open, since the library also sends fields in snake case."""


OVERLAYS: Mapping[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "openai": ("openai", _openai),
    "openai_compatible": ("openai", _compatible),
    "anthropic": ("anthropic", _anthropic),
    "gemini": ("gemini", _gemini),
}


@attrs.frozen
class Operation:
    """One operation of a specification."""

    spec: "Spec"
    path: str
    method: str

    def check_request(self, body: Any) -> str:
        """Return what is wrong with a request; empty when nothing is."""
        content = self._definition["requestBody"]["content"][JSON]["schema"]
        # Open first for a good message, then closed, which finds names that are misspelt.
        return self.spec.check(content, body) or self.spec.check(content, body, is_closed=True)

    def check_answer(self, status: int, kind: str, body: Any) -> str:
        """Return what is wrong with an answer, or with one event of a stream; empty when the spec has no say."""
        answers = self._definition["responses"]
        answer = answers.get(str(status)) or answers.get(f"{status // 100}XX")
        if answer and "$ref" in answer:
            answer = self.spec.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        if not answer or kind not in answer.get("content", {}):
            return ""
        return self.spec.check(answer["content"][kind]["schema"], body)

    @property
    def _definition(self) -> dict[str, Any]:
        found: dict[str, Any] = self.spec.document["paths"][self.path][self.method]
        return found


class Spec:
    """The specification of one provider."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._routes = [
            (re.compile(re.sub(r"\\{\w+\\}", r"[^/:]+", re.escape(path))), path, method)
            for path, methods in document["paths"].items()
            for method in methods
        ]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation of a request."""
        for pattern, template, name in self._routes:
            if name == method.lower() and pattern.fullmatch(path):
                return Operation(self, template, name)
        return None

    def check(self, schema: dict[str, Any], value: Any, *, is_closed: bool = False) -> str:
        """Return the first thing that is wrong; empty when nothing is."""
        validator = self._validator(json.dumps(schema, sort_keys=True), is_closed)
        for error in validator.iter_errors(value):
            return f"{'/'.join(map(str, error.instance_path))}: {str(error.message)[:300]}"
        return ""

    @functools.cache  # noqa: B019 - one for each provider, for the life of the process
    def _validator(self, schema: str, is_closed: bool) -> jsonschema_rs.Draft202012Validator:
        wanted = {"allOf": [json.loads(schema)], "components": self.document["components"]}
        if is_closed:
            wanted["unevaluatedProperties"] = False
        return jsonschema_rs.Draft202012Validator(wanted)


@functools.cache
def load(provider: str) -> Spec:
    """Return the specification of a provider with its overlay."""
    name, overlay = OVERLAYS[provider]
    document = copy.deepcopy(json.loads((SPECS / f"{name}.lean.json").read_text(encoding="utf-8")))
    overlay(document)
    return Spec(document)
