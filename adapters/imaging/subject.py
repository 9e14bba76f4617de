"""Where the subject is: from its cut-out, or else estimated against a plain background."""

import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels
from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Box

SOLID = 128
MIN_DISTANCE = 12.0
MAX_UNEVENNESS = 14.0
MIN_SHARE = 0.0005


def find_subject(draft: Draft) -> Box | None:
    """Return the box of the subject in full-size pixels of the turned and straightened picture.

    Returns:
        None when there is no cut-out and the background is not plain enough to tell.
    """
    found: Box | None = draft.shared("subject", lambda: _find(draft))
    return None if found is None else found.within(draft.framed)


def _find(draft: Draft) -> Box | None:
    alpha = draft.look_alpha()
    box = alpha_box(alpha) if alpha is not None else plain_box(draft.look())
    return None if box is None else box.scaled(1 / draft.look_scale)


def alpha_box(alpha: Alpha) -> Box | None:
    """Return the box of what is at least half solid, with edges to a fraction of a pixel; None when nothing is."""
    left, right = _span(alpha.max(axis=0))
    top, bottom = _span(alpha.max(axis=1))
    if right <= left or bottom <= top:
        return None
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _span(profile: Alpha) -> tuple[float, float]:
    solid = np.flatnonzero(profile >= SOLID)
    if not len(solid):
        return 0.0, 0.0
    first, last = int(solid[0]), int(solid[-1])
    before = float(profile[first - 1]) / 255 if first else 0.0
    after = float(profile[last + 1]) / 255 if last + 1 < len(profile) else 0.0
    return first - before, last + 1 + after


def plain_box(look: Pixels) -> Box | None:
    """Return the box of what differs from a plain background; None when the border of the picture is not plain."""
    height, width = look.shape[:2]
    band = max(2, max(width, height) // 60)
    # A median takes grain away and leaves edges where they are.
    smooth = cv2.medianBlur(look, 5).astype(np.float32)
    sides = (smooth[:band], smooth[-band:], smooth[:, :band], smooth[:, -band:])
    border = np.concatenate([side.reshape(-1, 3) for side in sides])
    background = np.median(border, axis=0)
    distances = np.abs(border - background).max(axis=1)
    if float(np.percentile(distances, 75)) > MAX_UNEVENNESS:
        return None
    limit = max(MIN_DISTANCE, 2.0 * float(np.percentile(distances, 75)))
    mask = (np.abs(smooth - background).max(axis=2) > limit).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    if mask.mean() < MIN_SHARE:
        return None
    left, top, right, bottom = cv2.boundingRect(mask)
    return Box(left=left, top=top, width=right, height=bottom)
