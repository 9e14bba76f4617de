"""How far a product leans: from its outline when that is a box, else from its long straight edges."""

import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels

BOXY = 0.85
MAX_ANGLE = 20.0


def measure_tilt(look: Pixels, alpha: Alpha | None) -> float | None:
    """Return degrees clockwise by which the subject leans; None when nothing straight is found."""
    if alpha is not None:
        angle = _of_outline(alpha)
        if angle is not None:
            return angle
    return _of_edges(look, alpha)


def _of_outline(alpha: Alpha) -> float | None:
    contours, _ = cv2.findContours((alpha >= 128).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    outline = max(contours, key=cv2.contourArea)
    rectangle = cv2.minAreaRect(outline)
    area = rectangle[1][0] * rectangle[1][1]
    if area <= 0 or cv2.contourArea(outline) / area < BOXY:
        return None
    return _limited(_folded(rectangle[2]))


def _folded(degrees: float) -> float:
    """Bring an angle to -45…45: a side that leans is nearest to level or to upright."""
    return (degrees + 45) % 90 - 45


def _limited(angle: float) -> float | None:
    return round(angle, 2) if abs(angle) <= MAX_ANGLE else None


def _of_edges(look: Pixels, alpha: Alpha | None) -> float | None:
    grey = cv2.cvtColor(look, cv2.COLOR_RGB2GRAY)
    edges = cv2.Canny(grey, 60, 150)
    if alpha is not None:
        edges[cv2.dilate(alpha, np.ones((5, 5), np.uint8)) < 128] = 0
    shortest = max(30, max(look.shape[:2]) // 10)
    lines = cv2.HoughLinesP(edges, 1, np.pi / 720, 60, minLineLength=shortest, maxLineGap=4)
    if lines is None:
        return None
    ends = np.asarray(lines, np.float64).reshape(-1, 4)
    run, rise = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    angles = (np.degrees(np.arctan2(rise, run)) + 45) % 90 - 45
    lengths = np.hypot(run, rise)
    near = np.abs(angles) <= MAX_ANGLE
    if lengths[near].sum() < 0.5 * lengths.sum() or not near.any():
        return None
    order = np.argsort(angles[near], kind="stable")
    reached = np.cumsum(lengths[near][order])
    return round(float(angles[near][order][int(np.searchsorted(reached, reached[-1] / 2))]), 2)
