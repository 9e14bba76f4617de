"""Raise or lower the strength of colours."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from adapters.imaging.arrays import Pixels
from adapters.imaging.draft import Draft

KEY = "saturation"
# Rec. 709 luma: grey stays grey, and -100 gives the usual black and white.
LUMA = np.array([0.2126, 0.7152, 0.0722])


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Move every colour away from (or towards) its own grey."""
    factor = 1 + params["amount"] / 100
    matrix = (factor * np.eye(3) + (1 - factor) * np.tile(LUMA, (3, 1))).astype(np.float32)

    def saturate(pixels: Pixels) -> Pixels:
        return np.asarray(cv2.transform(pixels, matrix))

    draft.adjust(("saturation", params["amount"]), saturate)
