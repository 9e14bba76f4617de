"""Level a tilted product."""

import math
from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.tilt import measure_tilt

KEY = "straighten"
MAX_MEASURED = 15.0
MIN_MEASURED = 0.3


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Turn by the given angle, or against the measured tilt (at most 15 degrees)."""
    if params["mode"] == "angle":
        draft.angle = float(params["angle"])
        return
    tilt = draft.shared("tilt", lambda: measure_tilt(draft.look(), draft.look_alpha()))
    if tilt is None:
        draft.note("no_tilt_found", "Nothing straight enough was found to level the picture by.")
    elif abs(tilt) >= MIN_MEASURED:
        draft.angle = -math.copysign(min(abs(tilt), MAX_MEASURED), tilt)
