"""The JSON Schema of a plan as a language model writes it, made from the operation catalogue.

It keeps to what every provider can enforce: each property is required and may be null, nothing else is allowed,
and bounds stand in the descriptions; whatever comes back is checked by the catalogue itself.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.conditions import OPERATORS, PROPERTIES
from core.domain.editing.operation import Operation
from core.domain.editing.parameters import Kind, Parameter
from core.domain.editing.provided import TITLES
from core.domain.editing.scope import ROLES

QUOTE = "The words of the brief that ask for it, copied letter by letter."
TYPES = {Kind.INTEGER: "integer", Kind.NUMBER: "number", Kind.FLAG: "boolean"}


def _object(properties: Mapping[str, Any], about: str = "") -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"description": about, **schema} if about else schema


def _list(items: Mapping[str, Any], about: str = "") -> dict[str, Any]:
    schema = {"type": "array", "items": dict(items)}
    return {"description": about, **schema} if about else schema


def _text(about: str = "") -> dict[str, Any]:
    return {"type": "string", "description": about} if about else {"type": "string"}


def _maybe(about: str = "") -> dict[str, Any]:
    return {**_text(about), "type": ["string", "null"]}


def _edit(operation: Operation) -> dict[str, Any]:
    parameters = {p.name: _parameter(p) for p in operation.parameters}
    return _object({"op": {"type": "string", "enum": [operation.key]}, **parameters}, operation.summary)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": [TYPES.get(parameter.kind, "string"), "null"], "description": _about(parameter)}
    if parameter.kind is Kind.CHOICE:
        schema["enum"] = [*parameter.choices, None]
    return schema


def _about(parameter: Parameter) -> str:
    low, high = parameter.minimum, parameter.maximum
    bounds = "" if low is None or high is None else f"{low:g} to {high:g} {parameter.unit}".strip()
    form = "#RRGGBB" if parameter.kind is Kind.COLOUR else bounds
    return f"{parameter.doc} ({form})" if form else parameter.doc


def _where() -> dict[str, Any]:
    span = _object({"first": {"type": "integer"}, "last": {"type": "integer"}})
    names = _object({"first": _text(), "last": _text()})
    condition = _object(
        {
            "property": {"type": "string", "enum": list(PROPERTIES)},
            "operator": {"type": "string", "enum": list(OPERATORS)},
            "value": _text(),
        }
    )
    return _object(
        {
            "files": _list(_text(), "Names as they stand in the list of files."),
            "ranges": _list(names, "First and last name."),
            "globs": _list(_text(), "Patterns such as IMG_12*."),
            "not_globs": _list(_text()),
            "indexes": _list(span, "Positions from 1; negative ones count from the end."),
            "tags": _list(_text(), "What the pictures show, in words of the list of tags."),
            "not_tags": _list(_text()),
            "roles": _list({"type": "string", "enum": list(ROLES)}),
            "conditions": _list(condition),
            "rest": {"type": "boolean", "description": "All that nothing else in the plan names."},
        },
        "Which pictures; empty lists and false mean all.",
    )


@cache
def plan_schema() -> Mapping[str, Any]:
    """Return the schema; the same catalogue gives the same schema, letter by letter."""
    step = _object(
        {
            "quote": _text(QUOTE),
            "output": _maybe("Name of the output that alone gets it; null for all."),
            "where": _where(),
            "edit": {"anyOf": [_edit(operation) for operation in OPERATIONS.values()]},
        }
    )
    output = _object({"name": _text("Letters, digits, dashes."), "folder": _maybe("Folder in the delivery.")})
    ruled_out = _object(
        {
            "quote": _text(QUOTE),
            "ops": _list({"type": "string", "enum": list(OPERATIONS)}),
            "where": _where(),
        }
    )
    question = _object({"quote": _text(QUOTE), "about": _text("One question, in the language of the brief.")})
    undone = _object(
        {
            "quote": _text(QUOTE),
            "wish": {"type": ["string", "null"], "enum": [*TITLES, None]},
            "reason": _text("Why not, in one short sentence."),
        }
    )
    aside = _object({"quote": _text(QUOTE)})
    return _object(
        {
            "outputs": _list(output, "Only when the brief asks for several deliverables of each picture."),
            "steps": _list(step),
            "ruled_out": _list(ruled_out, "What must not be done."),
            "questions": _list(question, "What the brief leaves open and nobody may guess."),
            "undone": _list(undone, "Wishes that no operation fulfils."),
            "asides": _list(aside, "Greetings, thanks and background that ask for nothing."),
        }
    )
