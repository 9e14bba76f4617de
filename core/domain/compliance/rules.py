"""One dated rule of a marketplace: what is measured, against which limit, and how far the fact is trusted."""

import datetime as dt
import enum
import math
import re
from typing import Any

import attrs

from core.domain.compliance.measures import MEASURES, Kind, Measure
from core.errors import InvalidInputError

ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
Limit = int | float | bool | str | tuple[float, float] | tuple[str, ...]


class Operator(enum.StrEnum):
    """How a measured value is held against the limit; ``manual`` rules are judged by a person."""

    MIN = "min"
    MAX = "max"
    EQUALS = "equals"
    BETWEEN = "between"
    ONE_OF = "one_of"
    MANUAL = "manual"


class Severity(enum.StrEnum):
    """A hard rule decides about the verdict; advice does not."""

    HARD = "hard"
    ADVICE = "advice"


class Trust(enum.StrEnum):
    """How a fact became known; ``house`` rules are the product's own practice and no operator's claim."""

    OPERATOR = "O"
    DEVELOPER = "D"
    SECOND_HAND = "S"
    DISPUTED = "S?"
    UNVERIFIED = "U"
    HOUSE = "H"

    @property
    def is_unverified(self) -> bool:
        """Whether a report that rests on the fact has to say so."""
        return self in (Trust.DISPUTED, Trust.UNVERIFIED)


OPERATORS = {
    Kind.NUMBER: frozenset({Operator.MIN, Operator.MAX, Operator.EQUALS, Operator.BETWEEN}),
    Kind.TEXT: frozenset({Operator.EQUALS, Operator.ONE_OF}),
    Kind.FLAG: frozenset({Operator.EQUALS}),
}


@attrs.frozen(kw_only=True)
class Rule:
    """One fact about what a marketplace accepts.

    Args:
        id: stable snake_case name, unique in its profile.
        measure: name in the measure catalogue; None for a manual rule.
        value: the limit in the unit of the measure; a pair (low, high) for ``between``; None for a manual rule.
        unit: px, pixels, bytes, share (0…1), ratio (width / height), dpi, bits; empty for text and flags.
        tolerance: slack on both sides of ``equals`` and ``between``, in the same unit.
        purpose: what the limit is good for, e.g. ``for zoom``; it is then required for that and nothing else.
        statement: the sentence of a manual rule.
        source: short name of the page or the people who say so; checked_on is the day on which it was read.
        effective_from: first day in force; effective_until: first day no longer in force.

    Raises:
        InvalidInputError: code ``invalid_rule``; ``details["field"]`` names the field.
    """

    id: str
    operator: Operator
    severity: Severity
    source: str
    trust: Trust
    checked_on: dt.date
    measure: str | None = None
    value: Limit | None = None
    unit: str = ""
    tolerance: float = 0.0
    purpose: str = ""
    statement: str = ""
    note: str = ""
    effective_from: dt.date | None = None
    effective_until: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that could not be checked or explained."""
        self._require(ID.fullmatch(self.id), "id", "a snake_case name of at most 60 letters, digits and underscores")
        self._require(self.source, "source", "where the fact comes from")
        house_is_advice = self.trust is not Trust.HOUSE or self.severity is Severity.ADVICE
        self._require(house_is_advice, "severity", "advice, because a house rule cannot make a picture not compliant")
        ordered = not (self.effective_from and self.effective_until) or self.effective_from < self.effective_until
        self._require(ordered, "effective_until", "a day after effective_from")
        if self.operator is Operator.MANUAL:
            self._require(self.statement, "statement", "a sentence saying what a person has to look at")
            self._require(self.measure is None, "measure", "absent from a rule that is not checkable")
            self._require(self.value is None, "value", "absent from a rule that is not checkable")
            return
        self._check_limit(self._known_measure())

    def is_over(self, on: dt.date) -> bool:
        """Whether a later value has replaced the rule."""
        return self.effective_until is not None and on >= self.effective_until

    def is_future(self, on: dt.date) -> bool:
        """Whether the rule is announced and not yet in force."""
        return self.effective_from is not None and on < self.effective_from

    def _known_measure(self) -> Measure:
        known = MEASURES.get(self.measure or "")
        if known is None:
            self._require(None, "measure", f"one of {', '.join(MEASURES)}")
            raise AssertionError
        return known

    def _check_limit(self, measure: Measure) -> None:
        allowed = OPERATORS[measure.kind]
        names = ", ".join(o for o in Operator if o in allowed)
        self._require(self.operator in allowed, "operator", f"one of {names} for {measure.name}")
        self._require(self.unit == measure.unit, "unit", f"{measure.unit!r} for {measure.name}")
        self._require(self._fits(measure.kind), "value", _expected(measure.kind, self.operator))
        self._require(
            not self.tolerance or self._may_have_slack(measure), "tolerance", "0 or more, on equals and between"
        )

    def _may_have_slack(self, measure: Measure) -> bool:
        numeric = measure.kind is Kind.NUMBER and self.operator in (Operator.EQUALS, Operator.BETWEEN)
        return numeric and math.isfinite(self.tolerance) and self.tolerance > 0

    def _fits(self, kind: Kind) -> bool:
        value: Any = self.value
        if self.operator is Operator.BETWEEN:
            return isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
        if self.operator is Operator.ONE_OF:
            return isinstance(value, tuple) and len(value) > 0 and all(isinstance(v, str) and v for v in value)
        if kind is Kind.NUMBER:
            return _is_number(value)
        return isinstance(value, bool if kind is Kind.FLAG else str)

    def _require(self, condition: object, field: str, expected: str) -> None:
        if not condition:
            raise InvalidInputError(
                f"Rule {self.id!r}: {field} is {getattr(self, field)!r}; expected {expected}.",
                code="invalid_rule",
                details={"rule": self.id, "field": field},
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _expected(kind: Kind, operator: Operator) -> str:
    if operator is Operator.BETWEEN:
        return "two numbers, the lower one first"
    if operator is Operator.ONE_OF:
        return "a list of at least one text"
    return {Kind.NUMBER: "a finite number", Kind.TEXT: "a text", Kind.FLAG: "true or false"}[kind]
