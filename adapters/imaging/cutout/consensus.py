"""From several opinions to one mask: vote, complete along unexplained edges, cut once, take the shadows off."""

from __future__ import annotations

import numpy as np

from adapters.imaging.cutout.evidence import Evidence
from adapters.imaging.cutout.grabcut import around
from adapters.imaging.cutout.masks import Mask, close, filled, grow, main_parts, opened, parts, shrink, touching
from adapters.imaging.cutout.shadows import without_shadow

SMALLEST_PART = 30
UNSEEN, LARGEST_UNSEEN = 0.35, 0.12
VOTES_NEEDED = 0.4
USEFUL_AREA = (0.005, 0.92)


def vote(candidates: dict[str, Mask], fallback: str) -> Mask:
    """Take what 40 % of the useful candidates hold; empty and all-filling candidates have no vote."""
    useful = [mask for mask in candidates.values() if USEFUL_AREA[0] < mask.mean() < USEFUL_AREA[1]]
    if len(useful) < 2:
        return useful[0] if useful else candidates[fallback]
    return main_parts(filled(np.sum(useful, axis=0) >= VOTES_NEEDED * len(useful)), 0.02)


def keep_backed(sure: Mask, possible: Mask, evidence: Evidence) -> Mask:
    """Add to `sure` the parts of `possible` whose outer boundary runs on sharp edges.

    A shadow ends softly, a white sole does not: the outer boundary tells them apart, whatever lies between.
    Large parts that cannot be told from the background are left out: there, the edges are compression artefacts.
    """
    added = opened(possible & ~sure, 1)
    near = grow(evidence.edges, 2)
    most = LARGEST_UNSEEN * np.count_nonzero(sure)
    out = sure.copy()
    count, labels, stats = parts(added, connectivity=4)
    for number in range(1, count + 1):
        left, top, width, height, area = (int(value) for value in stats[number])
        if area < SMALLEST_PART:
            continue
        window = slice(max(0, top - 4), top + height + 4), slice(max(0, left - 4), left + width + 4)
        part = labels[window] == number
        if area > most and float(np.median(evidence.residual[window][part])) < UNSEEN * evidence.limit:
            continue
        outer = grow(part, 1) & ~part & ~possible[window] & ~sure[window]
        if not outer.any() or near[window][outer].mean() > 0.5:
            out[window] |= part
    return out


def complete(mask: Mask, evidence: Evidence) -> Mask:
    """Extend a mask over sharp edges just outside it that it leaves unexplained, when that closes a contour."""
    edges = evidence.edges
    attached = touching(edges | mask, mask, connectivity=8) | (edges & grow(mask, 8))
    for radius in (5, 10):
        reach = close((edges & grow(attached, 4)) | mask, radius)
        mask = keep_backed(mask, opened(shrink(filled(reach), 1) | mask, 2), evidence)
    return filled(mask)


def agree(evidence: Evidence, candidates: dict[str, Mask]) -> Mask:
    """Return the joint mask at the working size, holes still closed."""
    seed = complete(vote(candidates, "contour"), evidence)
    return without_shadow(around(evidence.rgb, seed, 2), evidence)
