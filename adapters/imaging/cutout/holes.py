"""Holes in the subject: inner regions that are background seen through a handle or a ring, and not a pale print."""

from __future__ import annotations

import attrs
import cv2
import numpy as np

from adapters.imaging.cutout.background import Floats, filled_background
from adapters.imaging.cutout.evidence import Evidence, to_lab
from adapters.imaging.cutout.masks import Mask, grow, opened, parts, shrink, touching
from adapters.imaging.cutout.shadows import shadow_coloured, steepness

SMALLEST, SMALLEST_SHADED, LARGEST = 0.003, 0.006, 0.85
SAME_COLOUR = 1.0
LIT_SHARE = 0.25
GRAIN_RATIO, GRAIN_EXCESS, SPREAD, SPREAD_RATIO = 1.6, 0.15, 0.9, 2.0
TINTED, COLOURFUL = 4.0, 14.0
SHADE = (-14.0, 3.5)
SAME_HUE = 2.0
EDGE, EDGE_SHARE, DOUBT_SHARE = 2.0, 0.8, 0.6


@attrs.frozen(kw_only=True, eq=False)
class View:
    """What hole finding looks at: departure from the background seen around the subject, grain, edges, openness."""

    departure: Floats
    grain: Floats
    background_grain: float
    edge: Floats
    plain: Mask
    alike: Mask
    passable: Mask
    chroma: float


@attrs.frozen(kw_only=True)
class Holes:
    """The mask with its holes opened, and the share of its area that looks like background but was kept."""

    mask: Mask
    doubtful: float


def _view(mask: Mask, evidence: Evidence) -> View:
    raw = to_lab(evidence.rgb)
    known = ~grow(mask, 6)
    background = filled_background(evidence.lab, known, evidence.surface)
    fine = raw - cv2.GaussianBlur(raw, (0, 0), 1.5)
    grain = np.asarray((fine**2).sum(axis=-1), np.float32)
    coloured = shadow_coloured(evidence, 1.05)
    plain = evidence.residual < max(3.0, 2.0 * evidence.surface.noise)
    smooth = (steepness(evidence) < 0.1) | (evidence.sharp < max(0.6, 1.5 * evidence.sharp_noise))
    chroma = np.sqrt((evidence.surface.lab[..., 1:] ** 2).sum(axis=-1))
    return View(
        departure=np.asarray(raw - background, np.float32),
        grain=grain,
        background_grain=float(np.sqrt(np.median(grain[known]))) if known.any() else 0.0,
        edge=np.asarray(cv2.dilate(evidence.gradient, np.ones((5, 5), np.uint8)), np.float32),
        plain=plain,
        alike=opened((plain | (coloured & (evidence.sharp < 1.2))) & mask, 2),
        passable=(coloured | plain) & smooth & mask,
        chroma=float(np.median(chroma)),
    )


def _is_background(part: Mask, view: View, window: tuple[slice, slice], share: float) -> bool:
    """Tell background from a print: same colour and same grain; on a tinted background a shade of it will do.

    White on white needs the strict rule: a print departs by a few Lab units or has another grain. A hole that the
    subject shades in part is judged by its lit part.
    """
    core = shrink(part, 2)
    core = core if np.count_nonzero(core) > 20 else part
    lit = core & view.plain[window]
    core = lit if np.count_nonzero(lit) > LIT_SHARE * np.count_nonzero(core) else core
    lightness, red, yellow = (float(value) for value in np.median(view.departure[window][core], axis=0))
    grain = float(np.sqrt(np.median(view.grain[window][core])))
    spread = float(np.sqrt(view.grain[window][core].mean()))
    alike = grain <= GRAIN_RATIO * view.background_grain or grain - view.background_grain <= GRAIN_EXCESS
    even = spread <= max(SPREAD, SPREAD_RATIO * view.background_grain)
    hue = max(abs(red), abs(yellow))
    strict = max(abs(lightness), hue) <= SAME_COLOUR
    shade = view.chroma >= TINTED and share >= SMALLEST_SHADED and hue <= SAME_HUE and SHADE[0] <= lightness <= SHADE[1]
    return ((alike and even) or view.chroma >= COLOURFUL) and (strict or shade)


def _bounded(part: Mask, within: Mask, view: View, window: tuple[slice, slice]) -> float:
    """Return the share of a part's surroundings within the mask that hold a strong edge."""
    edge = view.edge[window][grow(part, 4) & ~part & within]
    return float((edge > EDGE).mean()) if edge.size and float(np.median(edge)) > EDGE + 1 else 0.0


def _extended(part: Mask, view: View, window: tuple[slice, slice]) -> Mask:
    """Follow the shade inside a hole up to its edge, unless that runs away."""
    reached = touching(opened(view.passable[window], 1) | part, part)
    return reached if np.count_nonzero(reached) <= 3 * np.count_nonzero(part) else part


def carve(mask: Mask, evidence: Evidence) -> Holes:
    """Open the holes of a mask whose inner colour, grain and outline speak for background."""
    view = _view(mask, evidence)
    whole = max(1, int(np.count_nonzero(mask)))
    out, doubtful = mask.copy(), 0
    count, labels, stats = parts(view.alike, connectivity=4)
    for number in range(1, count + 1):
        left, top, width, height, area = (int(value) for value in stats[number])
        if not SMALLEST * whole <= area <= LARGEST * whole:
            continue
        pad = 8 + max(width, height) // 2
        window = slice(max(0, top - pad), top + height + pad), slice(max(0, left - pad), left + width + pad)
        part = labels[window] == number
        if not mask[window][grow(part, 2)].all():
            continue
        hole = _extended(part, view, window)
        hole = hole if _bounded(hole, mask[window], view, window) >= EDGE_SHARE else part
        bounded = _bounded(hole, mask[window], view, window)
        if bounded >= EDGE_SHARE and _is_background(part, view, window, area / whole):
            out[window] &= ~grow(hole, 1)
        elif bounded >= DOUBT_SHARE:
            doubtful += area
    return Holes(mask=out, doubtful=doubtful / whole)
