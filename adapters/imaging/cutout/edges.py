"""The soft edge at full size: how much of each rim pixel is subject, and what colour that part has.

Only the pixels in a narrow band around the working-size boundary are touched, gathered into one long row, so the
cost grows with the outline and not with the area of a 24 MP photo. Because a plain background is smooth, its colour
under the rim is known; the compositing equation I = a F + (1 - a) B is then solved by projection on F - B
(Porter and Duff's "over", solved per pixel for a).
"""

from __future__ import annotations

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.background import Floats
from adapters.imaging.cutout.masks import Mask, grow, rim, shrink

BAND = 3
ROW = 4096
SOFTNESS = 1.2
LOW_CONTRAST = 14.0
OPAQUE_ENOUGH = 0.15


@attrs.frozen(kw_only=True, eq=False)
class Band:
    """The rim pixels of a full-size picture: flat indices, and N values of each working-size layer there."""

    index: NDArray[np.int64]
    distance: Floats
    subject: Floats
    background: Floats


def _spread(values: Floats, known: Mask, sigma: float) -> Floats:
    """Carry colours from the known pixels to their surroundings (normalised convolution at three scales)."""
    weight = known.astype(np.float32)
    total = np.full(weight.shape, 1e-6, np.float32)
    carried = values * 1e-6
    for scale, trust in ((1.0, 1.0), (3.0, 0.02), (9.0, 0.0004)):
        total += trust * cv2.GaussianBlur(weight, (0, 0), sigma * scale)
        carried += trust * cv2.GaussianBlur(values * weight[..., None], (0, 0), sigma * scale)
    return np.asarray(carried / total[..., None], np.float32)


def signed_distance(mask: Mask) -> Floats:
    """Return the distance to the mask's boundary in pixels, positive inside."""
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(inside - outside, np.float32)


def _sample(layer: Floats, x: Floats, y: Floats) -> Floats:
    count = len(x)
    rows = -(-count // ROW)
    grid = np.zeros((2, rows * ROW), np.float32)
    grid[0, :count], grid[1, :count] = x, y
    taken = cv2.remap(
        layer, grid[0].reshape(rows, ROW), grid[1].reshape(rows, ROW), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(taken.reshape(rows * ROW, -1)[:count], np.float32)


def _band(shape: tuple[int, int], work: NDArray[np.uint8], mask: Mask) -> Band:
    height, width = shape
    near = rim(mask, BAND).astype(np.uint8)
    full = cv2.resize(near, (width, height), interpolation=cv2.INTER_NEAREST)
    index = np.flatnonzero(full.ravel())
    x = ((index % width).astype(np.float32) + 0.5) * (mask.shape[1] / width) - 0.5
    y = ((index // width).astype(np.float32) + 0.5) * (mask.shape[0] / height) - 0.5
    colours = work.astype(np.float32)
    distance = cv2.GaussianBlur(signed_distance(mask), (0, 0), 1.0)
    subject = _spread(colours, shrink(mask, 2), 2.0)
    background = _spread(colours, ~grow(mask, 3), 2.0)
    return Band(
        index=index,
        distance=_sample(np.asarray(distance, np.float32), x, y)[:, 0],
        subject=_sample(subject, x, y),
        background=_sample(background, x, y),
    )


def _band_alpha(pixels: Floats, band: Band, step: float) -> Floats:
    """Mix the projected alpha with the geometric one by contrast, and keep it in what the geometry allows."""
    span = band.subject - band.background
    contrast = (span**2).sum(axis=1)
    projected = np.clip(((pixels - band.background) * span).sum(axis=1) / np.maximum(contrast, 1), 0, 1)
    geometric = np.clip(0.5 + band.distance / (2 * step), 0, 1)
    trust = contrast / (contrast + LOW_CONTRAST**2)
    mixed = trust * projected + (1 - trust) * geometric
    lowest = np.clip((band.distance - SOFTNESS) / SOFTNESS, 0, 1)
    highest = 1 - np.clip((-band.distance - SOFTNESS) / SOFTNESS, 0, 1)
    return np.asarray(np.clip(mixed, lowest, highest), np.float32)


def _clean(pixels: Floats, band: Band, alpha: Floats) -> Floats:
    """Take the background's share out of the rim colours; nearly clear pixels get the subject's colour."""
    share = alpha[:, None]
    solved = np.clip((pixels - (1 - share) * band.background) / np.maximum(share, OPAQUE_ENOUGH), 0, 255)
    return np.asarray(share * solved + (1 - share) * band.subject, np.float32)


def refine(rgb: NDArray[np.uint8], work: NDArray[np.uint8], mask: Mask) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the full-size alpha (uint8 HxW) and the foreground (uint8 HxWx3) for a working-size mask."""
    height, width = rgb.shape[:2]
    alpha = np.asarray(
        cv2.resize(mask.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8
    )
    foreground = rgb.copy()
    if not mask.any() or mask.all():
        return alpha, foreground
    band = _band((height, width), work, mask)
    pixels = rgb.reshape(-1, 3)[band.index].astype(np.float32)
    soft = _band_alpha(pixels, band, max(0.5, 0.7 * mask.shape[1] / width))
    alpha.reshape(-1)[band.index] = np.rint(soft * 255).astype(np.uint8)
    foreground.reshape(-1, 3)[band.index] = np.rint(_clean(pixels, band, soft)).astype(np.uint8)
    return alpha, foreground


def decontaminated(rgb: NDArray[np.uint8], work: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the foreground (uint8 HxWx3) for a full-size alpha that came from elsewhere."""
    foreground = rgb.copy()
    size = work.shape[1], work.shape[0]
    mask = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 127, bool)
    if not mask.any() or mask.all():
        return foreground
    band = _band((rgb.shape[0], rgb.shape[1]), work, mask)
    pixels = rgb.reshape(-1, 3)[band.index].astype(np.float32)
    soft = np.asarray(alpha.reshape(-1)[band.index] / 255, np.float32)
    foreground.reshape(-1, 3)[band.index] = np.rint(_clean(pixels, band, soft)).astype(np.uint8)
    return foreground
