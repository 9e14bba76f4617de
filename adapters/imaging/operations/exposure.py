"""Make the picture brighter or darker."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from adapters.imaging.draft import Draft
from adapters.imaging.tone import curves, linear_gain

KEY = "exposure"
MAX_STOPS = 1.5
TARGET = 245


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Scale linear light by stops; measured, the brightest half percent becomes nearly white."""
    if params["mode"] == "ev":
        stops = float(params["ev"])
    else:
        bright = float(np.percentile(draft.look().max(axis=2), 99.5))
        stops = 2.2 * math.log2(TARGET / max(bright, 1.0))
        stops = round(min(max(stops, -MAX_STOPS), MAX_STOPS), 3)
    draft.adjust(("exposure", stops), curves([linear_gain(2.0**stops)]))
