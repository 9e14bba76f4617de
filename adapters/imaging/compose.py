"""The finished picture: background, shadow, subject and overlays on one canvas."""

from typing import cast

import attrs
import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels, plain, top_value, writeable
from adapters.imaging.draft import Stamp
from adapters.imaging.geometry import Layout

WHITE = (255, 255, 255)
STRIP = 256


@attrs.frozen(kw_only=True, eq=False)
class Composed:
    """A picture ready to be encoded, and what is known about its parts.

    Args:
        alpha: None when the picture is opaque.
        subject: opacity of the subject on the canvas; None when nothing was cut out.
        is_plain: whether the background is one colour that was put there.
        shown: the part of the canvas that the photo covers: left, top, right, bottom.
    """

    pixels: Pixels
    alpha: Alpha | None
    subject: Alpha | None
    is_plain: bool
    shown: tuple[int, int, int, int]


def lay_on(canvas: Pixels, pixels: Pixels, at: tuple[int, int]) -> None:
    """Copy opaque pixels onto a canvas with their corner at ``at``."""
    left, top = at
    height, width = pixels.shape[:2]
    canvas[top : top + height, left : left + width] = pixels


def blend(below: Pixels, above: Pixels, alpha: Alpha) -> None:
    """Lay ``above`` over ``below``, in place; where alpha is 0 or 255 the result is exactly the one or the other.

    Strip by strip, because whole intermediate pictures would cost memory and miss the processor's cache.
    """
    for top in range(0, below.shape[0], STRIP):
        part = np.s_[top : top + STRIP]
        if alpha[part].any():
            below[part] = _blended(np.ascontiguousarray(below[part]), np.ascontiguousarray(above[part]), alpha[part])


def _blended(below: Pixels, above: Pixels, alpha: Alpha) -> Pixels:
    if below.dtype == np.uint16:
        share = (alpha.astype(np.float32) / 255)[:, :, np.newaxis]
        return np.asarray(np.rint(below + (above.astype(np.float32) - below) * share), np.uint16)
    solid = cv2.merge((alpha, alpha, alpha))
    front = cv2.multiply(above, solid, scale=1 / 255)
    return cast("Pixels", cv2.add(front, cv2.multiply(below, cv2.bitwise_not(solid), scale=1 / 255)))


def sharpened(pixels: Pixels, amount: float) -> Pixels:
    """Sharpen by a 3 by 3 kernel; amount 1 is (-1 … 16 … -1) / 8, computed from the box mean, which is faster.

    The array itself is changed where it can be, strip by strip.
    """
    if not amount:
        return pixels
    weight = amount * 9 / 8
    result = writeable(pixels)
    before = result[:0]
    for top in range(0, result.shape[0], STRIP):
        part = result[top : top + STRIP]
        block = np.concatenate((before, result[top : top + STRIP + 1]))
        start = len(before)
        before = part[-1:].copy()
        sharp = cv2.addWeighted(block, 1 + weight, cv2.blur(block, (3, 3)), -weight, 0)
        part[:] = sharp[start : start + len(part)]
    return result


def compose(
    pixels: Pixels,
    alpha: Alpha | None,
    *,
    layout: Layout,
    colour: tuple[int, int, int] | None,
    shadow: tuple[Alpha, tuple[int, int, int]] | None,
) -> Composed:
    """Put the visible part of the scaled picture on its canvas.

    Args:
        pixels, alpha: exactly the part of the picture that lies on the canvas.
        colour: background in 8 bits; None leaves it transparent.
        shadow: its opacity on the whole canvas, and its colour.
    """
    shown = layout.visible
    corner = shown[0], shown[1]
    is_covered = (shown[2] - shown[0], shown[3] - shown[1]) == layout.canvas
    if alpha is None and is_covered:
        return Composed(pixels=pixels, alpha=None, subject=None, is_plain=False, shown=shown)
    if alpha is None:
        canvas = plain(layout.canvas, colour or WHITE, like=pixels)
        lay_on(canvas, pixels, corner)
        solid = _placed(np.full(pixels.shape[:2], 255, np.uint8), layout) if colour is None else None
        return Composed(pixels=canvas, alpha=solid, subject=None, is_plain=False, shown=shown)
    subject = _placed(alpha, layout)
    if colour is None:
        canvas, opacity = _transparent(pixels, subject, layout, shadow)
        return Composed(pixels=canvas, alpha=opacity, subject=subject, is_plain=False, shown=shown)
    canvas = plain(layout.canvas, colour, like=pixels)
    if shadow is not None:
        blend(canvas, plain(layout.canvas, shadow[1], like=pixels), shadow[0])
    area = np.s_[shown[1] : shown[3], shown[0] : shown[2]]
    blend(canvas[area], pixels, alpha)
    return Composed(pixels=canvas, alpha=None, subject=subject, is_plain=True, shown=shown)


def _placed(alpha: Alpha, layout: Layout) -> Alpha:
    canvas = np.zeros((layout.canvas[1], layout.canvas[0]), np.uint8)
    lay_on(canvas, alpha, (layout.visible[0], layout.visible[1]))
    return canvas


def _transparent(
    pixels: Pixels, subject: Alpha, layout: Layout, shadow: tuple[Alpha, tuple[int, int, int]] | None
) -> tuple[Pixels, Alpha]:
    """Return colours and opacity of subject over shadow over nothing (Porter and Duff 1984, "over")."""
    whole = writeable(pixels)
    if whole.shape[:2] != subject.shape:
        whole = plain(layout.canvas, WHITE, like=pixels)
        lay_on(whole, pixels, (layout.visible[0], layout.visible[1]))
    if shadow is None:
        # Clear pixels carry no picture: what was cut away cannot be brought back, and the file is smaller.
        np.copyto(whole, top_value(pixels), where=(subject == 0)[:, :, np.newaxis])
        return whole, subject
    opacity = subject.copy()
    for top in range(0, subject.shape[0], STRIP):
        part = np.s_[top : top + STRIP]
        front = subject[part].astype(np.float32) / 255
        both = front + shadow[0][part].astype(np.float32) / 255 * (1 - front)
        share = np.divide(front, both, out=np.zeros_like(front), where=both > 0)
        dark = plain((subject.shape[1], front.shape[0]), shadow[1], like=pixels)
        blend(dark, whole[part], np.rint(share * 255).astype(np.uint8))
        whole[part] = dark
        opacity[part] = np.rint(both * 255)
    return whole, opacity


def stamp_on(picture: Composed, stamp: Stamp) -> Composed:
    """Draw an overlay onto a picture, clipped to it."""
    height, width = picture.pixels.shape[:2]
    left, top = max(0, stamp.left), max(0, stamp.top)
    right, bottom = min(width, stamp.left + stamp.alpha.shape[1]), min(height, stamp.top + stamp.alpha.shape[0])
    if right <= left or bottom <= top:
        return picture
    inside = np.s_[top - stamp.top : bottom - stamp.top, left - stamp.left : right - stamp.left]
    area = np.s_[top:bottom, left:right]
    alpha = np.ascontiguousarray(stamp.alpha[inside])
    colours = np.ascontiguousarray(stamp.colours[inside])
    if picture.pixels.dtype == np.uint16:
        colours = colours.astype(np.uint16) * np.uint16(257)
    pixels = writeable(picture.pixels)
    blend(pixels[area], colours, alpha)
    opacity = picture.alpha
    if opacity is not None:
        opacity = opacity.copy()
        opacity[area] = np.maximum(opacity[area], alpha)
    return attrs.evolve(picture, pixels=pixels, alpha=opacity)
