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
    or nearly solid is made so, which keeps a background of one colour exactly that colour.
    """
    height, width = guide.shape[:2]
    factor = max(width / alpha.shape[1], height / alpha.shape[0])
    if factor <= 1.0:
        return snapped(resized(alpha, (width, height)))
    coarse = cast("Alpha", cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR))
    radius = 2 * int(np.ceil(factor)) + 1
    rim = np.argwhere((coarse > 0) & (coarse < 255))
    if not len(rim):
        return snapped(coarse)
    (top, left), (bottom, right) = rim.min(axis=0), rim.max(axis=0)
    pad = 2 * radius
    part = np.s_[max(0, top - pad) : bottom + pad + 1, max(0, left - pad) : right + pad + 1]
    grey = cv2.cvtColor(np.ascontiguousarray(guide[part]), cv2.COLOR_RGB2GRAY)
    sharp = _guided(grey.astype(np.float32) / top_value(guide), coarse[part].astype(np.float32) / 255, radius)
    band = cv2.dilate(((coarse[part] > 0) & (coarse[part] < 255)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    result = coarse.copy()
    result[part][band] = np.clip(np.rint(sharp[band] * 255), 0, 255).astype(np.uint8)
    return snapped(result)


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


def cleaned(colours: Pixels, alpha: Alpha, rim_colours: Pixels) -> Pixels:
    """Replace the colours of the rim, where the background shines through, by those of the cut-out.

    Args:
        rim_colours: foreground colours of any smaller size, 8 bits.
    """
    rim = (alpha > 0) & (alpha < 250)
    if not rim.any():
        return colours
    pure = cv2.resize(rim_colours, (colours.shape[1], colours.shape[0]), interpolation=cv2.INTER_LINEAR)
    weight = (alpha[rim].astype(np.float32) / 255)[:, np.newaxis] ** 2
    factor = top_value(colours) // 255
    mixed = colours[rim] * weight + pure[rim].astype(np.float32) * factor * (1 - weight)
    result = colours.copy()
    result[rim] = np.rint(mixed).astype(colours.dtype)
    return result
