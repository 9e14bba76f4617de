"""Remove grain."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from adapters.imaging.arrays import Pixels
from adapters.imaging.draft import Draft

KEY = "denoise"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Smooth areas without edges, more so the higher the strength."""
    strength = params["strength"] / 100

    def smooth(pixels: Pixels) -> Pixels:
        spread = 8 + 52 * strength
        if pixels.dtype == np.uint16:
            # The bilateral filter knows 8 bits and floats only; floats keep the depth.
            part = cv2.bilateralFilter(pixels.astype(np.float32), 5, spread * 257, 1.5 + 1.5 * strength)
            return np.clip(np.rint(part), 0, 65535).astype(np.uint16)
        return np.asarray(cv2.bilateralFilter(pixels, 5, spread, 1.5 + 1.5 * strength))

    draft.adjust(("denoise", strength), smooth)
