"""Set black point, white point and mid-tone gamma."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from adapters.imaging.draft import Draft
from adapters.imaging.tone import Curve, curves

KEY = "levels"
MIN_SPAN = 32.0


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Stretch the values between black and white; measured, half a percent is clipped at each end."""
    black, white = params["black"], params["white"]
    if params["auto"]:
        low, high = np.percentile(draft.look().mean(axis=2), (0.5, 99.5))
        black, white = (round(float(low), 1), round(float(high), 1)) if high - low >= MIN_SPAN else (black, white)
    figures = (black, white, params["gamma"])
    draft.adjust(("levels", figures), curves([_stretch(*figures)]))


def _stretch(black: float, white: float, gamma: float) -> Curve:
    low, span = black / 255, (white - black) / 255
    return lambda x: np.clip((x - low) / span, 0.0, 1.0) ** (1.0 / gamma)
