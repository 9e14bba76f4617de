"""How probable it is that a mask is good: a small logistic regression over the measures, and hard gates."""

from __future__ import annotations

import functools
import json
import math
from importlib import resources

import attrs

from adapters.imaging.cutout.result import Reason

GATED = 0.2


@attrs.frozen(kw_only=True)
class Model:
    """A logistic regression: per measure a centre, a scale and a weight, and an intercept; `ship` is the threshold."""

    names: tuple[str, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    ship: float

    def probability(self, measures: dict[str, float]) -> float:
        """Return the probability that the mask's IoU is at least 0.95; standardised measures are clipped at 4."""
        total = self.intercept
        for name, centre, scale, weight in zip(self.names, self.centres, self.scales, self.weights, strict=True):
            total += weight * max(-4.0, min(4.0, (measures[name] - centre) / scale))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@attrs.frozen(kw_only=True)
class Gate:
    """A limit on one measure that flags a cut-out whatever the probability says."""

    code: str
    measure: str
    limit: float
    above: bool
    message: str

    def fires(self, measures: dict[str, float]) -> bool:
        """Return whether the measure is known and beyond the limit."""
        value = measures.get(self.measure, self.limit)
        return value > self.limit if self.above else value < self.limit


GATES = (
    Gate(code="no_subject", measure="area", limit=0.003, above=False, message="No subject was found."),
    Gate(code="fills_frame", measure="area", limit=0.9, above=True, message="The subject fills the frame."),
    Gate(code="touches_frame", measure="sides", limit=0.5, above=True, message="The subject touches the frame."),
    Gate(code="scene", measure="inliers", limit=0.6, above=False, message="The border is not a plain background."),
    Gate(code="scene", measure="noise", limit=7.0, above=True, message="The background is not plain."),
    Gate(code="scene", measure="stray_colour", limit=18.0, above=True, message="The background is not even."),
    Gate(code="clutter", measure="stray_edges", limit=0.06, above=True, message="There is more beside the subject."),
)


@functools.cache
def shipped_model() -> Model:
    """Read the weights that come with the package."""
    text = resources.files("adapters.imaging.cutout").joinpath("confidence.json").read_text("utf-8")
    data = json.loads(text)
    return Model(
        names=tuple(data["names"]),
        centres=tuple(data["centres"]),
        scales=tuple(data["scales"]),
        weights=tuple(data["weights"]),
        intercept=data["intercept"],
        ship=data["ship"],
    )


def tempered(measures: dict[str, float], probability: float) -> float:
    """Limit a probability where a gate fires: among such training pictures few masks were good."""
    return min(probability, GATED) if any(gate.fires(measures) for gate in GATES) else probability


def reasons(measures: dict[str, float], probability: float, ship: float) -> tuple[Reason, ...]:
    """List what speaks against shipping the mask unseen."""
    found = [
        Reason(code=gate.code, message=gate.message, value=measures[gate.measure], limit=gate.limit)
        for gate in GATES
        if gate.fires(measures)
    ]
    if probability < ship:
        message = "The cut-out may not be exact."
        found.append(Reason(code="low_confidence", message=message, value=probability, limit=ship))
    return tuple(found)
