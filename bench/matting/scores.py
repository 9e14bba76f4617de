"""Scores of one cut-out against exact alpha."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


def iou(alpha: Bytes, truth: Bytes) -> float:
    """Intersection over union of the half-opaque pixels."""
    found, wanted = alpha > 127, truth > 127
    union = int(np.count_nonzero(found | wanted))
    return float(np.count_nonzero(found & wanted)) / union if union else 1.0


def edge_band(truth: Bytes) -> NDArray[np.bool_]:
    """Return the pixels within two pixels of a partly transparent one."""
    partial = ((truth > 0) & (truth < 255)).astype(np.uint8)
    return np.asarray(cv2.dilate(partial, np.ones((5, 5), np.uint8)), bool)


def mad(alpha: Bytes, truth: Bytes) -> float:
    """Mean absolute alpha difference over the whole picture, times 1000."""
    return float(np.abs(alpha.astype(np.float32) - truth).mean()) / 255 * 1000


def edge_mse(alpha: Bytes, truth: Bytes) -> float:
    """Mean squared alpha difference in the edge band, times 1000."""
    difference = (alpha.astype(np.float32) - truth)[edge_band(truth)] / 255
    return float((difference**2).mean()) * 1000 if difference.size else 0.0


def _nearby(rgb: Bytes, where: NDArray[np.bool_]) -> NDArray[np.float32]:
    weight = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 4) + 1e-6
    values = cv2.GaussianBlur(rgb.astype(np.float32) * where[..., None], (0, 0), 4)
    return np.asarray(values / weight[..., None], np.float32)


def rim_tint(foreground: Bytes, rgb: Bytes, truth: Bytes) -> float:
    """Share of background colour left in the rim: 0 is clean, an untouched picture has about 0.5.

    Least squares of the foreground's departure from the nearby subject colour on the background's departure.
    """
    edge = (truth > 25) & (truth < 230)
    opaque = cv2.erode((truth == 255).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clear = cv2.erode((truth == 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if not edge.any() or not opaque.any() or not clear.any():
        return 0.0
    subject, background = _nearby(rgb, opaque)[edge], _nearby(rgb, clear)[edge]
    span = background - subject
    energy = float((span**2).sum())
    return float(((foreground[edge] - subject) * span).sum()) / energy if energy > 1 else 0.0


def auc(scores: NDArray[np.float64], good: NDArray[np.bool_]) -> float:
    """Area under the ROC curve by the rank sum, ties at half; NaN when one class is empty."""
    positives, negatives = int(good.sum()), int((~good).sum())
    if not positives or not negatives:
        return float("nan")
    wins = (scores[good][:, None] > scores[~good][None, :]).sum()
    ties = (scores[good][:, None] == scores[~good][None, :]).sum()
    return float(wins + 0.5 * ties) / (positives * negatives)
