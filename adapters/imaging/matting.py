"""Calling the cut-out on the look, and bringing its result to the size of the finished picture."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels, resized, top_value
from adapters.imaging.draft import Matte
from adapters.imaging.geometry import Box
from core.errors import InvalidInputError, ProviderRejectedError

if TYPE_CHECKING:
    from adapters.imaging.cutout.onnx import OnnxCutter

CLEAR, SOLID = 4, 251
GUIDE_EPSILON = 2e-4
STRIP = 512


def cut_subject(look: Pixels, model: Path | None = None) -> Matte:
    """Cut the subject out of the look.

    Args:
        model: an ONNX file to use instead of the built-in method.

    Raises:
        ProviderRejectedError: the model cannot be used.
    """
    # Imported late: only pictures that are cut out pay for loading it.
    from adapters.imaging.cutout import cut_out

    cutout = cut_out(look) if model is None else _cutter(model)(look)
    left, top, width, height = cutout.box
    doubts = tuple(reason.message for reason in cutout.reasons)
    return Matte(
        alpha=cutout.alpha,
        colours=cutout.foreground,
        box=Box(left=left, top=top, width=width, height=height),
        background=cutout.background,
        confidence=float(cutout.confidence),
        doubts=() if cutout.certain else doubts or ("The cut-out is uncertain.",),
    )


@functools.lru_cache(maxsize=1)
def _cutter(model: Path) -> "OnnxCutter":
    from adapters.imaging.cutout.onnx import OnnxCutter

    try:
        return OnnxCutter(model)
    except InvalidInputError as error:
        # The customer's picture is fine; it is the operator's model that is not.
        raise ProviderRejectedError(f"The cut-out model failed: {error.message}.", code="model_failed") from error


def refined(alpha: Alpha, guide: Pixels) -> Alpha:
    """Scale a matte to the size of a picture and draw its rim along the picture's edges.

    A guided filter (He, Sun and Tang 2010, grey guide) with a window of the scale factor; then what is nearly clear
    or nearly solid is made so, which keeps a background of one colour exactly that colour. Strip by strip, because
    the filter's intermediate pictures take many times the memory of the matte.
    """
    height, width = guide.shape[:2]
    factor = max(width / alpha.shape[1], height / alpha.shape[0])
    if factor <= 1.0:
        return snapped(resized(alpha, (width, height)))
    coarse = cast("Alpha", cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR))
    radius = 2 * int(np.ceil(factor)) + 1
    result = coarse.copy()
    for top in range(0, height, STRIP):
        _refine_strip(result, coarse, guide, (top, min(height, top + STRIP), radius))
    return snapped(result)


def _refine_strip(result: Alpha, coarse: Alpha, guide: Pixels, where: tuple[int, int, int]) -> None:
    top, bottom, radius = where
    rim = (coarse[top:bottom] > 0) & (coarse[top:bottom] < 255)
    columns = np.flatnonzero(rim.any(axis=0))
    if not len(columns):
        return
    pad = 2 * radius
    left, right = max(0, int(columns[0]) - pad), min(coarse.shape[1], int(columns[-1]) + pad + 1)
    first, last = max(0, top - pad), min(coarse.shape[0], bottom + pad)
    grey = cv2.cvtColor(np.ascontiguousarray(guide[first:last, left:right]), cv2.COLOR_RGB2GRAY)
    target = coarse[first:last, left:right].astype(np.float32) / 255
    sharp = _guided(grey.astype(np.float32) / top_value(guide), target, radius)[top - first : bottom - first]
    band = cv2.dilate(rim[:, left:right].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    result[top:bottom, left:right][band] = np.clip(np.rint(sharp[band] * 255), 0, 255).astype(np.uint8)


def _guided(guide: Pixels, target: Pixels, radius: int) -> Pixels:
    def mean(values: Pixels) -> Pixels:
        return cast("Pixels", cv2.blur(values, (2 * radius + 1, 2 * radius + 1)))

    mean_guide, mean_target = mean(guide), mean(target)
    slope = (mean(guide * target) - mean_guide * mean_target) / (
        mean(guide * guide) - mean_guide * mean_guide + GUIDE_EPSILON
    )
    return mean(slope) * guide + mean(mean_target - slope * mean_guide)


def snapped(alpha: Alpha) -> Alpha:
    """Make what is nearly clear clear, and what is nearly solid solid."""
    table = np.arange(256, dtype=np.uint8)
    table[:CLEAR], table[SOLID:] = 0, 255
    return cast("Alpha", cv2.LUT(alpha, table))


def cleaned(colours: Pixels, alpha: Alpha, rim_colours: Pixels) -> None:
    """Replace the colours of the rim, where the background shines through, by those of the cut-out; in place.

    Args:
        rim_colours: foreground colours of any smaller size, 8 bits.
    """
    height, width = alpha.shape
    across, down = rim_colours.shape[1] / width, rim_colours.shape[0] / height
    factor = top_value(colours) // 255
    for top in range(0, height, STRIP):
        part = np.s_[top : top + STRIP]
        rim = (alpha[part] > 0) & (alpha[part] < 250)
        if not rim.any():
            continue
        rows, columns = np.nonzero(rim)
        x, y = (columns + 0.5) * across - 0.5, (rows + top + 0.5) * down - 0.5
        pure = _sampled(rim_colours, x.astype(np.float32), y.astype(np.float32))
        weight = (alpha[part][rim].astype(np.float32) / 255)[:, np.newaxis] ** 2
        mixed = colours[part][rim] * weight + pure * factor * (1 - weight)
        colours[part][rim] = np.rint(mixed).astype(colours.dtype)


def _sampled(picture: Pixels, x: Pixels, y: Pixels) -> Pixels:
    """Return the colours at places between pixels, count x 3, as floats."""
    left = np.clip(np.floor(x).astype(np.intp), 0, picture.shape[1] - 1)
    upper = np.clip(np.floor(y).astype(np.intp), 0, picture.shape[0] - 1)
    right, lower = np.minimum(left + 1, picture.shape[1] - 1), np.minimum(upper + 1, picture.shape[0] - 1)
    across = np.clip(x - left, 0, 1)[:, np.newaxis]
    down = np.clip(y - upper, 0, 1)[:, np.newaxis]
    above = picture[upper, left] * (1 - across) + picture[upper, right] * across
    below = picture[lower, left] * (1 - across) + picture[lower, right] * across
    return cast("Pixels", above * (1 - down) + below * down)
