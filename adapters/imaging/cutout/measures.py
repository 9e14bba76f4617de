"""Numbers that say how far a mask can be trusted, taken from its shape, its boundary and the dissent about it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from adapters.imaging.cutout.evidence import Evidence
from adapters.imaging.cutout.masks import Mask, filled, frame, grow, overlap, parts, rim, shrink
from adapters.imaging.cutout.shadows import SOFT_OUTLINE, shadow_coloured, steepness

STRONG_EDGE = 1.2
FAR = 10


def _share(values: Mask, where: Mask) -> float:
    return float(values[where].mean()) if where.any() else 0.0


def _quantile(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]], where: Mask, percent: float) -> float:
    return float(np.percentile(values[where], percent)) if where.any() else 0.0


def shape_measures(mask: Mask) -> dict[str, float]:
    """Describe a mask alone: `area` share, frame contact per side, part count, outline over that of a disc."""
    sides = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    contact = [float(side.mean()) for side in sides]
    outline = int(np.count_nonzero(rim(mask)))
    area = int(np.count_nonzero(mask))
    hull = 1.0
    if area:
        points = cv2.findNonZero(mask.astype(np.uint8))
        hull = max(float(cv2.contourArea(cv2.convexHull(points))), 1.0)
    return {
        "area": float(mask.mean()),
        "contact": float(np.mean(contact)),
        "sides": float(sum(value > 0.02 for value in contact)),
        "parts": float(parts(mask)[0]),
        "roughness": outline / (2 * math.sqrt(math.pi * max(1, area))),
        "solidity": min(1.0, area / hull),
    }


def boundary_measures(mask: Mask, evidence: Evidence) -> dict[str, float]:
    """Describe what lies under, just inside and just outside the boundary."""
    edge = rim(mask)
    near = grow(evidence.edges, 2)
    strength = np.asarray(cv2.dilate(evidence.sharp, np.ones((5, 5), np.uint8)), np.float32)
    steepest = np.asarray(cv2.dilate(steepness(evidence), np.ones((5, 5), np.uint8)), np.float32)
    outside = grow(mask, 7) & ~grow(mask, 3)
    inside = shrink(mask, 2) & ~shrink(mask, 7)
    return {
        "backed": _share(near, edge),
        "edge_median": min(20.0, _quantile(strength, edge, 50)),
        "edge_weakest": min(10.0, _quantile(strength, edge, 10)),
        "edge_weak": _share(strength < STRONG_EDGE, edge),
        "outside_median": min(50.0, _quantile(evidence.residual, outside, 50)),
        "outside_high": min(50.0, _quantile(evidence.residual, outside, 90)),
        "inside_low": min(50.0, _quantile(evidence.residual, inside, 10)),
        "soft_rim": _share(steepest < SOFT_OUTLINE, edge),
        "stray_near": _share(evidence.edges, grow(mask, 14) & ~grow(mask, 4)),
    }


def background_measures(mask: Mask, evidence: Evidence) -> dict[str, float]:
    """Describe the background: noise and fit at the border, and what remains unexplained away from the subject.

    `stray_colour` is `stray_residual` less what a cast shadow explains.
    """
    far = ~grow(mask, FAR)
    shaded = shadow_coloured(evidence, 1.0)
    ring = frame(evidence.shape, max(2, evidence.shape[0] // 25)) & far
    return {
        "noise": min(30.0, evidence.surface.noise),
        "inliers": evidence.surface.inliers,
        "ring_gradient": min(10.0, evidence.ring_noise),
        "stray_edges": _share(evidence.edges, far),
        "stray_residual": min(50.0, _quantile(evidence.residual, far, 95)),
        "stray_colour": min(50.0, _quantile(np.where(shaded, 0, evidence.residual).astype(np.float32), far, 95)),
        "ring_residual": min(50.0, _quantile(evidence.residual, ring, 90)),
    }


def dissent_measures(mask: Mask, candidates: dict[str, Mask]) -> dict[str, float]:
    """Describe how many independent candidates agree with the mask; none of them knows of holes."""
    mask = filled(mask)
    scores = sorted((overlap(mask, other) for other in candidates.values()), reverse=True)
    held = np.sum(list(candidates.values()), axis=0) / max(1, len(candidates))
    split = (held > 0.25) & (held < 0.75) & ~rim(mask, 3)
    return {
        "agree_1": scores[0],
        "agree_2": scores[1],
        "agree_3": scores[2],
        "agree_4": scores[3],
        "agree_mean": float(np.mean(scores)),
        "split": min(2.0, float(np.count_nonzero(split)) / max(1, int(np.count_nonzero(mask)))),
    }


def measure(mask: Mask, evidence: Evidence, candidates: dict[str, Mask]) -> dict[str, float]:
    """Return all measures of a working-size mask."""
    found = shape_measures(mask)
    found |= boundary_measures(mask, evidence)
    found |= background_measures(mask, evidence)
    found |= dissent_measures(mask, candidates)
    return found
