"""The sample photos suit a first run: small, various, with nothing personal in them, rendered by code that works."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from samples.studio import camera

HARMLESS = {"Orientation", "ImageDescription", "Software", "Copyright", "XResolution", "YResolution", "ResolutionUnit"}


@pytest.fixture(scope="module")
def photos(project_root: Path) -> list[Path]:
    return sorted((project_root / "samples/photos").glob("*.jpg"))


def test_there_are_enough_and_they_are_small(photos: list[Path]) -> None:
    assert len(photos) >= 6
    assert sum(path.stat().st_size for path in photos) <= 3 * 1024 * 1024


def test_no_photo_tells_who_took_it_where_or_with_what(photos: list[Path]) -> None:
    for path in photos:
        with Image.open(path) as image:
            exif = image.getexif()
            names = {str(ExifTags.TAGS.get(tag, tag)) for tag in exif}
            assert names <= HARMLESS, path.name
            assert not exif.get_ifd(ExifTags.IFD.GPSInfo), path.name


def test_one_photo_is_stored_lying_on_its_side(photos: list[Path]) -> None:
    orientations = []
    for path in photos:
        with Image.open(path) as image:
            orientations.append(image.getexif().get(ExifTags.Base.Orientation, 1))
    assert orientations.count(6) == 1


def test_every_photo_has_its_product(photos: list[Path], project_root: Path) -> None:
    products = {path.stem for path in (project_root / "samples/products").glob("*.py")} - {"__init__"}
    assert {path.stem for path in photos} == products


@pytest.mark.parametrize("name", ["mug", "bottle"])
def test_a_product_stands_on_a_nearly_white_sweep(name: str) -> None:
    shot = importlib.import_module(f"samples.products.{name}").shot()
    picture = camera.develop(shot, scale=0.03)
    height, width, _ = picture.shape
    corners = picture[[2, 2, -3, -3], [2, -3, 2, -3]]
    assert corners.min() > 215
    middle = picture[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
    assert float(np.abs(middle.astype(int) - corners.mean()).mean()) > 30


def test_a_picture_stored_on_its_side_is_upright_again_for_readers(tmp_path: Path) -> None:
    picture = np.zeros((40, 20, 3), np.uint8)
    picture[:10] = 255
    camera.save(picture, tmp_path / "a.jpg", orientation=6)
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.size == (40, 20)
        upright = np.asarray(ImageOps.exif_transpose(image))
    assert upright.shape == (40, 20, 3)
    assert upright[2].mean() > 240
    assert upright[-3].mean() < 15
