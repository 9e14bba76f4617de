"""Figures of every finished file, taken from small arrays; the names are explained in docs/reference/measures.md."""

from typing import Any

import cv2
import numpy as np

from adapters.imaging import profiles
from adapters.imaging.arrays import Alpha, Pixels, resized
from adapters.imaging.compose import Composed
from adapters.imaging.encode import Encoded
from adapters.imaging.geometry import Box
from adapters.imaging.subject import alpha_box, plain_box

QUALITY_EDGE = 1024
RING = 0.02


def measure(picture: Composed, encoded: Encoded, *, dpi: float | None, is_judged: bool) -> dict[str, Any]:
    """Measure a finished picture.

    Args:
        dpi: written in the file; None when it holds none.
        is_judged: whether the background is measured on the decoded file rather than on the pixels before encoding.
    """
    height, width = picture.pixels.shape[:2]
    figures: dict[str, Any] = {
        "width": width,
        "height": height,
        "bytes": len(encoded.data),
        "format": encoded.format,
        "icc": profiles.profile_name(encoded.profile),
        "icc_space": profiles.colour_model(encoded.profile),
        "colour_space": encoded.colour_space,
        "bit_depth": encoded.bit_depth,
        "has_alpha": encoded.has_alpha,
        "orientation": 1,
        "animated": False,
    }
    if dpi:
        figures["dpi"] = round(dpi, 2)
    pixels = _eight_bits(picture.pixels)
    if encoded.colour_space == "rgb":
        figures |= background(_decoded(encoded) if is_judged else pixels, picture)
    subject = alpha_box(picture.subject) if picture.subject is not None else None
    if picture.subject is None and is_judged:
        subject = estimated_box(pixels)
    return figures | fill(subject, picture) | quality(pixels, picture)


def _eight_bits(pixels: Pixels) -> Pixels:
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _decoded(encoded: Encoded) -> Pixels:
    from adapters.imaging.source import decoded

    return decoded(encoded.data)


def background(pixels: Pixels, picture: Composed) -> dict[str, Any]:
    """Return how white the background is: outside the subject, or else in a ring along the border."""
    if picture.subject is None:
        return _ring(pixels, picture.alpha)
    where = picture.subject == 0
    total = int(np.count_nonzero(where))
    if not total:
        return {}
    darkest = cv2.min(cv2.min(pixels[:, :, 0], pixels[:, :, 1]), pixels[:, :, 2])
    clear = where & (picture.alpha == 0) if picture.alpha is not None else None
    white = where & (darkest == 255)
    if clear is not None:
        white &= ~clear
    values = np.where(where, darkest, 255)
    worst = int(values.argmin())
    y, x = divmod(worst, pixels.shape[1])
    return _shares(white, clear, total) | _worst(pixels, x, y)


def _shares(white: Any, clear: Any, total: int) -> dict[str, float]:
    transparent = int(np.count_nonzero(clear)) if clear is not None else 0
    return {
        "background_white_share": round(int(np.count_nonzero(white)) / total, 6),
        "background_transparent_share": round(transparent / total, 6),
    }


def _worst(pixels: Pixels, x: int, y: int) -> dict[str, Any]:
    return {"background_worst_colour": [int(v) for v in pixels[y, x]], "background_worst_at": [x, y]}


def _ring(pixels: Pixels, alpha: Alpha | None) -> dict[str, Any]:
    height, width = pixels.shape[:2]
    band = max(1, round(RING * min(height, width)))
    bands = [(0, 0, width, band), (0, height - band, width, height)]
    bands += [(0, band, band, height - band), (width - band, band, width, height - band)]
    total = white = clear = 0
    worst, place = 256, (0, 0)
    for left, top, right, bottom in bands:
        if right <= left or bottom <= top:
            continue
        part = pixels[top:bottom, left:right]
        darkest = np.minimum(np.minimum(part[:, :, 0], part[:, :, 1]), part[:, :, 2])
        opaque = None if alpha is None else alpha[top:bottom, left:right] > 0
        total += darkest.size
        white += int(np.count_nonzero((darkest == 255) if opaque is None else (darkest == 255) & opaque))
        clear += 0 if opaque is None else int(np.count_nonzero(~opaque))
        at = int(darkest.argmin())
        if darkest.flat[at] < worst:
            worst, place = int(darkest.flat[at]), (left + at % darkest.shape[1], top + at // darkest.shape[1])
    shares = {
        "background_white_share": round(white / max(1, total), 6),
        "background_transparent_share": round(clear / max(1, total), 6),
    }
    return shares | _worst(pixels, *place)


def estimated_box(pixels: Pixels) -> Box | None:
    """Return the box of what differs from a plain background; None where the background is not plain."""
    factor = min(1.0, QUALITY_EDGE / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))
    box = plain_box(resized(pixels, size))
    return None if box is None else box.scaled(1 / factor)


def fill(box: Box | None, picture: Composed) -> dict[str, float]:
    """Return how much of the canvas the subject takes; nothing when it is not known where it is."""
    if box is None:
        return {}
    height, width = picture.pixels.shape[:2]
    across, down = min(1.0, box.width / width), min(1.0, box.height / height)
    figures = {
        "fill_width": round(across, 4),
        "fill_height": round(down, 4),
        "fill_longest_side": round(across if box.width >= box.height else down, 4),
    }
    if picture.subject is not None:
        figures["fill_area"] = round(float(cv2.mean(picture.subject)[0]) / 255, 4)
    return figures


def quality(pixels: Pixels, picture: Composed) -> dict[str, float]:
    """Return sharpness, clipping and edge strength of what the photo shows, at most 1024 px long, on green."""
    left, top, right, bottom = picture.shown
    green = cv2.extractChannel(pixels, 1)[top:bottom, left:right]
    factor = QUALITY_EDGE / max(green.shape)
    if factor < 1:
        size = max(1, round(green.shape[1] * factor)), max(1, round(green.shape[0] * factor))
        green = cv2.resize(green, size, interpolation=cv2.INTER_LINEAR)
    steps = cv2.Laplacian(green, cv2.CV_16S, ksize=1)
    across = cv2.absdiff(green[:, 1:], green[:, :-1])
    edges = cv2.calcHist([across], [0], None, [256], [0, 256]).ravel()
    _, deviation = cv2.meanStdDev(steps)
    tones = cv2.calcHist([green], [0], None, [256], [0, 256]).ravel() / green.size
    strong = float(_tail_mean(edges))
    return {
        "sharpness": round(float(deviation[0, 0]) ** 2 / max(strong, 1.0) ** 2, 4),
        "edge_score": round(strong, 2),
        "clipped_black": round(float(tones[:2].sum()), 4),
        "clipped_white": round(float(tones[254:].sum()), 4),
    }


def _tail_mean(counts: Any) -> float:
    """Return the mean of the strongest percent of a histogram."""
    wanted = counts.sum() * 0.01
    above = np.cumsum(counts[::-1])
    taken = np.diff(np.minimum(np.concatenate([[0.0], above]), wanted))
    return float((taken * np.arange(len(counts) - 1, -1, -1)).sum() / max(wanted, 1e-9))
