"""One picture to be rendered: decoded as cheaply as the plan allows, shared by all its outputs."""

import io
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import attrs
import cv2
import numpy as np
import pyvips
from PIL import Image

from adapters.imaging.arrays import Alpha, Pixels, to_array, to_vips
from adapters.imaging.colour import to_space
from adapters.imaging.geometry import Box
from adapters.imaging.intake import Header, read_header
from adapters.imaging.jpeg import decode, is_ordinary
from adapters.imaging.limits import Limits
from adapters.imaging.loaders import open_picture

T = TypeVar("T")
PROFILE = "icc-profile-data"
LOOK_EDGE = 1024
SHRINKS = (8, 4, 2, 1)


@attrs.frozen(kw_only=True)
class Reading:
    """How pixels are read.

    Args:
        space: ``srgb``, ``adobe-rgb`` or ``display-p3``.
        is_deep: 16 bits per channel.
        shrink: the decoding step, from ``Source.shrink_for``.
    """

    space: str = "srgb"
    is_deep: bool = False
    shrink: int = 1


@attrs.define(eq=False)
class Source:
    """A picture on disk, and what has been computed from it so far.

    Args:
        header: the opened file.
        is_shared: whether several outputs read the pixels, so that they are decoded once into memory.
    """

    header: Header
    is_shared: bool = False
    _memo: dict[Hashable, Any] = attrs.field(factory=dict, init=False)
    _decoded: dict[int, pyvips.Image] = attrs.field(factory=dict, init=False)

    @staticmethod
    def open(path: Path, limits: Limits) -> "Source":
        """Open a picture after checking its header.

        Raises:
            InvalidInputError, UnsupportedTypeError, TooLargeError: the picture is refused.
        """
        return Source(read_header(path, limits))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored."""
        return self.header.size

    @property
    def is_deep(self) -> bool:
        """Whether the file has more than 8 bits per channel."""
        return str(self.header.image.format) not in ("uchar", "char")

    def memo(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what was computed under this key before, or compute it."""
        if key not in self._memo:
            self._memo[key] = compute()
        found: T = self._memo[key]
        return found

    def shrink_for(self, scale: float) -> int:
        """Return the largest decoding step that still gives every pixel needed at ``scale``."""
        if self.header.format != "jpeg":
            return 1
        return next((s for s in SHRINKS if scale * s <= 1.0 + 1e-9), 1)

    def _opened(self, shrink: int, *, keep: bool) -> pyvips.Image:
        if shrink in self._decoded:
            return self._decoded[shrink]
        image = self._ordinary_jpeg(shrink)
        if image is not None:
            if keep:
                self._decoded[shrink] = image
            return image
        is_open = self.header.format == "heic"
        image = self.header.image if is_open else open_picture(self.header.path, shrink=shrink)
        if keep:
            image = self._decoded[shrink] = image.copy_memory()
        return image

    def _ordinary_jpeg(self, shrink: int) -> pyvips.Image | None:
        if self.header.format != "jpeg" or not is_ordinary(self.header.image):
            return None
        pixels = decode(self.header.path.read_bytes(), shrink)
        if pixels is None:
            # Left to libvips, which says what is wrong with the file.
            return None
        image = to_vips(pixels)
        if self.header.image.get_typeof(PROFILE):
            image.set_type(pyvips.GValue.blob_type, PROFILE, bytes(self.header.image.get(PROFILE)))
        return image

    def pixels(self, box: Box, size: tuple[int, int], reading: Reading) -> "Patch":
        """Decode a part of the stored picture, scaled to ``size`` (width, height).

        Args:
            box: the part, in stored full-size pixels.
        """
        image = self._opened(reading.shrink, keep=self.is_shared)
        image = _cut(image, box.scaled(image.width / self.size[0]))
        return _patch(to_space(_scaled(image, size), reading.space, is_deep=reading.is_deep))

    def look(self) -> "Patch":
        """Return the whole stored picture at about 1000 px in 8-bit sRGB, for measuring and cutting out."""
        return self.memo("look", self._look)

    def _look(self) -> "Patch":
        width, height = self.size
        factor = min(1.0, LOOK_EDGE / max(width, height))
        shrink = self.shrink_for(factor * 0.75)
        # Formats that cannot be decoded small are kept for the finished picture, which would decode the same again.
        image = self._opened(shrink, keep=self.is_shared or self.header.format != "jpeg")
        factor = min(1.0, LOOK_EDGE / max(image.width, image.height))
        size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
        return _patch(to_space(_scaled(image, size), "srgb", is_deep=False))


@attrs.frozen(eq=False)
class Patch:
    """Pixels with their transparency, if the file has any."""

    colours: Pixels
    alpha: Alpha | None = None


def _cut(image: pyvips.Image, box: Box) -> pyvips.Image:
    left, top = max(0, round(box.left)), max(0, round(box.top))
    left, top = min(left, image.width - 1), min(top, image.height - 1)
    width = max(1, min(round(box.right), image.width) - left)
    height = max(1, min(round(box.bottom), image.height) - top)
    if (left, top, width, height) == (0, 0, image.width, image.height):
        return image
    return image.crop(left, top, width, height)


def _scaled(image: pyvips.Image, size: tuple[int, int]) -> pyvips.Image:
    if (image.width, image.height) == size:
        return image
    scale = {"vscale": size[1] / image.height, "kernel": "lanczos3"}
    if not image.hasalpha():
        return image.resize(size[0] / image.width, **scale)
    form = image.format
    return image.premultiply().resize(size[0] / image.width, **scale).unpremultiply().cast(form)


def _patch(image: pyvips.Image) -> Patch:
    pixels = to_array(image)
    if pixels.shape[2] == 3:
        return Patch(pixels)
    alpha = pixels[:, :, 3]
    small = (alpha >> 8).astype("uint8") if alpha.dtype != "uint8" else alpha.copy()
    return Patch(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), None if small.min() == 255 else small)


def decoded(data: bytes) -> Pixels:
    """Decode a file that this engine has just encoded, as 8-bit RGB."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
