"""Structure for surfaces: noise in space, and drawings wrapped onto parts."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples.studio.stage import Paint
from samples.studio.vectors import Array

SIZE = 64


def _lattice(seed: int) -> Array:
    return np.random.default_rng(seed).random((SIZE, SIZE, SIZE), dtype=np.float32)


def noise(scale: float, seed: int = 1) -> Callable[[Array], Array]:
    """Return smooth noise in space, 0 to 1, with features about ``1 / scale`` wide (value noise on a lattice)."""
    values = _lattice(seed)

    def measure(points: Array) -> Array:
        q = points * scale + 1000.0
        cell = np.floor(q).astype(np.int32)
        f = q - cell
        f = f * f * (3 - 2 * f)
        cell &= SIZE - 1
        after = (cell + 1) & (SIZE - 1)
        total = np.zeros(points.shape[1], np.float32)
        for dx, x in ((1 - f[0], cell[0]), (f[0], after[0])):
            for dy, y in ((1 - f[1], cell[1]), (f[1], after[1])):
                total += dx * dy * ((1 - f[2]) * values[x, y, cell[2]] + f[2] * values[x, y, after[2]])
        return total

    return measure


def layered(scale: float, layers: int = 4, seed: int = 1) -> Callable[[Array], Array]:
    """Return noise with detail at several sizes, 0 to 1."""
    octaves = [(noise(scale * 2**index, seed + index), 0.5**index) for index in range(layers)]
    weight = sum(share for _, share in octaves)
    return lambda points: np.asarray(sum(octave(points) * share for octave, share in octaves) / weight)


def pebbles(scale: float, seed: int = 1) -> Callable[[Array], Array]:
    """Return the distance to the nearest of scattered points, about 0 to 1: the grain of leather (cellular noise)."""
    jitter = [_lattice(seed + index) for index in range(3)]

    def measure(points: Array) -> Array:
        q = points * scale + 1000.0
        cell = np.floor(q).astype(np.int32)
        nearest = np.full(points.shape[1], 9.0, np.float32)
        for offset in np.ndindex(3, 3, 3):
            c = cell + np.array(offset, np.int32)[:, None] - 1
            k = c & (SIZE - 1)
            gap = np.stack([c[i] + jitter[i][k[0], k[1], k[2]] - q[i] for i in range(3)])
            nearest = np.minimum(nearest, (gap * gap).sum(axis=0))
        return np.sqrt(nearest)

    return measure


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own typeface, so that the pictures do not depend on what a machine has installed."""
    return ImageFont.load_default(size)


def canvas(width: int, height: int, colour: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return a new drawing."""
    image = Image.new("RGB", (width, height), colour)
    return image, ImageDraw.Draw(image)


def spaced(
    draw: ImageDraw.ImageDraw,
    centre: tuple[float, float],
    text: str,
    *,
    size: float,
    gap: float,
    fill: tuple[int, int, int],
) -> None:
    """Write one centred line with letter spacing, which small capitals on packaging need."""
    face = font(size)
    widths = [draw.textlength(letter, font=face) for letter in text]
    x = centre[0] - (sum(widths) + gap * (len(text) - 1)) / 2
    for letter, width in zip(text, widths, strict=True):
        draw.text((x, centre[1]), letter, font=face, fill=fill, anchor="lm")
        x += width + gap


def decal(image: Image.Image, place: Callable[[Array], tuple[Array, Array]]) -> Paint:
    """Return a paint that looks a drawing up.

    Args:
        place: maps points to (across, down), each 0 to 1 inside the drawing; outside, its border repeats.
    """
    pixels = (np.asarray(image, np.float32) / 255) ** 2.2

    def paint(points: Array) -> Array:
        across, down = place(points)
        x = (np.clip(across, 0, 1) * image.width - 0.5).astype(np.float32).reshape(1, -1)
        y = (np.clip(down, 0, 1) * image.height - 0.5).astype(np.float32).reshape(1, -1)
        parts = [
            cv2.remap(
                pixels, x[:, i : i + 30000], y[:, i : i + 30000], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            for i in range(0, x.size, 30000)
        ]
        return np.asarray(np.concatenate(parts, axis=1)[0].T)

    return paint
