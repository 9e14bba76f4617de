"""Shadows drawn from the outline of the subject."""

from collections.abc import Mapping
from typing import Any, cast

import cv2
import numpy as np

from adapters.imaging.arrays import Alpha
from adapters.imaging.subject import alpha_box

# Blurring at a quarter of the size costs a tenth and cannot be seen in something this soft.
COARSE = 4
CONTACT_HEIGHT = 0.10
CONTACT_SQUASH = 0.35


def draw_shadow(subject: Alpha, params: Mapping[str, Any]) -> Alpha | None:
    """Return the opacity of the shadow on the whole canvas, below the subject too; None when there is no subject.

    Args:
        subject: opacity of the subject on the canvas.
        params: of the operation ``shadow``; lengths are shares of the subject's longer side.
    """
    box = alpha_box(subject)
    if box is None:
        return None
    unit = box.longest / 100
    shape = subject if params["type"] == "drop" else _footprint(subject)
    moved = _shifted(shape, params["offset_x"] * unit, params["offset_y"] * unit)
    soft = _blurred(moved, max(params["blur"], 0.2) * unit)
    return cast("Alpha", cv2.LUT(soft, _fading(params["opacity"] / 100)))


def _fading(opacity: float) -> Alpha:
    """Return the table that scales opacity; the last traces, which nobody sees, become exactly nothing."""
    table = np.rint(np.arange(256) * opacity)
    return np.where(table < 2, 0, table).astype(np.uint8)


def _footprint(subject: Alpha) -> Alpha:
    """Return the lowest part of the subject, squashed onto the line it stands on."""
    box = alpha_box(subject)
    if box is None:
        return subject
    height = max(2, round(box.height * CONTACT_HEIGHT))
    base = round(box.bottom)
    top = max(0, base - height)
    strip = subject[top:base]
    flat = max(1, round(height * CONTACT_SQUASH))
    squashed = cv2.resize(strip, (subject.shape[1], flat), interpolation=cv2.INTER_AREA)
    result = np.zeros_like(subject)
    start = min(max(0, base - flat // 2), subject.shape[0] - flat)
    result[start : start + flat] = squashed
    return result


def _shifted(alpha: Alpha, across: float, down: float) -> Alpha:
    matrix = np.array([[1, 0, across], [0, 1, down]], np.float32)
    return cast("Alpha", cv2.warpAffine(alpha, matrix, (alpha.shape[1], alpha.shape[0]), flags=cv2.INTER_LINEAR))


def _blurred(alpha: Alpha, sigma: float) -> Alpha:
    height, width = alpha.shape
    if sigma < 2 * COARSE:
        return cast("Alpha", cv2.GaussianBlur(alpha, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT))
    small = cv2.resize(alpha, (max(1, width // COARSE), max(1, height // COARSE)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / COARSE, borderType=cv2.BORDER_CONSTANT)
    return cast("Alpha", cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))
