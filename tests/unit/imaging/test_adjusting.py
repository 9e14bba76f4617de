"""Light, colour, grain and sharpness."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.unit.imaging.pictures import grain, pixels_of, product

Cook = Callable[..., Any]
PNG = ("export", {"format": "png"})


def even(colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (64, 48), colour)


def test_a_cast_on_the_background_is_removed(cook_file: Cook) -> None:
    warm = product((300, 200), backdrop=(235, 215, 180))
    backdrop = pixels_of(cook_file(warm, [("white_balance", {}), PNG]))[5, 5].astype(int)
    assert np.ptp(backdrop) <= 3
    assert abs(backdrop.mean() - 215) < 15


def test_white_balance_by_a_point(cook_file: Cook) -> None:
    cold = product((300, 200), backdrop=(150, 170, 200))
    point = {"mode": "point", "x": 3, "y": 3}
    assert np.ptp(pixels_of(cook_file(cold, [("white_balance", point), PNG]))[5, 5].astype(int)) <= 3


def test_a_neutral_picture_keeps_its_colours(cook_file: Cook) -> None:
    picture = product((300, 200), backdrop=(228, 228, 228))
    pixels = pixels_of(cook_file(picture, [("white_balance", {}), PNG]))
    assert np.array_equal(pixels, np.asarray(picture))


@pytest.mark.parametrize(("ev", "value"), [(1.0, 137), (-1.0, 73), (0.0, 100)])
def test_exposure_by_stops(cook_file: Cook, ev: float, value: int) -> None:
    """A stop is a factor of two in light: 2 ** (1 / 2.2) in values."""
    pixels = pixels_of(cook_file(even((100, 100, 100)), [("exposure", {"ev": ev}), PNG]))
    assert abs(int(pixels[0, 0, 0]) - value) <= 1


def test_a_dark_picture_is_brightened_within_bounds(cook_file: Cook) -> None:
    dark = grain().point([value // 2 for value in range(256)] * 3)
    brightened = pixels_of(cook_file(dark, [("exposure", {"mode": "auto"}), PNG]))
    assert brightened.mean() > 1.3 * np.asarray(dark).mean()
    night = even((4, 4, 4))
    assert pixels_of(cook_file(night, [("exposure", {"mode": "auto"}), PNG])).max() < 10


def test_levels_stretch_and_bend(cook_file: Cook) -> None:
    steps = [("levels", {"black": 50, "white": 150}), PNG]
    assert int(pixels_of(cook_file(even((100, 100, 100)), steps))[0, 0, 0]) in (127, 128)
    assert int(pixels_of(cook_file(even((40, 40, 40)), steps))[0, 0, 0]) == 0
    steps = [("levels", {"gamma": 2.0}), PNG]
    assert int(pixels_of(cook_file(even((64, 64, 64)), steps))[0, 0, 0]) == 128


def test_measured_levels_use_the_whole_range(cook_file: Cook) -> None:
    flat = grain().point([60 + value // 3 for value in range(256)] * 3)
    pixels = pixels_of(cook_file(flat, [("levels", {"auto": True}), PNG]))
    assert np.ptp(np.asarray(flat).astype(int)) < 90
    assert pixels.min() < 10
    assert pixels.max() > 245


def test_contrast_keeps_black_white_and_the_middle(cook_file: Cook) -> None:
    ramp = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8)[np.newaxis, :, np.newaxis], (8, 1, 3)))
    line = pixels_of(cook_file(ramp, [("contrast", {"amount": 50}), PNG]))[0, :, 0].astype(int)
    assert (line[0], line[255]) == (0, 255)
    assert abs(line[128] - 128) <= 1
    assert line[64] < 60
    assert line[192] > 196
    flat = pixels_of(cook_file(ramp, [("contrast", {"amount": -50}), PNG]))[0, :, 0].astype(int)
    assert flat[255] - flat[0] in (127, 128)


def test_saturation(cook_file: Cook) -> None:
    grey = pixels_of(cook_file(even((200, 80, 40)), [("saturation", {"amount": -100}), PNG]))[0, 0].astype(int)
    assert np.ptp(grey) <= 1
    strong = pixels_of(cook_file(even((150, 110, 100)), [("saturation", {"amount": 50}), PNG]))[0, 0].astype(int)
    assert np.ptp(strong) in (74, 75, 76)
    same = pixels_of(cook_file(even((90, 90, 90)), [("saturation", {"amount": 80}), PNG]))[0, 0]
    assert list(same) == [90, 90, 90]


def test_denoise_takes_grain_and_leaves_edges(cook_file: Cook) -> None:
    picture = np.asarray(product((300, 200))).astype(int)
    noisy = np.clip(picture + np.random.default_rng(3).normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
    pixels = pixels_of(cook_file(Image.fromarray(noisy), [("denoise", {"strength": 60}), PNG]))
    assert pixels[:30, :30].std() < 0.6 * noisy[:30, :30].std()
    assert int(pixels[100, 70].min()) - int(pixels[100, 80].min()) > 150


def test_sharpen_is_stronger_with_its_amount_and_leaves_even_areas(cook_file: Cook) -> None:
    soft = np.asarray(product((300, 200)).resize((150, 100)).resize((300, 200), Image.Resampling.BICUBIC))
    contrasts = []
    for amount in (None, 50, 150):
        steps = [("sharpen", {"amount": amount})] if amount else []
        pixels = pixels_of(cook_file(Image.fromarray(soft), [*steps, PNG])).astype(int)
        contrasts.append(np.abs(np.diff(pixels[100, :, 0])).max())
        assert np.all(pixels[:20, :20] == 240)
    assert contrasts[0] < contrasts[1] < contrasts[2]


def test_sharpen_at_full_amount_is_the_kernel(cook_file: Cook) -> None:
    picture = grain((60, 40))
    found = pixels_of(cook_file(picture, [("sharpen", {}), PNG])).astype(int)
    values = np.asarray(picture).astype(float)
    neighbours = sum(np.roll(values, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)) - values
    wanted = np.clip((16 * values - neighbours) / 8, 0, 255)
    assert np.abs(found - wanted)[2:-2, 2:-2].max() <= 1.5
