"""An operation: what one kind of step does, with its parameters, place in the pipeline and price."""

import enum
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from core.domain.editing.parameters import Parameter
from core.errors import InvalidInputError

Params = Mapping[str, Any]


class Stage(enum.IntEnum):
    """Where in the pipeline an operation runs; steps of one stage run in the order in which they are listed.

    Running by stage keeps every plan sane whatever the order of the sentences that caused it: a cut-out is
    made on the corrected picture, sharpening follows the last resize, encoding comes last.
    """

    ORIENT = 10
    TURN = 15
    ADJUST = 20
    CUT_OUT = 40
    STRAIGHTEN = 45
    FRAME = 50
    PLACE = 60
    COMPOSE = 70
    FINISH = 80
    OVERLAY = 85
    DELIVER = 90


@attrs.frozen(kw_only=True)
class Operation:
    """One entry of the catalogue.

    Args:
        key: dotted name used in plans.
        title: a few plain words for lists and cards.
        summary: one sentence for help, forms and the planner.
        parameters: all of them; a step may name any subset.
        stage: where it runs.
        price_key: the operation of the price list that a hosted engine charges; None when included.
        needs: parameter names of which at least one must be set; empty when none is needed.
        is_repeatable: whether several such steps may work on one picture; otherwise the most specific one wins.
        rule: extra check over the whole set of parameters, returning what is wrong or None.
    """

    key: str
    title: str
    summary: str
    stage: Stage
    parameters: tuple[Parameter, ...] = ()
    price_key: str | None = None
    needs: tuple[str, ...] = ()
    is_repeatable: bool = False
    rule: Callable[[Params], str | None] | None = None

    def parameter(self, name: str) -> Parameter:
        """Look up a parameter.

        Raises:
            InvalidInputError: code ``unknown_parameter``.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(p.name for p in self.parameters) or "none"
        raise InvalidInputError(
            f"{self.key} has no parameter {name!r}; it has {known}.",
            code="unknown_parameter",
            details={"operation": self.key, "parameter": name},
        )

    def clean(self, params: Params) -> dict[str, Any]:
        """Validate parameters and bring them to canonical form (None values are dropped).

        Raises:
            InvalidInputError: an unknown, ill-typed, missing or contradictory parameter.
        """
        cleaned = {name: self.parameter(name).clean(value) for name, value in params.items() if value is not None}
        missing = [p.name for p in self.parameters if p.required and p.name not in cleaned]
        if missing or (self.needs and not any(name in cleaned for name in self.needs)):
            wanted = ", ".join(missing or self.needs)
            raise InvalidInputError(
                f"{self.key} needs {'' if missing else 'one of '}{wanted}.",
                code="missing_parameter",
                details={"operation": self.key, "parameters": list(missing or self.needs)},
            )
        problem = self.rule(cleaned) if self.rule else None
        if problem:
            raise InvalidInputError(f"{self.key}: {problem}.", code="invalid_step", details={"operation": self.key})
        return dict(sorted(cleaned.items()))

    def filled(self, params: Params) -> dict[str, Any]:
        """Return the parameters with every default written out (None where there is none)."""
        return {p.name: params.get(p.name, p.default) for p in self.parameters}

    def json_schema(self) -> dict[str, Any]:
        """Describe a step of this operation as JSON Schema 2020-12."""
        return {
            "type": "object",
            "description": self.summary,
            "properties": {p.name: p.json_schema() for p in self.parameters},
            "required": [p.name for p in self.parameters if p.required],
            "additionalProperties": False,
        }
