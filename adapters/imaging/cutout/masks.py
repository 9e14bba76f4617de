"""Small operations on boolean masks, all deterministic and all on whole arrays."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


def disc(radius: int) -> NDArray[np.uint8]:
    """Return an elliptical structuring element of side 2*radius+1 pixels."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)


def grow(mask: Mask, radius: int) -> Mask:
    """Dilate a mask by a disc of `radius` pixels."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(radius)), bool) if radius > 0 else mask


def shrink(mask: Mask, radius: int) -> Mask:
    """Erode a mask by a disc of `radius` pixels; the frame does not erode, so a subject cut by it stays whole there."""
    return np.asarray(cv2.erode(mask.astype(np.uint8), disc(radius)), bool) if radius > 0 else mask


def close(mask: Mask, radius: int) -> Mask:
    """Bridge gaps up to 2*radius pixels; padded, so that the frame does not attract the mask."""
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), radius, radius, radius, radius, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc(radius))
    return np.asarray(closed[radius:-radius, radius:-radius], bool)


def opened(mask: Mask, radius: int) -> Mask:
    """Remove structures thinner than 2*radius pixels."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(radius)), bool)


def touching(allowed: Mask, seeds: Mask, connectivity: int = 4) -> Mask:
    """Return the connected parts of `allowed` that contain at least one seed."""
    count, labels = cv2.connectedComponents(allowed.astype(np.uint8), connectivity=connectivity)
    hit = np.zeros(count, bool)
    hit[labels[seeds]] = True
    hit[0] = False
    return np.asarray(hit[labels], bool)


def filled(mask: Mask) -> Mask:
    """Close every hole that the frame cannot reach."""
    outside = np.pad(~mask, 1, constant_values=True)
    corner = np.zeros_like(outside)
    corner[0, 0] = True
    return np.asarray(~touching(outside, corner)[1:-1, 1:-1], bool)


def parts(mask: Mask, connectivity: int = 8) -> tuple[int, Labels, NDArray[Any]]:
    """Label a mask: the number of parts, the label image, and one row (left, top, width, height, area) per label."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=connectivity)
    return count - 1, np.asarray(labels, np.int32), np.asarray(stats)


def main_parts(mask: Mask, share: float) -> Mask:
    """Keep the largest part and every part at least `share` of its area."""
    count, labels, stats = parts(mask)
    if count < 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= share * areas.max()
    keep[0] = False
    return np.asarray(keep[labels], bool)


def hysteresis(values: NDArray[np.float32], low: float, high: float) -> Mask:
    """Return the parts above `low` that reach `high` somewhere."""
    return touching(values > low, values > high, connectivity=8)


def overlap(first: Mask, second: Mask) -> float:
    """Intersection over union; two empty masks agree fully."""
    union = int(np.count_nonzero(first | second))
    return float(np.count_nonzero(first & second)) / union if union else 1.0


def rim(mask: Mask, radius: int = 1) -> Mask:
    """Return the pixels within `radius` of the mask's boundary, on both sides."""
    return grow(mask, radius) & ~shrink(mask, radius)


def frame(shape: tuple[int, int], width: int) -> Mask:
    """Return the pixels within `width` of the picture's edge."""
    out = np.ones(shape, bool)
    if min(shape) > 2 * width:
        out[width:-width, width:-width] = False
    return out
