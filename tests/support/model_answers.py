"""Answers of a language model to a request for a plan, as the schema wants them."""

from typing import Any

from core.domain.editing.catalogue import find_operation

ANYWHERE: dict[str, Any] = {
    "files": [], "ranges": [], "globs": [], "not_globs": [], "indexes": [], "tags": [], "not_tags": [], "roles": [],
    "conditions": [], "rest": False,
}  # fmt: skip
KINDS = ("outputs", "steps", "ruled_out", "questions", "undone", "asides")


def answer(**parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a whole answer; what is not given is empty."""
    return {kind: parts.get(kind, []) for kind in KINDS}


def step(
    op: str, quote: str, *, where: dict[str, Any] | None = None, output: str | None = None, **params: Any
) -> dict[str, Any]:
    """Return a step with every parameter that is not given as null."""
    edit = {parameter.name: params.get(parameter.name) for parameter in find_operation(op).parameters}
    return {"quote": quote, "output": output, "where": ANYWHERE | (where or {}), "edit": {"op": op, **edit}}


def ruled_out(op: str, quote: str) -> dict[str, Any]:
    """Return a prohibition for all pictures."""
    return {"quote": quote, "ops": [op], "where": ANYWHERE}
