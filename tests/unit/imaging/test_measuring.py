"""Figures of finished files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.unit.imaging.pictures import corners, grain, product, saved

Cook = Callable[..., Any]
CHECK: tuple[str, dict[str, Any]] = ("check", {"profile": "any"})
PNG = ("export", {"format": "png"})


def measures(cook_file: Cook, source: Any, *steps: Any) -> dict[str, Any]:
    return dict(cook_file(source, [*steps]).measures)


def test_a_white_ring_counts_without_a_cutout(cook_file: Cook) -> None:
    white = product((400, 300), backdrop=(255, 255, 255))
    assert measures(cook_file, white, PNG)["background_white_share"] == 1.0
    spoiled = np.array(white)
    spoiled[2, 7] = (255, 254, 255)
    found = measures(cook_file, Image.fromarray(spoiled), PNG)
    assert 0.999 < found["background_white_share"] < 1.0
    assert found["background_worst_colour"] == [255, 254, 255]
    assert found["background_worst_at"] == [7, 2]
    assert measures(cook_file, product((400, 300)), PNG)["background_white_share"] == 0.0


def test_a_check_looks_at_the_decoded_file(cook_file: Cook, tmp_path: Path) -> None:
    """Strong compression tints the blocks around the subject; only decoding shows it."""
    steps: list[Any] = [("background.remove", {}), ("background.set", {})]
    export = ("export", {"format": "jpeg", "quality": 20})
    unchecked = measures(cook_file, product((400, 300)), *steps, export)
    checked = measures(cook_file, product((400, 300)), *steps, CHECK, export)
    assert unchecked["background_white_share"] == 1.0
    assert 0.9 < checked["background_white_share"] < 1.0
    assert min(checked["background_worst_colour"]) < 255


def test_fill_is_estimated_for_a_check_without_a_cutout(cook_file: Cook) -> None:
    found = measures(cook_file, product((400, 300)), CHECK, PNG)
    assert found["fill_width"] == pytest.approx(0.5, abs=0.01)
    assert found["fill_height"] == pytest.approx(0.6, abs=0.01)
    assert found["fill_longest_side"] == found["fill_width"]
    assert "fill_area" not in found
    assert "fill_width" not in measures(cook_file, product((400, 300)), PNG)
    assert "fill_width" not in measures(cook_file, corners((400, 300)), CHECK, PNG)


def test_fill_of_a_cutout(cook_file: Cook) -> None:
    found = measures(cook_file, product((400, 300)), ("background.remove", {}), PNG)
    assert found["fill_area"] == pytest.approx(0.3, abs=0.01)
    assert found["fill_longest_side"] == pytest.approx(0.5, abs=0.01)


def test_a_blurred_picture_has_less_sharpness_whatever_its_contrast(cook_file: Cook) -> None:
    sharp = grain((500, 400))
    soft = sharp.filter(ImageFilter.GaussianBlur(2))
    pale = sharp.point([100 + value // 4 for value in range(256)] * 3)
    values = [measures(cook_file, picture, PNG)["sharpness"] for picture in (sharp, soft, pale)]
    assert values[1] < 0.5 * values[0]
    assert values[2] == pytest.approx(values[0], rel=0.3)


def test_clipping_and_edges(cook_file: Cook) -> None:
    burnt = Image.new("RGB", (100, 100), "white")
    burnt.paste((0, 0, 0), (0, 0, 50, 100))
    found = measures(cook_file, burnt, PNG)
    assert found["clipped_black"] == pytest.approx(0.5, abs=0.01)
    assert found["clipped_white"] == pytest.approx(0.5, abs=0.01)
    assert found["edge_score"] > 200
    even = measures(cook_file, Image.new("RGB", (100, 100), (128, 128, 128)), PNG)
    assert (even["edge_score"], even["sharpness"], even["clipped_white"]) == (0.0, 0.0, 0.0)


def test_padding_does_not_count_as_clipping(cook_file: Cook) -> None:
    grey = Image.new("RGB", (100, 100), (128, 128, 128))
    found = measures(cook_file, grey, ("canvas", {"width": 300, "height": 300}), PNG)
    assert found["clipped_white"] == 0.0


def test_figures_of_the_file_itself(cook_file: Cook, tmp_path: Path) -> None:
    path = saved(product((60, 40)), tmp_path / "a.jpg")
    found = measures(cook_file, path, ("export", {"format": "png", "dpi": 72}))
    wanted = {"width": 60, "height": 40, "format": "png", "icc": "sRGB", "icc_space": "rgb", "colour_space": "rgb"}
    wanted |= {"bit_depth": 8, "has_alpha": False, "orientation": 1, "animated": False, "dpi": 72}
    assert {name: found[name] for name in wanted} == wanted
    assert "dpi" not in measures(cook_file, path, ("export", {"format": "webp"}))
