"""Independent cheap opinions about where the subject is; where they agree, the mask can be trusted."""

from __future__ import annotations

import numpy as np

from adapters.imaging.cutout.background import Floats
from adapters.imaging.cutout.evidence import Evidence
from adapters.imaging.cutout.grabcut import flattened, from_frame
from adapters.imaging.cutout.masks import (
    Mask,
    close,
    filled,
    hysteresis,
    main_parts,
    opened,
    shrink,
    touching,
)

FLOOD_LEVELS = tuple(float(level) for level in np.geomspace(0.35, 40.0, 18))
FRAME_CUT_SIDE = 256


def _border(evidence: Evidence) -> Mask:
    edge = np.zeros(evidence.shape, bool)
    edge[[0, -1], :] = True
    edge[:, [0, -1]] = True
    return edge


def flood_level(gradient: Floats, seeds: Mask) -> Floats:
    """Return for each pixel the lowest gradient barrier on any path from the seeds (a level-set watershed)."""
    level = np.full(gradient.shape, FLOOD_LEVELS[-1] * 2, np.float32)
    for barrier in reversed(FLOOD_LEVELS):
        level[touching((gradient <= barrier) | seeds, seeds)] = barrier
    level[seeds] = 0
    return level


def by_flood(evidence: Evidence) -> Mask:
    """Flood from the background and from the subject; each pixel goes to the side with the lower barrier."""
    smooth = evidence.shadow & (evidence.sharp < max(0.5, 2 * evidence.sharp_median))
    calm = (evidence.residual < evidence.limit) | smooth
    background = shrink(touching(calm, _border(evidence) & calm), 1)
    strong = (evidence.residual > 2.2 * evidence.limit) & ~smooth & ~background
    subject = main_parts(shrink(filled(strong) & ~background, 1), 0.01)
    if not subject.any() or not background.any():
        return by_residual(evidence)
    outer, inner = flood_level(evidence.sharp, background), flood_level(evidence.sharp, subject)
    closer = (inner < outer) | ((inner == outer) & (evidence.residual > 1.5 * evidence.limit))
    return main_parts(opened(filled(closer & ~background), 1), 0.02)


def by_residual(evidence: Evidence) -> Mask:
    """Take what differs from the surface, less the shadows that the background reaches without a sharp edge."""
    plain = evidence.residual < evidence.limit
    passable = (plain | evidence.shadow) & (evidence.sharp < max(0.4, 1.3 * evidence.sharp_noise))
    seeds = _border(evidence) & plain
    outside = touching(opened(passable, 1) | seeds, seeds)
    return main_parts(opened(filled(close(~outside & ~plain, 2)), 2), 0.02)


def _enclosed(edges: Mask, radii: tuple[int, ...]) -> Mask:
    """Fill the closed contours, bridging wider gaps only where that gains much."""
    best = np.zeros(edges.shape, bool)
    for radius in radii:
        found = main_parts(opened(filled(close(edges, radius)), 2), 0.03)
        if np.count_nonzero(found) > 1.3 * np.count_nonzero(best):
            best = found
    return shrink(best, 1)


def by_sharp_contour(evidence: Evidence) -> Mask:
    """Fill the contours of sharp edges, so that no shadow is part of the subject."""
    level = max(0.5, 3 * max(evidence.sharp_median, 0.15))
    return _enclosed(hysteresis(evidence.sharp, level, 2.5 * level), (2, 6))


def by_weak_contour(evidence: Evidence) -> Mask:
    """Fill the contours of weak edges too: the only evidence of white parts on a near-white background."""
    return _enclosed(evidence.edges, (3,))


def by_plain_contour(evidence: Evidence) -> Mask:
    """Fill the contours of strong edges, sharp or soft, less the smooth parts of shadows."""
    level = max(0.5, 3 * evidence.ring_median)
    soft = evidence.shadow & (evidence.gradient < max(1.6, 2.5 * evidence.ring_median)) & (evidence.residual > 2)
    return _enclosed(hysteresis(evidence.gradient, level, 2.5 * level) & ~soft, (2, 6))


def opinions(evidence: Evidence) -> dict[str, Mask]:
    """Return every candidate mask by name."""
    return {
        "sharp": by_sharp_contour(evidence),
        "weak": by_weak_contour(evidence),
        "contour": by_plain_contour(evidence),
        "flood": by_flood(evidence),
        "residual": by_residual(evidence),
        "colour": from_frame(evidence.rgb, FRAME_CUT_SIDE),
        "flat": from_frame(flattened(evidence.lab, evidence.surface.lab), FRAME_CUT_SIDE),
    }
