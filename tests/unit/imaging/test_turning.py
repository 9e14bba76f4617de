"""Orientation, rotation, flip and straightening."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from adapters.imaging.geometry import Box, Turn
from adapters.imaging.operations import operations
from adapters.imaging.operations import orientation as orientation_operation
from tests.unit.imaging.pictures import BLUE, GREEN, RED, YELLOW, corners, oriented, pixels_of, product

Cook = Callable[..., Any]


def quadrants(pixels: np.ndarray[Any, Any]) -> list[tuple[int, ...]]:
    """Names the colours of the four corners by their nearest original."""
    height, width = pixels.shape[:2]
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4)]
    places += [(3 * height // 4, width // 4), (3 * height // 4, 3 * width // 4)]
    return [min((RED, GREEN, BLUE, YELLOW), key=lambda c: np.abs(pixels[p].astype(int) - c).sum()) for p in places]


def upright_differences(cook_file: Cook, tmp_path: Path) -> list[int]:
    """Orientations for which the finished picture differs from what Pillow shows."""
    wrong = []
    for value in range(1, 9):
        path = oriented(corners(), tmp_path / f"{value}.jpg", value)
        with Image.open(path) as opened:
            wanted = np.asarray(ImageOps.exif_transpose(opened))
        found = pixels_of(cook_file(path, [("orientation", {}), ("export", {"format": "png"})]))
        if found.shape != wanted.shape or quadrants(found) != quadrants(wanted):
            wrong.append(value)
    return wrong


@pytest.mark.parametrize("edge", [None, 60])
def test_all_eight_orientations_are_upright(cook_file: Cook, tmp_path: Path, edge: int | None) -> None:
    """At full size and when the decoder shrinks."""
    for value in range(1, 9):
        path = oriented(corners((480, 320)), tmp_path / f"{value}.jpg", value)
        with Image.open(path) as opened:
            wanted = ImageOps.exif_transpose(opened)
        resize = [("resize", {"long_edge": edge})] if edge else []
        file = cook_file(path, [("orientation", {}), *resize, ("export", {"format": "png"})])
        assert quadrants(pixels_of(file)) == quadrants(np.asarray(wanted)), value
        assert (file.width > file.height) == (wanted.width > wanted.height)
        with Image.open(file.path) as result:
            assert result.getexif().get(0x0112, 1) == 1


def test_a_pipeline_that_ignores_the_orientation_is_caught(
    cook_file: Cook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    assert upright_differences(cook_file, tmp_path) == []

    def ignore(draft: Any, params: Any) -> None:
        draft.turn = Turn()

    monkeypatch.setattr(orientation_operation, "apply", ignore)
    operations.cache_clear()
    try:
        assert upright_differences(cook_file, tmp_path) == [2, 3, 4, 5, 6, 7, 8]
    finally:
        monkeypatch.undo()
        operations.cache_clear()


def test_the_samples_of_all_orientations_show_the_same(cook_file: Cook, shared_dir: Path) -> None:
    """Photos of the same scene stored in every way come out alike."""
    folder = shared_dir / "photos" / "formats"
    for kind in ("Landscape", "Portrait"):
        steps = [("orientation", {}), ("resize", {"long_edge": 300}), ("export", {"format": "png"})]
        reference = pixels_of(cook_file(folder / f"exif-{kind}_1.jpg", steps)).astype(int)
        for value in range(2, 9):
            found = pixels_of(cook_file(folder / f"exif-{kind}_{value}.jpg", steps)).astype(int)
            assert found.shape == reference.shape
            assert np.abs(found - reference).mean() < 12, (kind, value)


def test_orientation_can_be_ignored(cook_file: Cook, tmp_path: Path) -> None:
    path = oriented(corners(), tmp_path / "a.jpg", 6)
    file = cook_file(path, [("orientation", {"mode": "ignore"}), ("export", {"format": "png"})])
    assert quadrants(pixels_of(file)) == [RED, GREEN, BLUE, YELLOW]


def test_a_picture_is_upright_even_when_no_step_says_so(cook_file: Cook, tmp_path: Path) -> None:
    """Files carry no orientation afterwards, so leaving the turn out would lose it."""
    file = cook_file(oriented(corners(), tmp_path / "a.jpg", 6), [("export", {"format": "png"})])
    assert quadrants(pixels_of(file)) == [BLUE, RED, YELLOW, GREEN]


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([("rotate", {"angle": "90"})], [BLUE, RED, YELLOW, GREEN]),
        ([("rotate", {"angle": "180"})], [YELLOW, BLUE, GREEN, RED]),
        ([("rotate", {"angle": "270"})], [GREEN, YELLOW, RED, BLUE]),
        ([("flip", {"axis": "horizontal"})], [GREEN, RED, YELLOW, BLUE]),
        ([("flip", {"axis": "vertical"})], [BLUE, YELLOW, RED, GREEN]),
        ([("rotate", {"angle": "90"}), ("flip", {"axis": "horizontal"})], [RED, BLUE, GREEN, YELLOW]),
        ([("flip", {"axis": "horizontal"}), ("rotate", {"angle": "90"})], [YELLOW, GREEN, BLUE, RED]),
    ],
)
def test_turning_and_mirroring(cook_file: Cook, steps: Any, wanted: Any) -> None:
    file = cook_file(corners(), [*steps, ("export", {"format": "png"})])
    assert quadrants(pixels_of(file)) == wanted
    is_turned = any(p.get("angle") in ("90", "270") for _, p in steps)
    assert (file.width, file.height) == ((80, 120) if is_turned else (120, 80))


def test_a_part_of_a_turned_picture_is_found_in_the_stored_one() -> None:
    """Cutting before turning gives what cutting after turning gives."""
    pixels = np.arange(7 * 5 * 3, dtype=np.uint8).reshape(5, 7, 3)
    for quarters in range(4):
        for mirrored in (False, True):
            turn = Turn(quarters, mirrored)
            turned = turn.apply(pixels)
            stored = turn.to_stored(Box(left=1, top=2, width=3, height=2), (7, 5))
            left, top = int(stored.left), int(stored.top)
            part = pixels[top : top + int(stored.height), left : left + int(stored.width)]
            assert np.array_equal(turn.apply(np.ascontiguousarray(part)), turned[2:4, 1:4])


def tilted_box(degrees: float) -> Image.Image:
    return product((800, 800), backdrop=(250, 250, 250)).rotate(
        -degrees, resample=Image.Resampling.BICUBIC, fillcolor=(250, 250, 250)
    )


@pytest.mark.parametrize("degrees", [4.0, -7.5])
def test_a_leaning_product_is_levelled(cook_file: Cook, degrees: float) -> None:
    steps = [("straighten", {}), ("export", {"format": "png"})]
    before = tilt_left(np.asarray(tilted_box(degrees)))
    after = tilt_left(pixels_of(cook_file(tilted_box(degrees), steps)))
    assert abs(before - degrees) < 0.6
    assert abs(after) < 0.5


def tilt_left(pixels: np.ndarray[Any, Any]) -> float:
    """The slope of the upper edge of the box in degrees."""
    dark = pixels.min(axis=2) < 180
    width = dark.shape[1]
    columns = [int(width * 0.42), int(width * 0.58)]
    rows = [int(np.argmax(dark[:, c])) for c in columns]
    return float(np.degrees(np.arctan2(rows[1] - rows[0], columns[1] - columns[0])))


def test_a_given_angle_is_used_clockwise(cook_file: Cook) -> None:
    steps = [("straighten", {"mode": "angle", "angle": 5}), ("export", {"format": "png"})]
    assert abs(tilt_left(pixels_of(cook_file(tilted_box(0), steps))) - 5) < 0.6


def test_nothing_straight_is_left_alone_with_a_note(cook: Cook) -> None:
    even = Image.new("RGB", (300, 300), (200, 200, 200))
    result = cook(even, [("straighten", {}), ("export", {"format": "png"})])
    assert [f.code for f in result.flags] == ["no_tilt_found"]
    assert np.all(pixels_of(result.files[0]) == 200)


def test_measured_tilt_is_never_corrected_by_more_than_fifteen_degrees(cook_file: Cook) -> None:
    after = tilt_left(pixels_of(cook_file(tilted_box(18), [("straighten", {}), ("export", {"format": "png"})])))
    assert after > 1.5
