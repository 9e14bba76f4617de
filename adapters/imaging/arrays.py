"""The pixel arrays that operations work on: height x width x 3, uint8 or uint16, in the working colour space."""

from typing import Any, cast

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

Pixels = NDArray[Any]
Alpha = NDArray[np.uint8]


def top_value(pixels: Pixels) -> int:
    """Return the value of white: 255 or 65535."""
    return 65535 if pixels.dtype == np.uint16 else 255


def parse_colour(text: str) -> tuple[int, int, int]:
    """Read ``#RRGGBB``."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def plain(size: tuple[int, int], colour: tuple[int, int, int], *, like: Pixels) -> Pixels:
    """Return an even picture of ``size`` (width, height); the colour is given in 8 bits."""
    width, height = size
    values = [value * (top_value(like) // 255) for value in colour]
    if len(set(values)) == 1:
        return np.full((height, width, 3), values[0], like.dtype)
    canvas: Pixels = np.empty((height, width, 3), like.dtype)
    canvas[:] = np.asarray(values, like.dtype)
    return canvas


def writeable(pixels: Pixels) -> Pixels:
    """Return the array itself, or a copy when it may not be written to."""
    return pixels if pixels.flags.writeable else pixels.copy()


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Scale to ``size`` (width, height): averaging when it shrinks, cubic when it grows."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    kind = cv2.INTER_AREA if size[0] <= pixels.shape[1] else cv2.INTER_CUBIC
    return cast("Pixels", cv2.resize(pixels, size, interpolation=kind))


def to_vips(pixels: Pixels) -> pyvips.Image:
    """Wrap an array without copying it; height x width or height x width x bands."""
    height, width = pixels.shape[:2]
    bands = pixels.shape[2] if pixels.ndim == 3 else 1
    kind = "ushort" if pixels.dtype == np.uint16 else "uchar"
    whole = np.ascontiguousarray(pixels)
    image = pyvips.Image.new_from_memory(whole.data, width, height, bands, kind)
    colour = {1: ("b-w", "grey16"), 2: ("b-w", "grey16"), 3: ("srgb", "rgb16"), 4: ("srgb", "rgb16")}[bands]
    return image.copy(interpretation=colour[kind == "ushort"])


def to_array(image: pyvips.Image) -> Pixels:
    """Compute an image and return its pixels as height x width x bands."""
    pixels = cast("Pixels", image.numpy())
    return pixels if pixels.ndim == 3 else pixels[:, :, np.newaxis]
