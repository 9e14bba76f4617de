"""Trim, crop, canvas, placing of the subject, and resize."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.unit.imaging.pictures import BLUE, GREEN, RED, corners, pixels_of, product

Cook = Callable[..., Any]
PNG = ("export", {"format": "png"})


def box_of_subject(pixels: np.ndarray[Any, Any], backdrop: int = 215) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is darker than the backdrop."""
    rows, columns = np.nonzero(pixels.min(axis=2) < backdrop)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"long_edge": 300}, (300, 200)),
        ({"width": 150}, (150, 100)),
        ({"height": 100}, (150, 100)),
        ({"width": 100, "height": 100}, (100, 67)),
        ({"width": 100, "height": 100, "mode": "fill"}, (100, 100)),
        ({"width": 90, "height": 120, "mode": "exact"}, (90, 120)),
        ({"long_edge": 333}, (333, 222)),
        ({"long_edge": 1}, (1, 1)),
    ],
)
def test_resize_gives_exactly_the_size(cook_file: Cook, params: dict[str, Any], size: tuple[int, int]) -> None:
    file = cook_file(product((600, 400)), [("resize", params), PNG])
    assert (file.width, file.height) == size
    assert pixels_of(file).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("mode", ["fit", "fill", "exact"])
def test_resize_never_enlarges_unasked(cook: Cook, mode: str) -> None:
    params = {"width": 1200, "height": 900, "mode": mode}
    result = cook(product((600, 400)), [("resize", params), PNG])
    file = result.files[0]
    assert file.width <= 600
    assert file.height <= 400
    (flag,) = result.flags
    assert (flag.code, flag.severity.value, flag.limit) == ("not_enlarged", "review", 1200)
    larger = cook(product((600, 400)), [("resize", {**params, "enlarge": True}), PNG])
    assert max(larger.files[0].width, larger.files[0].height) >= 1200
    assert larger.flags == ()


def test_resize_keeps_detail_at_every_decoding_step(cook_file: Cook, tmp_path: Any) -> None:
    """A JPEG decoded at a half, a quarter or an eighth gives the picture that a full decode gives."""
    whole = product((1600, 1200))
    path = tmp_path / "a.jpg"
    whole.save(path, quality=95)
    for edge in (1600, 900, 700, 300, 150):
        file = cook_file(path, [("resize", {"long_edge": edge}), PNG])
        wanted = np.asarray(whole.resize((file.width, file.height), Image.Resampling.LANCZOS)).astype(int)
        assert np.abs(pixels_of(file).astype(int) - wanted).mean() < 3, edge


def test_trim_leaves_the_subject_and_its_margin(cook_file: Cook) -> None:
    file = cook_file(product((600, 400)), [("trim", {"margin": 10}), PNG])
    assert abs(file.width - 320) <= 4
    assert abs(file.height - 260) <= 4
    left, top, _, _ = box_of_subject(pixels_of(file))
    assert abs(left - 10) <= 2
    assert abs(top - 10) <= 2


def test_trim_of_an_even_picture_changes_nothing_and_says_so(cook: Cook) -> None:
    result = cook(Image.new("RGB", (90, 60), (200, 200, 200)), [("trim", {}), PNG])
    assert (result.files[0].width, result.files[0].height) == (90, 60)
    assert [f.code for f in result.flags] == ["nothing_to_trim"]


@pytest.mark.parametrize(
    ("params", "size", "colour"),
    [
        ({"left": 0, "top": 0, "width": 60, "height": 40}, (60, 40), RED),
        ({"left": 60, "top": 0, "width": 60, "height": 40}, (60, 40), GREEN),
        ({"left": 0, "top": 50, "width": 50, "height": 50, "unit": "%"}, (60, 40), BLUE),
        ({"aspect": "1:1", "anchor": "left"}, (80, 80), None),
        ({"aspect": "1:2", "anchor": "center"}, (40, 80), None),
    ],
)
def test_crop(cook_file: Cook, params: dict[str, Any], size: tuple[int, int], colour: Any) -> None:
    file = cook_file(corners((120, 80)), [("crop", params), PNG])
    assert (file.width, file.height) == size
    if colour:
        assert np.all(pixels_of(file) == colour)


def test_crop_follows_the_subject(cook_file: Cook) -> None:
    """The product stands at the right edge; a square around it does not cut it."""
    picture = Image.new("RGB", (600, 300), (245, 245, 245))
    picture.paste((20, 20, 80), (450, 80, 560, 220))
    pixels = pixels_of(cook_file(picture, [("crop", {"aspect": "1:1"}), PNG]))
    left, _, right, _ = box_of_subject(pixels)
    assert pixels.shape[:2] == (300, 300)
    assert right - left == 110


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"width": 500, "height": 500}, (500, 500)),
        ({"width": 216, "height": 303, "unit": "mm", "dpi": 300}, (2551, 3579)),
        ({"width": 210, "height": 297, "unit": "mm", "dpi": 300, "bleed_mm": 3}, (2551, 3579)),
        ({"aspect": "1:1"}, (600, 600)),
        ({"aspect": "4:5"}, (600, 750)),
        ({"aspect": "16:9"}, (711, 400)),
        ({"width": 1000, "aspect": "4:5"}, (1000, 1250)),
    ],
)
def test_canvas_has_exactly_its_size(cook_file: Cook, params: dict[str, Any], size: tuple[int, int]) -> None:
    file = cook_file(product((600, 400)), [("canvas", params), PNG])
    assert (file.width, file.height) == size


def test_canvas_centres_scales_down_and_pads_in_white(cook: Cook) -> None:
    result = cook(corners((1200, 800)), [("canvas", {"width": 500, "height": 500}), PNG])
    pixels = pixels_of(result.files[0])
    assert np.all(pixels[:83] == 255)
    assert np.all(pixels[-83:] == 255)
    assert np.all(pixels[84, 0] != 255)
    assert result.flags == ()


def test_canvas_pads_in_the_background_asked(cook_file: Cook) -> None:
    steps = [("canvas", {"aspect": "1:1"}), ("background.set", {"colour": "#F2E4C1"}), PNG]
    pixels = pixels_of(cook_file(corners((120, 80)), steps))
    assert np.all(pixels[:20] == (0xF2, 0xE4, 0xC1))


def test_canvas_does_not_enlarge_and_says_so(cook: Cook) -> None:
    result = cook(corners((120, 80)), [("canvas", {"width": 500, "height": 500, "min_long_edge": 1000}), PNG])
    pixels = pixels_of(result.files[0])
    assert np.count_nonzero(pixels.min(axis=2) < 255) == 120 * 80
    assert {f.code for f in result.flags} == {"not_enlarged", "canvas_too_small"}


def test_a_canvas_around_a_resized_picture(cook_file: Cook) -> None:
    steps = [("resize", {"long_edge": 300}), ("canvas", {"width": 400, "height": 400}), PNG]
    pixels = pixels_of(cook_file(corners((1200, 800)), steps))
    assert pixels.shape == (400, 400, 3)
    assert np.count_nonzero(pixels.min(axis=2) < 255) == 300 * 200


@pytest.mark.parametrize("fill", [50, 85])
def test_the_subject_fills_what_was_asked(cook: Cook, fill: int) -> None:
    steps = [("canvas", {"width": 400, "height": 400}), ("subject.place", {"fill": fill}), PNG]
    result = cook(product((1200, 900), backdrop=(255, 255, 255)), steps)
    left, top, right, bottom = box_of_subject(pixels_of(result.files[0]))
    assert abs(max(right - left, bottom - top) - 4 * fill) <= 3
    assert abs((left + right) / 2 - 200) <= 2
    assert abs((top + bottom) / 2 - 200) <= 2
    assert result.flags == ()


def test_margins_and_alignment(cook_file: Cook) -> None:
    place = {"margin_left": 40, "margin_right": 40, "margin_top": 100, "margin_bottom": 20, "align_y": "bottom"}
    steps = [("canvas", {"width": 400, "height": 500}), ("subject.place", place), PNG]
    pixels = pixels_of(cook_file(product((1200, 900), backdrop=(255, 255, 255)), steps))
    left, _, right, bottom = box_of_subject(pixels)
    assert abs(left - 40) <= 2
    assert abs(right - 360) <= 2
    assert abs(bottom - 480) <= 2


def test_margins_in_percent_leave_out_the_bleed(cook_file: Cook) -> None:
    canvas = {"width": 50, "height": 50, "unit": "mm", "dpi": 254, "bleed_mm": 5}
    place = dict.fromkeys(("margin_left", "margin_right", "margin_top", "margin_bottom"), 10.0)
    steps = [("canvas", canvas), ("subject.place", {**place, "unit": "%"}), PNG]
    pixels = pixels_of(cook_file(product((1600, 1600), backdrop=(255, 255, 255)), steps))
    assert pixels.shape[:2] == (600, 600)
    left, top, right, bottom = box_of_subject(pixels)
    assert abs(max(right - left, bottom - top) - 400) <= 3


def test_a_small_subject_is_not_enlarged_unless_asked(cook: Cook) -> None:
    steps = [("canvas", {"width": 1000, "height": 1000}), ("subject.place", {"fill": 90}), PNG]
    result = cook(product((400, 400), backdrop=(255, 255, 255)), steps)
    (flag,) = result.flags
    assert (flag.code, flag.limit) == ("fill_not_reached", 90)
    assert flag.measured is not None
    assert abs(flag.measured - 24) < 1
    left, _, right, _ = box_of_subject(pixels_of(result.files[0]))
    assert abs(right - left - 200) <= 1
    steps[1] = ("subject.place", {"fill": 90, "enlarge": True})
    larger = cook(product((400, 400), backdrop=(255, 255, 255)), steps)
    _, top, _, bottom = box_of_subject(pixels_of(larger.files[0]))
    assert abs(bottom - top - 900) <= 4
    assert larger.flags == ()


def test_fill_of_one_axis_stops_where_the_other_would_overflow(cook: Cook) -> None:
    steps = [
        ("canvas", {"width": 300, "height": 300}),
        ("subject.place", {"fill": 90, "fill_axis": "width"}),
        PNG,
    ]
    tall = Image.new("RGB", (1000, 1000), "white")
    tall.paste((20, 20, 80), (400, 100, 600, 900))
    result = cook(tall, steps)
    assert [f.code for f in result.flags] == ["fill_not_reached"]
    _, top, _, bottom = box_of_subject(pixels_of(result.files[0]))
    assert bottom - top <= 300


def test_a_preview_shows_the_same_picture_in_small(cook_file: Cook) -> None:
    steps = [("canvas", {"width": 1000, "height": 500}), ("subject.place", {"fill": 80}), PNG]
    large = pixels_of(cook_file(product((1200, 900), backdrop=(255, 255, 255)), steps))
    file = cook_file(product((1200, 900), backdrop=(255, 255, 255)), steps, max_edge=250)
    assert (file.width, file.height) == (250, 125)
    shrunk = np.asarray(Image.fromarray(large).resize((250, 125), Image.Resampling.BOX)).astype(int)
    assert np.abs(pixels_of(file).astype(int) - shrunk).mean() < 2
