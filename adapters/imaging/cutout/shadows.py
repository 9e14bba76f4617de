"""Cast shadows that were taken for product: found by their soft outer edge and their colour, and cut off."""

from __future__ import annotations

import cv2
import numpy as np

from adapters.imaging.cutout.background import Floats
from adapters.imaging.cutout.evidence import Evidence
from adapters.imaging.cutout.grabcut import around
from adapters.imaging.cutout.masks import Mask, close, main_parts, opened, parts, shrink, touching

WINDOW = 13
SOFT_STEP = 0.10
SOFT_OUTLINE = 0.13
PASSAGE = 4
SMALLEST_PATCH = 60
SMALLEST_SHARE = 0.003
DARKEST, LIGHTEST = 0.3, 0.94


def shadow_coloured(evidence: Evidence, lightest: float) -> Mask:
    """Mark what a shadow on this background may look like, warm shadows on warm backgrounds included.

    Measured along the background's own hue: a shadow keeps at least its share of the chroma and may gain some,
    because the light that reaches it is reflected by the background. Grey plastic on beige has too little.
    `lightest` is the ratio of lightness to the background's from which it is no shadow any more.
    """
    lab, base = evidence.lab, evidence.surface.lab
    ratio = np.clip(lab[..., 0], 1, None) / np.clip(base[..., 0], 1, None)
    chroma = np.sqrt((base[..., 1:] ** 2).sum(axis=-1))
    hue = base[..., 1:] / np.maximum(chroma, 1e-3)[..., None]
    along = (lab[..., 1:] * hue).sum(axis=-1) - chroma * ratio
    across = np.abs(lab[..., 1] * hue[..., 1] - lab[..., 2] * hue[..., 0])
    slack = max(2.0, 1.5 * evidence.surface.noise)
    drop = np.clip(base[..., 0] - lab[..., 0], 0, 32)
    gain = slack + 1 + 0.25 * drop * np.clip(chroma / 4, 0, 1)
    fitting = (along > -slack) & (along < gain) & (across < slack + 0.5)
    return np.asarray(fitting & (ratio < lightest) & (ratio > DARKEST), bool)


def steepness(evidence: Evidence) -> Floats:
    """Return the sharp gradient over the local lightness range: about 0.36 on a step, under 0.1 on a penumbra."""
    kernel = np.ones((WINDOW, WINDOW), np.uint8)
    lightness = np.ascontiguousarray(evidence.lab[..., 0])
    span = cv2.dilate(lightness, kernel) - cv2.erode(lightness, kernel)
    return np.asarray(evidence.sharp / np.maximum(span, 4.0), np.float32)


def _thick(values: Floats) -> Floats:
    return np.asarray(cv2.dilate(values, np.ones((5, 5), np.uint8)), np.float32)


def find_shadow(mask: Mask, evidence: Evidence, steep: Floats) -> Mask:
    """Return the part of a mask that is reached from outside through shadow colours without crossing a step."""
    coloured = shadow_coloured(evidence, LIGHTEST)
    quiet = evidence.sharp < max(0.5, 1.3 * evidence.sharp_noise)
    passable = coloured & (quiet | (cv2.dilate(steep, np.ones((3, 3), np.uint8)) < SOFT_STEP))
    reached = opened(touching(opened(~mask | passable, PASSAGE) | ~mask, ~mask) & mask, 2)
    outline = _thick(steep)
    edge = mask & ~shrink(mask, 1)
    found = np.zeros_like(mask)
    count, labels, stats = parts(reached, connectivity=4)
    for number in range(1, count + 1):
        left, top, width, height, area = (int(value) for value in stats[number])
        if area < SMALLEST_PATCH:
            continue
        window = slice(top, top + height), slice(left, left + width)
        part = labels[window] == number
        outer = part & edge[window]
        if np.count_nonzero(outer) >= 6 and float(np.median(outline[window][outer])) < SOFT_OUTLINE:
            found[window] |= part
    return close(found, 5) & coloured & mask


def _put_back(mask: Mask, cut: Mask, steep: Floats) -> Mask:
    """Undo every removal whose outer boundary is a step: it was a part of the product, not a shadow."""
    outline = _thick(steep)
    edge = mask & ~shrink(mask, 1)
    out = cut.copy()
    count, labels, stats = parts(opened(mask & ~cut, 1), connectivity=4)
    for number in range(1, count + 1):
        left, top, width, height, _ = (int(value) for value in stats[number])
        window = slice(top, top + height), slice(left, left + width)
        part = labels[window] == number
        outer = part & edge[window]
        if not outer.any() or float(np.median(outline[window][outer])) > SOFT_OUTLINE:
            out[window] |= part
    return out


def without_shadow(mask: Mask, evidence: Evidence) -> Mask:
    """Cut the shadows off a mask, and cut once more with the shadow's colour known to be background."""
    steep = steepness(evidence)
    shadow = find_shadow(mask, evidence, steep)
    if np.count_nonzero(shadow) < SMALLEST_SHARE * np.count_nonzero(mask):
        return mask
    cut = around(evidence.rgb, main_parts(opened(mask & ~shadow, 2), 0.02), 2)
    return _put_back(mask, cut & mask, steep)
