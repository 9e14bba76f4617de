"""The limits that the bench holds the cut-out to, and their evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np

from bench.matting.dataset import PLAIN, SCENE
from bench.matting.measuring import Row
from bench.matting.scores import auc

GOOD = 0.95
BAD = 0.90
POOR = 0.85
FINE = 0.97


@attrs.frozen(kw_only=True)
class Bar:
    """One limit and what was measured against it; a value that cannot be formed (NaN) neither passes nor fails."""

    name: str
    value: float
    limit: float
    at_least: bool

    @property
    def passed(self) -> bool | None:
        """True, False, or None when the set has nothing to measure."""
        if np.isnan(self.value):
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def _share(rows: Sequence[Row], test: Callable[[Row], bool]) -> float:
    return float(np.mean([test(row) for row in rows])) if rows else float("nan")


def _median(rows: Sequence[Row], value: Callable[[Row], float]) -> float:
    return float(np.median([value(row) for row in rows])) if rows else float("nan")


def _overlap_bars(rows: Sequence[Row]) -> list[Bar]:
    found = []
    for kind in PLAIN:
        own = [row for row in rows if row.background == kind]
        found.append(Bar(name=f"{kind}: median IoU", value=_median(own, lambda r: r.iou), limit=0.985, at_least=True))
        good = _share(own, lambda r: r.iou >= GOOD)
        found.append(Bar(name=f"{kind}: share IoU >= 0.95", value=good, limit=0.85, at_least=True))
    poor = _share([row for row in rows if row.background in PLAIN], lambda r: r.iou < POOR)
    return [*found, Bar(name="plain: share IoU < 0.85", value=poor, limit=0.04, at_least=False)]


def _honesty_bars(rows: Sequence[Row]) -> list[Bar]:
    area = auc(np.array([row.confidence for row in rows]), np.array([row.iou >= GOOD for row in rows], bool))
    caught = _share([row for row in rows if row.iou < BAD], lambda r: not r.certain)
    fine = [row for row in rows if row.background in PLAIN and row.iou > FINE]
    doubted = _share(fine, lambda r: not r.certain)
    scenes = [row for row in rows if row.background == SCENE]
    slipped = _share(scenes, lambda r: r.certain and r.iou < GOOD)
    return [
        Bar(name="confidence AUC (IoU >= 0.95)", value=area, limit=0.95, at_least=True),
        Bar(name="IoU < 0.90: share flagged", value=caught, limit=0.95, at_least=True),
        Bar(name="plain, IoU > 0.97: share flagged", value=doubted, limit=0.15, at_least=False),
        Bar(name="texture: shipped unflagged and bad", value=slipped, limit=0.05, at_least=False),
    ]


def evaluate(rows: Sequence[Row]) -> list[Bar]:
    """Return every bar for a set of rows; the cost is scaled to 1.2 MP only downwards, never upwards."""
    cpu = _median(rows, lambda r: r.cpu / max(1.0, r.megapixels / 1.2))
    cost = Bar(name="CPU s per mask at 1.2 MP (median)", value=cpu, limit=1.5, at_least=False)
    return [*_overlap_bars(rows), *_honesty_bars(rows), cost]
