"""Graph cuts on the flattened picture, where a plain background is one colour whatever its gradient was."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.background import Floats
from adapters.imaging.cutout.masks import Mask, filled, grow, main_parts, shrink

SEED = 20240229
SMALLEST_SEED = 20


def flattened(lab: Floats, background: Floats) -> NDArray[np.uint8]:
    """Return the signed departure from the background as bytes, small departures stretched (log scale).

    Near-white parts on white differ by a few Lab units: linear bytes would hide them behind the black parts.
    """
    difference = lab - background
    stretched = 32 * np.sign(difference) * np.log1p(np.abs(difference) / 2)
    return np.asarray(np.clip(stretched + 128, 0, 255), np.uint8)


def _run(picture: NDArray[np.uint8], labels: NDArray[np.uint8], rounds: int) -> Mask | None:
    cv2.setRNGSeed(SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(picture, labels, (0, 0, 1, 1), models[0], models[1], rounds, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return None
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), bool)


def from_frame(picture: NDArray[np.uint8], long_side: int) -> Mask:
    """Cut with nothing known but that the outermost 3 % are background."""
    height, width = picture.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    margin = max(1, int(0.03 * min(size)))
    labels = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    labels[margin:-margin, margin:-margin] = cv2.GC_PR_FGD
    if not (labels == cv2.GC_PR_FGD).any():
        return np.zeros((height, width), bool)
    found = _run(np.asarray(small, np.uint8), labels, 3)
    if found is None:
        return np.zeros((height, width), bool)
    found = main_parts(filled(found), 0.02)
    return np.asarray(cv2.resize(found.astype(np.float32), (width, height)) > 0.5, bool)


def around(picture: NDArray[np.uint8], seed: Mask, rounds: int) -> Mask:
    """Improve a mask by a graph cut that may move its boundary within about 2.5 % of the long side.

    Only the seed's surroundings are cut: farther pixels are known background and would cost time.
    """
    radius = max(3, int(0.012 * max(seed.shape)))
    reach = grow(grow(seed, radius), radius)
    core = shrink(seed, radius)
    if np.count_nonzero(core) < SMALLEST_SEED or np.count_nonzero(~reach) < SMALLEST_SEED:
        return seed
    labels = np.where(seed, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[~reach] = cv2.GC_BGD
    labels[core] = cv2.GC_FGD
    rows, columns = np.flatnonzero(reach.any(axis=1)), np.flatnonzero(reach.any(axis=0))
    pad = 2 * radius
    top, bottom = max(0, rows[0] - pad), min(seed.shape[0], rows[-1] + pad + 1)
    left, right = max(0, columns[0] - pad), min(seed.shape[1], columns[-1] + pad + 1)
    part = np.ascontiguousarray(labels[top:bottom, left:right])
    found = _run(np.ascontiguousarray(picture[top:bottom, left:right]), part, rounds)
    if found is None:
        return seed
    out = np.zeros_like(seed)
    out[top:bottom, left:right] = found
    return main_parts(filled(out), 0.02)
