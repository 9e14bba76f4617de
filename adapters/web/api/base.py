"""What every blueprint shares."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from adapters.web.security import BEARER, HEADER
from core.kernel.actor import Scope

REFUSALS = {
    400: "The request cannot be read", 401: "No valid key", 402: "Not enough credits",
    403: "The key lacks the scope or the role", 404: "No such object, or it is someone else's",
    409: "The object is in another state", 413: "Too large", 415: "Wrong type of content",
    416: "The range lies outside the file", 422: "The input does not fit", 429: "Too many requests; see Retry-After",
    502: "A service failed", 503: "A service is out of order; see Retry-After", 507: "The store is full",
}  # fmt: skip
ALWAYS = (400, 401, 403, 429)
PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def make_blueprint(name: str, *, tag: str, about: str) -> APIBlueprint:
    """Return a blueprint under ``/api`` whose operations carry this tag."""
    return APIBlueprint(
        name, f"adapters.web.api.{name}", url_prefix="/api", tag={"name": tag, "description": about}
    )  # fmt: skip


def described(
    *refusals: int, scope: Scope | None = None, files: str = "", media: str = "", idempotent: str = ""
) -> dict[str, Any]:
    """Return the documentation of an operation, for ``blueprint.doc``.

    Args:
        refusals: statuses beyond those that every operation may answer with.
        scope: what a key needs; ``Scope.ADMIN`` stands for administrators.
        files: name of the form field that takes files.
        media: media type of an answer that is no JSON.
        idempotent: ``optional`` or ``required`` where an ``Idempotency-Key`` makes a repeat harmless.
    """
    responses = {
        code: {"description": REFUSALS[code], "content": PROBLEM} for code in sorted({*ALWAYS, *refusals})
    }  # fmt: skip
    notes = {"x-scope": scope and scope.value, "x-files": files, "x-media": media, "x-idempotent": idempotent}
    return {
        "security": [BEARER, HEADER],
        "responses": responses,
        "extensions": {name: note for name, note in notes.items() if note},
    }


def opened(*refusals: int) -> dict[str, Any]:
    """Return the documentation of an operation of the API that needs no key."""
    found = described(*refusals)
    if 401 not in refusals:
        del found["responses"][401]
    return {"responses": found["responses"], "extensions": {}, "security": []}


def public(about: str, *, media: str = "application/json", failing: str = "") -> dict[str, Any]:
    """Return the documentation of an operation that needs no key, for ``blueprint.doc``."""
    responses: dict[int, Any] = {200: {"description": about, "content": {media: {}}}}
    if failing:
        responses[503] = {"description": failing, "content": {media: {}}}
    return {"responses": responses}


def idempotency_key() -> str | None:
    """Return the key that makes a request repeatable, if the client sent one."""
    return request.headers.get("Idempotency-Key")
