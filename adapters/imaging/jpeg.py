"""Decoding ordinary JPEGs straight into an array, which saves a seventh of the time that libvips takes.

Both call libjpeg-turbo and give the same pixels. Only colours as stored are decoded here: profile and orientation stay
with the header that libvips read, and whatever is not three channels of eight bits is left to libvips altogether.
"""

import re

import cv2
import numpy as np
import pyvips

from adapters.imaging.arrays import Pixels

# The names of the flags stop at the BGR ones; these are the reduced scales of the grey flags with RGB order instead.
_SCALES = {
    1: 0,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
_SEGMENT = re.compile(rb"\xff+([\x01-\xfe])")


def is_ordinary(image: pyvips.Image) -> bool:
    """Whether an opened JPEG has three channels of eight bits."""
    return bool(image.bands == 3 and image.format == "uchar" and image.interpretation == "srgb")


def decode(data: bytes, shrink: int) -> Pixels | None:
    """Decode at 1/``shrink`` (1, 2, 4 or 8) of the size; None when the file is cut off or cannot be read.

    Returns:
        height x width x 3, RGB as stored: neither turned nor converted.
    """
    if not has_end(data):
        return None
    flags = _SCALES[shrink] | cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    return None if pixels is None else np.asarray(pixels)


def has_end(data: bytes) -> bool:
    """Tell whether a JPEG has an end-of-image marker after its first scan (ITU-T T.81, B.1.1).

    The marker cannot occur inside a scan, where every FF is followed by 00 or a restart; thumbnails in the header
    are skipped by their segment's length.
    """
    place = 2
    while match := _SEGMENT.match(data, place):
        marker = match.group(1)[0]
        length = int.from_bytes(data[match.end() : match.end() + 2], "big")
        if marker == 0xDA:
            return data.rfind(b"\xff\xd9") >= match.end() + length
        if marker == 0xD9 or length < 2:
            return False
        place = match.end() + length
    return False


def with_density(data: bytes, dpi: int) -> bytes:
    """Return a JPEG with a JFIF header of its resolution, where it has neither JFIF nor EXIF nor an Adobe header.

    libvips leaves the header out when it writes no EXIF. CMYK is not JFIF (ITU-T T.871) and keeps its Adobe header.
    """
    if data[2:4] in (b"\xff\xe0", b"\xff\xe1", b"\xff\xee"):
        return bytes(data)
    return b"".join((data[:2], b"\xff\xe0\0\x10JFIF\0\1\1\1", dpi.to_bytes(2, "big") * 2, b"\0\0", data[2:]))
