"""Where overlays stand."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels
from adapters.imaging.draft import Stamp

_SHARES = {"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0}


def placed(colours: Pixels, alpha: Alpha, size: tuple[int, int], params: Mapping[str, Any]) -> Stamp:
    """Put an overlay at its position with its margin and opacity.

    Args:
        size: width and height of the picture.
        params: ``position``, ``margin`` (% of the shorter side) and ``opacity`` (%).
    """
    margin = round(params["margin"] / 100 * min(size))
    height, width = alpha.shape
    words = params["position"].split("-")
    across = next((_SHARES[w] for w in words if w in ("left", "right")), 0.5)
    down = next((_SHARES[w] for w in words if w in ("top", "bottom")), 0.5)
    if params["opacity"] < 100:
        alpha = np.asarray(cv2.convertScaleAbs(alpha, alpha=params["opacity"] / 100), np.uint8)
    return Stamp(
        colours=colours,
        alpha=alpha,
        left=margin + round(across * (size[0] - 2 * margin - width)),
        top=margin + round(down * (size[1] - 2 * margin - height)),
    )
