"""The pictures of the benchmark: camera-sized JPEGs made from product photos, and kept between runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adapters.imaging.profiles import adobe_rgb

PHOTOS = Path(__file__).resolve().parents[2].parent / "shared" / "photos" / "products"
SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "photos"
VERSION = 1
# Long side and short side: two thirds of 12 million pixels, the rest of 16 to 24.
SIZES = ((4000, 3000), (4000, 3000), (6000, 4000), (4000, 3000), (4032, 3024), (4928, 3264))
ORIENTATIONS = (6, 8, 3)
ORIENTATION_TAG = 0x0112


def inputs(count: int) -> list[Path]:
    """Return ``count`` JPEGs of 12 to 24 million pixels, making those that are not there yet.

    A quarter carries an EXIF rotation, a fifth is in Adobe RGB, a sixth is progressive; grain is added so that they
    compress like photographs rather than like enlargements.

    Raises:
        FileNotFoundError: there are no photos to start from.
    """
    folder = Path(tempfile.gettempdir()) / f"i2i-bench-inputs-{VERSION}"
    folder.mkdir(exist_ok=True)
    photos = sorted(PHOTOS.glob("*.jpg")) or sorted(SAMPLES.glob("*.jpg"))
    if not photos:
        raise FileNotFoundError(f"no photos in {PHOTOS} or {SAMPLES}")
    return list(_made(folder, photos, count))


def _made(folder: Path, photos: list[Path], count: int) -> Iterator[Path]:
    for number in range(count):
        path = folder / f"{number:04d}.jpg"
        if not path.exists():
            partial = path.with_suffix(".part")
            _make(photos[number % len(photos)], number, partial)
            partial.replace(path)
        yield path


def _make(photo: Path, number: int, path: Path) -> None:
    pixels = cv2.imread(str(photo))
    if pixels is None:
        raise FileNotFoundError(f"{photo} cannot be read")
    size = SIZES[number % len(SIZES)]
    grown = cv2.resize(np.asarray(pixels, np.uint8), size, interpolation=cv2.INTER_CUBIC)
    image = Image.fromarray(cv2.cvtColor(_grained(np.asarray(grown, np.uint8), number), cv2.COLOR_BGR2RGB))
    exif = Image.Exif()
    if number % 4 == 1:
        exif[ORIENTATION_TAG] = ORIENTATIONS[number // 4 % len(ORIENTATIONS)]
    image.save(
        path,
        "JPEG",
        quality=92,
        subsampling=number % 2 * 2,
        progressive=number % 6 == 5,
        exif=exif,
        icc_profile=adobe_rgb() if number % 5 == 2 else None,
    )


def _grained(pixels: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    # One tile of grain, moved about, looks like fresh grain to an encoder and is much faster to make.
    tile = np.random.default_rng(seed).normal(0, 5, (512, 512, 3)).astype(np.int16)
    height, width = pixels.shape[:2]
    grain = np.tile(tile, (height // 512 + 1, width // 512 + 1, 1))[:height, :width]
    return np.asarray(np.clip(pixels.astype(np.int16) + grain, 0, 255), np.uint8)
