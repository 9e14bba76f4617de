"""Typed parameters of an operation: one declaration feeds validation, JSON schema, forms and help."""

import enum
import math
import re
from typing import Any

import attrs

from core.errors import InvalidInputError

NAMED_COLOURS = {"white": "#FFFFFF", "black": "#000000", "grey": "#808080", "gray": "#808080"}


class Kind(enum.StrEnum):
    """What a parameter holds."""

    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    COLOUR = "colour"
    TEXT = "text"
    FLAG = "flag"


@attrs.frozen(kw_only=True)
class Parameter:
    """One named, typed and bounded value of an operation.

    Args:
        name: snake_case key in the step.
        kind: what it holds; a colour is ``#RRGGBB``.
        doc: one sentence for forms, help and the planner.
        unit: px, %, mm, °, EV … ; empty for plain numbers.
        minimum, maximum: inclusive bounds of numbers; ``maximum`` of a text is its length.
        choices: the values of a choice.
        default: what the engine uses when the step does not name it; None means "not set".
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    required: bool = False

    def clean(self, value: Any) -> Any:
        """Return the value in its canonical form.

        Raises:
            InvalidInputError: code ``invalid_parameter``, naming the parameter and what is allowed.
        """
        return _CLEANERS[self.kind](self, value)

    def json_schema(self) -> dict[str, Any]:
        """Describe the value as JSON Schema 2020-12."""
        schema: dict[str, Any] = {"description": f"{self.doc} [{self.unit}]" if self.unit else self.doc}
        schema["type"] = _JSON_TYPES[self.kind]
        if self.kind is Kind.CHOICE:
            schema["enum"] = list(self.choices)
        if self.kind is Kind.COLOUR:
            schema["pattern"] = "^#[0-9A-F]{6}$"
        if self.kind in (Kind.INTEGER, Kind.NUMBER):
            schema |= {k: v for k, v in (("minimum", self.minimum), ("maximum", self.maximum)) if v is not None}
        if self.kind is Kind.TEXT and self.maximum is not None:
            schema["maxLength"] = int(self.maximum)
        if self.default is not None:
            schema["default"] = self.default
        return schema

    def refuse(self, value: Any, allowed: str) -> InvalidInputError:
        """Build the error for a value that does not fit."""
        return InvalidInputError(
            f"{self.name} is {repr(value)[:80]}; {allowed}.",
            code="invalid_parameter",
            details={"parameter": self.name, "value": str(value)[:80]},
        )


_JSON_TYPES = {
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.CHOICE: "string",
    Kind.COLOUR: "string",
    Kind.TEXT: "string",
    Kind.FLAG: "boolean",
}


def _clean_number(parameter: Parameter, value: Any) -> float | int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and not math.isfinite(value)):
        raise parameter.refuse(value, f"a number{_bounds(parameter)} is needed")
    if parameter.kind is Kind.INTEGER and value != int(value):
        raise parameter.refuse(value, f"a whole number{_bounds(parameter)} is needed")
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise parameter.refuse(value, f"allowed is{_bounds(parameter)}")
    # A whole number is written as one, so that a plan reads 2000 and not 2000.0.
    return int(value) if value == int(value) else float(value)


def _bounds(parameter: Parameter) -> str:
    if parameter.minimum is None and parameter.maximum is None:
        return ""
    low = "" if parameter.minimum is None else f"{parameter.minimum:g}"
    high = "" if parameter.maximum is None else f"{parameter.maximum:g}"
    return f" {low}…{high}{' ' + parameter.unit if parameter.unit else ''}"


def _clean_choice(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str) or value not in parameter.choices:
        raise parameter.refuse(value, f"one of {', '.join(parameter.choices)} is needed")
    return value


def _clean_colour(parameter: Parameter, value: Any) -> str:
    text = NAMED_COLOURS.get(value.strip().lower(), value.strip()) if isinstance(value, str) else ""
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(c * 2 for c in text[1:])
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise parameter.refuse(value, "a colour such as #F2F2F2 is needed")
    return text.upper()


def _clean_text(parameter: Parameter, value: Any) -> str:
    limit = int(parameter.maximum or 500)
    if not isinstance(value, str) or not value.strip() or len(value) > limit or not value.isprintable():
        raise parameter.refuse(value, f"a text of 1…{limit} printable characters is needed")
    return value


def _clean_flag(parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise parameter.refuse(value, "true or false is needed")
    return value


_CLEANERS = {
    Kind.INTEGER: _clean_number,
    Kind.NUMBER: _clean_number,
    Kind.CHOICE: _clean_choice,
    Kind.COLOUR: _clean_colour,
    Kind.TEXT: _clean_text,
    Kind.FLAG: _clean_flag,
}


def integer(name: str, doc: str, *, unit: str = "px", low: int = 0, high: int = 30_000) -> Parameter:
    """Declare a whole number."""
    return Parameter(name=name, kind=Kind.INTEGER, doc=doc, unit=unit, minimum=low, maximum=high)


def number(name: str, doc: str, *, unit: str = "", low: float, high: float, default: float | None = None) -> Parameter:
    """Declare a real number."""
    return Parameter(name=name, kind=Kind.NUMBER, doc=doc, unit=unit, minimum=low, maximum=high, default=default)


def choice(name: str, doc: str, *choices: str, default: str | None = None, required: bool = False) -> Parameter:
    """Declare one value out of a closed list."""
    return Parameter(name=name, kind=Kind.CHOICE, doc=doc, choices=choices, default=default, required=required)


def colour(name: str, doc: str, *, default: str | None = None) -> Parameter:
    """Declare an sRGB colour."""
    return Parameter(name=name, kind=Kind.COLOUR, doc=doc, default=default)


def text(name: str, doc: str, *, limit: int = 200, required: bool = False, default: str | None = None) -> Parameter:
    """Declare a short printable text."""
    return Parameter(name=name, kind=Kind.TEXT, doc=doc, maximum=limit, required=required, default=default)


def flag(name: str, doc: str, *, default: bool = False) -> Parameter:
    """Declare a yes or no."""
    return Parameter(name=name, kind=Kind.FLAG, doc=doc, default=default)
