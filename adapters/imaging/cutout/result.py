"""What a background removal returns: the cut-out, how far it can be trusted, and why not."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray


@attrs.frozen(kw_only=True)
class Reason:
    """One finding that keeps a cut-out from being shipped unseen: the measured value and the limit it crossed."""

    code: str
    message: str
    value: float
    limit: float


@attrs.frozen(kw_only=True, eq=False)
class Cutout:
    """A subject cut from its background.

    `alpha` is uint8 HxW; `foreground` is uint8 HxWx3 sRGB whose rim no longer carries background colour;
    `confidence` is the calibrated probability (0..1) that the mask overlaps the true one by IoU >= 0.95;
    `box` is (left, top, width, height) in pixels; `background` is the estimated sRGB background colour;
    `reasons` is empty exactly when `certain` is true.
    """

    alpha: NDArray[np.uint8]
    foreground: NDArray[np.uint8]
    confidence: float
    certain: bool
    reasons: tuple[Reason, ...]
    box: tuple[int, int, int, int]
    background: tuple[int, int, int]
    measures: Mapping[str, float] = attrs.field(factory=dict)
