"""Raise or lower contrast around middle grey."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.tone import Curve, curves

KEY = "contrast"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Bend (above 0) or flatten (below 0) the tone curve; black and white stay when contrast is raised."""
    amount = params["amount"] / 100
    draft.adjust(("contrast", amount), curves([_curve(amount)]))


def _curve(amount: float) -> Curve:
    if amount <= 0:
        return lambda x: 0.5 + (x - 0.5) * (1 + amount)
    # A blend with the smoothstep keeps the ends, so a white background stays white.
    return lambda x: x + amount * (x * x * (3 - 2 * x) - x)
