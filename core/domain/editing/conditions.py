"""Conditions on what is measured of a picture: its sides, its shape and its file format."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from core.errors import InvalidInputError

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: abs(a - b) <= 0.01 * abs(b),
    "!=": lambda a, b: abs(a - b) > 0.01 * abs(b),
}
NUMBERS: Mapping[str, Callable[[int, int], float]] = {
    "width": lambda w, h: w,
    "height": lambda w, h: h,
    "long_edge": max,
    "short_edge": min,
    "megapixels": lambda w, h: w * h / 1_000_000,
    "aspect": lambda w, h: w / h,
}
CHOICES = {
    "orientation": ("portrait", "landscape", "square"),
    "format": ("jpeg", "png", "webp", "tiff", "avif", "heic", "psd", "gif", "raw"),
}
PROPERTIES = (*NUMBERS, *CHOICES)


@attrs.frozen(kw_only=True)
class Condition:
    """One comparison, such as ``long_edge < 3000`` or ``orientation == landscape``.

    Args:
        property: one of ``PROPERTIES``; lengths in pixels.
        operator: one of ``OPERATORS``; only ``==`` and ``!=`` for an orientation or a format.
        value: a number, an aspect such as ``4:5``, or one of the choices.
    """

    property: str
    operator: str
    value: str

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if self.property not in PROPERTIES or self.operator not in OPERATORS:
            known = f"{', '.join(PROPERTIES)} with {' '.join(OPERATORS)}"
            raise InvalidInputError(f"A condition compares one of {known}.", code="invalid_condition")
        choices = CHOICES.get(self.property)
        if choices is not None and (self.value not in choices or self.operator not in ("==", "!=")):
            raise InvalidInputError(
                f"{self.property} is compared by == or != with one of {', '.join(choices)}.", code="invalid_condition"
            )
        if choices is None and number(self.value) is None:
            raise InvalidInputError(f"{self.value[:40]!r} is not a number.", code="invalid_condition")

    def holds(self, *, width: int, height: int, format: str) -> bool | None:
        """Whether a picture of a size in pixels and a format fulfils it; None when that is not known."""
        if self.property in CHOICES:
            if self.property == "orientation":
                own = "" if not (width and height) else _orientation(width, height)
            else:
                own = format
            return None if not own else (own == self.value) is (self.operator == "==")
        wanted = number(self.value)
        if not (width and height) or wanted is None:
            return None
        return OPERATORS[self.operator](NUMBERS[self.property](width, height), wanted)

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.property} {self.operator} {self.value}"


def _orientation(width: int, height: int) -> str:
    if abs(width - height) <= 0.01 * max(width, height):
        return "square"
    return "landscape" if width > height else "portrait"


def number(value: str) -> float | None:
    """Read ``3000``, ``0.5`` or an aspect such as ``4:5``; None when it is neither."""
    if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?([:/]\d{1,5}(\.\d{1,4})?)?", value):
        return None
    left, _, right = value.replace("/", ":").partition(":")
    return float(Fraction(left) / Fraction(right)) if right and Fraction(right) else None if right else float(left)


def read_condition(text: str) -> Condition:
    """Read ``long_edge < 3000``.

    Raises:
        InvalidInputError: code ``invalid_condition``.
    """
    found = re.fullmatch(r"\s*([a-z_]+)\s*(<=|>=|==|!=|<|>|=)\s*([\w.:/]+)\s*", text)
    if found is None:
        raise InvalidInputError("A condition is written as long_edge < 3000.", code="invalid_condition")
    operator = "==" if found[2] == "=" else found[2]
    return Condition(property=found[1], operator=operator, value=found[3])
