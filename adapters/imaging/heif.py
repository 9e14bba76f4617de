"""HEIC through pillow-heif, where that optional package is installed."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyvips

from adapters.imaging.limits import Limits


def is_available() -> bool:
    """Whether pillow-heif is installed."""
    return find_spec("pillow_heif") is not None


def open_picture(path: Path, limits: Limits) -> pyvips.Image:
    """Decode the primary picture, upright, with its profile; the size is checked before the pixels are read.

    Raises:
        ValueError: the file cannot be decoded, or declares more pixels than allowed.
    """
    import pillow_heif

    file = pillow_heif.open_heif(str(path), convert_hdr_to_8bit=True)
    width, height = file.size
    if width * height > limits.max_pixels:
        raise ValueError(f"{width} x {height} exceeds the limit of {limits.max_pixels} pixels")
    pixels = np.asarray(file)
    image = pyvips.Image.new_from_memory(
        np.ascontiguousarray(pixels).data, pixels.shape[1], pixels.shape[0], pixels.shape[2], "uchar"
    ).copy(interpretation="srgb")
    profile = file.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image
