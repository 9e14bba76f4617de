"""Tone curves: one table per channel, made from a function of 0…1, for 8 and 16 bits."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.arrays import Pixels, top_value

Floats = NDArray[np.floating[Any]]
Curve = Callable[[Floats], Floats]
# The sRGB transfer function is close enough to this power for gains, and has no kink that a table could show.
GAMMA = 2.2


def linear_gain(gain: float) -> Curve:
    """Return the curve that multiplies light (not values) by ``gain``."""
    return lambda x: x * gain ** (1 / GAMMA)


def curves(channels: Sequence[Curve]) -> Callable[[Pixels], Pixels]:
    """Return an adjustment that runs one curve over all channels, or one over each of the three."""

    def adjust(pixels: Pixels) -> Pixels:
        top = top_value(pixels)
        steps = np.arange(top + 1) / top
        tables = [np.clip(np.rint(curve(steps) * top), 0, top).astype(pixels.dtype) for curve in channels]
        if pixels.dtype == np.uint8:
            table = tables[0] if len(tables) == 1 else np.stack(tables, axis=-1)[:, np.newaxis, :]
            return np.asarray(cv2.LUT(pixels, table))
        planes = [tables[i % len(tables)][pixels[:, :, i]] for i in range(pixels.shape[2])]
        return np.stack(planes, axis=-1)

    return adjust
