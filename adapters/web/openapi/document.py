"""Completing the document that APIFlask makes from the views."""

from collections.abc import Iterator
from typing import Any

from flask import current_app

from adapters.web.openapi.examples import example
from adapters.web.openapi.schemas import flatten
from adapters.web.realtime.frames import MEDIA_TYPE as EVENT_STREAM
from adapters.web.responses import Problem
from adapters.web.security import BEARER, HEADER

Operation = dict[str, Any]
INFO: dict[str, str | dict[Any, Any]] = {
    "title": "i2i",
    "description": (
        "Upload a shoot, say in plain words what should be done, look at the plan and its price, confirm, and download"
        " the finished pictures.\n\nAn answer is an object with `success` and `data`; a refusal has `success: false`,"
        " a sentence in `error`, a stable `code`, and `details`. Fields may be written in camelCase or snake_case."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
SECURITY_SCHEMES = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or a session: `Authorization: Bearer i2i_…`.",
    },
    HEADER: {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key in another header."},
}
OLDER = ("/api/results", "/api/status", "/api/tokens", "/api/user/credits", "/api/user/me")
METHODS = ("post", "get", "put", "patch", "delete")
BINARY = {"type": "string", "format": "binary"}
FORM_FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "/api/upload": {
        "instructions": {"type": "string", "description": "What should be done."},
        "instructionFile": {**BINARY, "description": "The same as a document (PDF, DOCX, DOC, TXT, MD)."},
        "name": {"type": "string", "description": "Name of the order."},
        "autoConfirm": {"type": "boolean", "default": True},
    },
    "/api/recipes/{name}/run": {
        "name": {"type": "string", "description": "Name of the order."},
        "autoConfirm": {"type": "boolean", "default": True},
    },
}
KEY_PARAMETER = {
    "name": "Idempotency-Key", "in": "header", "description": "Makes a repeat of this request harmless.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200}, "example": "import-2026-11-21-0001",
}  # fmt: skip
RESUME_PARAMETER = {
    "name": "Last-Event-ID", "in": "header", "schema": {"type": "string", "pattern": "^[0-9]{1,10}$"}, "example": "41",
    "description": "Sequence number of the last event that was seen; an `EventSource` sends it when it comes back.",
}  # fmt: skip
EVENT_EXAMPLE = (
    "retry: 2000\nid: 41\n\nevent: ImageProcessed\nid: 42\n"
    'data: {"sequence":42,"name":"ImageProcessed","at":"2026-11-21T10:00:00Z","data":{}}\n\n'
)
HEADERS = {
    "X-Request-ID": {"schema": {"type": "string"}, "description": "Number of the request, as in the server's log."},
    "X-RateLimit-Remaining": {"schema": {"type": "integer"}, "description": "Requests left in this minute."},
}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}


def complete(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Return the document with flat schemas, forms, binary answers, headers and examples."""
    assert isinstance(spec, dict), "the document is asked for as JSON"
    spec = flatten(spec)
    spec["paths"] = _in_order(spec["paths"])
    spec["tags"] = list({tag["name"]: tag for tag in spec["tags"]}.values())
    schemas = spec["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    main: dict[str, str] = {}
    for path, method, operation in operations(spec):
        _name(operation, path=path, method=method, main=main)
        _add_form(operation, path)
        _add_media(operation)
        _add_idempotency(operation)
        _add_headers(operation)
        _add_examples(operation, schemas)
        _share_refusals(operation, spec["components"].setdefault("responses", {}))
        for parameter in operation.get("parameters", ()):
            parameter.setdefault("description", parameter["schema"].pop("description", ""))
            parameter.setdefault("example", example(parameter["schema"], schemas, name=parameter["name"]))
    return spec


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    """Yield path, method and operation of everything in a document; an alias comes behind what it stands for."""
    for path, found in spec["paths"].items():
        for method in METHODS:
            if method in found:
                yield path, method, found[method]


def _in_order(paths: dict[str, Any]) -> dict[str, Any]:
    """Return the paths in the order of the views in the code, which tells a story; older addresses come last."""
    views = {endpoint.replace(".", "_"): place for place, endpoint in enumerate(current_app.view_functions)}

    def place(path: str) -> tuple[bool, int]:
        return path.startswith(OLDER), min(views[o["operationId"].partition("_")[2]] for o in paths[path].values())

    return {path: paths[path] for path in sorted(paths, key=place)}


def _name(operation: Operation, *, path: str, method: str, main: dict[str, str]) -> None:
    """Give every operation an id of its own, and mark those that have an older address."""
    summary = operation["summary"]
    name = f"{operation['tags'][0]}: {summary}"
    base = operation["operationId"].partition("_")[2]
    if name in main:
        operation["x-alias-of"] = main[name]
        base += f"_{method}_{path.strip('/').replace('/', '_').translate({ord(c): None for c in '{}'})}"
    main.setdefault(name, f"{method.upper()} {path}")
    operation["operationId"] = base


def _add_form(operation: Operation, path: str) -> None:
    field = operation.get("x-files")
    if not field:
        return
    several = field == "images"
    files = {"type": "array", "items": BINARY} if several else BINARY
    properties = {field: files, **FORM_FIELDS.get(path, {})}
    schema = {"type": "object", "required": [field], "properties": properties}
    operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _add_media(operation: Operation) -> None:
    media = operation.get("x-media")
    if media == EVENT_STREAM:
        text = {"schema": {"type": "string"}, "example": EVENT_EXAMPLE}
        answers = {"200": {"description": "Events without end", "content": {media: text}}}
        operation["responses"] = answers | operation["responses"]
        operation["parameters"].append(RESUME_PARAMETER)
    elif media:
        content: dict[str, Any] = {media: {"schema": BINARY}}
        answers = {"200": {"description": "The content, as an attachment", "content": content}}
        if media != "application/zip":
            answers["206"] = {"description": "The range that was asked for", "content": content}
            answers["304"] = {"description": "The client has it already"}
        operation["responses"] = answers | operation["responses"]


def _add_idempotency(operation: Operation) -> None:
    wanted = operation.get("x-idempotent")
    if wanted:
        operation["parameters"].append({**KEY_PARAMETER, "required": wanted == "required"})


def _share_refusals(operation: Operation, shared: dict[str, Any]) -> None:
    """Let all operations point to one description of each refusal."""
    for status, answer in operation["responses"].items():
        if status >= "400" and "schema" in answer.get("content", {}).get("application/json", {}):
            shared[f"Refusal{status}"] = answer
            operation["responses"][status] = {"$ref": f"#/components/responses/Refusal{status}"}


def _add_headers(operation: Operation) -> None:
    for status, answer in operation["responses"].items():
        answer["headers"] = HEADERS | (RETRY_AFTER if status in {"429", "503"} else {})


def _add_examples(operation: Operation, schemas: dict[str, Any]) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        body["example"] = example(body["schema"], schemas)
        name = body["schema"]["$ref"].rpartition("/")[2]
        operation["requestBody"]["required"] = bool(schemas[name].get("required"))
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if content and "schema" in content:
            if status < "400":
                answer["description"] = schemas[content["schema"]["$ref"].rpartition("/")[2]]["description"]
            content["example"] = example(content["schema"], schemas) | _problem(status)


def _problem(status: str) -> dict[str, Any]:
    known = {
        "400": ("The body is not valid JSON.", "bad_request", {}),
        "401": ("Send an API key as a bearer token or in X-API-Key.", "key_required", {}),
        "402": ("This costs 30 credits, 12 are available.", "insufficient_credits", {"available": 12, "required": 30}),
        "403": ("This key lacks the scope orders:write.", "missing_scope", {"scope": "orders:write"}),
        "404": ("There is no such order.", "not_found", {"what": "order"}),
        "409": ("Plan 1 is not the current plan, 2 is.", "stale_plan", {"revision": 1, "current": 2}),
        "413": ("The request is larger than this address takes.", "too_large", {"max_bytes": 512000000}),
        "415": ("photo.jpg: this is JPEG; a brief is a document (PDF, DOC, DOCX, TXT).", "unsupported_type", {}),
        "416": ("The requested range cannot be satisfied.", "requested_range_not_satisfiable", {}),
        "422": ("limit: Input should be a valid integer", "invalid_input", {"fields": {"limit": ["Input …"]}}),
        "429": ("At most 60 such requests a minute.", "too_many_requests", {"kind": "writes", "limit": 60}),
        "502": ("The planner failed.", "provider_failed", {}),
        "503": ("The database does not answer.", "provider_unavailable", {}),
        "507": ("There is no room for the file.", "storage_full", {}),
    }  # fmt: skip
    if status not in known:
        return {}
    error, code, details = known[status]
    return {"success": False, "error": error, "code": code, "details": details}
