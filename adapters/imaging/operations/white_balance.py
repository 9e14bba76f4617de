"""Remove a colour cast."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from adapters.imaging.draft import Draft
from adapters.imaging.tone import curves, linear_gain

KEY = "white_balance"
MAX_GAIN = 2.0


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Make the background, or the given point, neutral: each channel is scaled in linear light."""
    look = draft.look()
    neutral = _at_point(look, params["x"], params["y"]) if params["mode"] == "point" else _background(look)
    linear = (neutral / 255.0) ** 2.2
    gains = np.clip(linear.max() / np.maximum(linear, 1e-4), 1.0, MAX_GAIN)
    # Gains are scaled so that brightness stays: a cast is removed, exposure is another operation.
    gains = gains / float(np.dot(gains, linear) / max(linear.sum(), 1e-6))
    rounded = tuple(round(float(g), 4) for g in gains)
    draft.adjust(("white_balance", rounded), curves([linear_gain(g) for g in rounded]))


def _at_point(look: np.ndarray[Any, Any], across: float, down: float) -> np.ndarray[Any, Any]:
    height, width = look.shape[:2]
    x, y = int(across / 100 * (width - 1)), int(down / 100 * (height - 1))
    reach = max(2, max(width, height) // 200)
    part = look[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    return np.asarray(part.reshape(-1, 3).mean(axis=0))


def _background(look: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the median colour of the border, left alone where it is clipped."""
    height, width = look.shape[:2]
    band = max(2, max(width, height) // 50)
    sides = (look[:band], look[-band:], look[:, :band], look[:, -band:])
    border = np.concatenate([side.reshape(-1, 3) for side in sides])
    usable = border[(border.max(axis=1) < 254) & (border.min(axis=1) > 20)]
    return np.asarray(np.median(usable if len(usable) > 0.05 * len(border) else border, axis=0))
