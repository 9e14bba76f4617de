"""Background removal without neural weights: evidence, opinions, consensus, soft edge, confidence."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.candidates import opinions
from adapters.imaging.cutout.confidence import reasons, shipped_model, tempered
from adapters.imaging.cutout.consensus import agree
from adapters.imaging.cutout.edges import refine
from adapters.imaging.cutout.evidence import gather
from adapters.imaging.cutout.holes import carve
from adapters.imaging.cutout.masks import Mask
from adapters.imaging.cutout.measures import measure
from adapters.imaging.cutout.result import Cutout, Reason

WORKING_SIDE = 512
SMALLEST_SIDE = 24


def working_copy(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink a picture to the working size by area averaging; smaller pictures stay as they are."""
    height, width = rgb.shape[:2]
    scale = WORKING_SIDE / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def bounding_box(alpha: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return (left, top, width, height) of what is at least half opaque; zeros when nothing is."""
    left, top, width, height = cv2.boundingRect((alpha >= 128).astype(np.uint8))
    return int(left), int(top), int(width), int(height)


def background_colour(work: NDArray[np.uint8], mask: Mask) -> tuple[int, int, int]:
    """Return the median sRGB colour outside the mask, or of the whole picture when nothing is outside."""
    pixels = work[~mask] if not mask.all() else work.reshape(-1, 3)
    red, green, blue = np.median(pixels, axis=0)
    return round(float(red)), round(float(green)), round(float(blue))


def _refused(rgb: NDArray[np.uint8], reason: Reason) -> Cutout:
    height, width = rgb.shape[:2]
    return Cutout(
        alpha=np.full((height, width), 255, np.uint8),
        foreground=rgb.copy(),
        confidence=0.0,
        certain=False,
        reasons=(reason,),
        box=(0, 0, width, height),
        background=background_colour(rgb, np.zeros((height, width), bool)),
    )


def checked(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the array contiguous; raises ValueError unless it is a uint8 HxWx3 one that holds pixels."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise ValueError(f"a uint8 array HxWx3 is needed, not {rgb.dtype} {rgb.shape}")
    return np.ascontiguousarray(rgb)


def cut_out(rgb: NDArray[np.uint8]) -> Cutout:
    """Cut the subject of a product photo from its background.

    `rgb` is a uint8 HxWx3 sRGB array of any size. The result depends on the pixels alone: the random generator
    of the graph cut is seeded anew. Pictures that are too small or empty come back whole and uncertain.
    Raises ValueError for any other array.
    """
    picture = checked(rgb)
    smallest = min(picture.shape[:2])
    if smallest < SMALLEST_SIDE:
        message = "The picture is too small to judge."
        return _refused(picture, Reason(code="too_small", message=message, value=smallest, limit=SMALLEST_SIDE))
    work = working_copy(picture)
    if min(work.shape[:2]) < SMALLEST_SIDE:
        message = "The picture is too narrow to judge."
        ratio = max(work.shape[:2]) / min(work.shape[:2])
        limit = math.floor(WORKING_SIDE / SMALLEST_SIDE)
        return _refused(picture, Reason(code="too_narrow", message=message, value=ratio, limit=limit))
    evidence = gather(work)
    candidates = opinions(evidence)
    holes = carve(agree(evidence, candidates), evidence)
    mask = holes.mask
    measures = measure(mask, evidence, candidates) | {"doubtful": holes.doubtful}
    model = shipped_model()
    probability = tempered(measures, model.probability(measures))
    found = reasons(measures, probability, model.ship)
    alpha, foreground = refine(picture, work, mask)
    return Cutout(
        alpha=alpha,
        foreground=foreground,
        confidence=probability,
        certain=not found,
        reasons=found,
        box=bounding_box(alpha),
        background=background_colour(work, mask),
        measures=measures,
    )
