"""Runs the cut-out over a photo set and keeps one row per picture."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import attrs
import cv2

from adapters.imaging.cutout import cut_out
from bench.matting.dataset import Sample
from bench.matting.scores import edge_mse, iou, mad, rim_tint


@attrs.frozen(kw_only=True)
class Row:
    """What was measured on one picture; `cpu` in seconds of process time, `megapixels` of the input."""

    image: str
    background: str
    family: str
    held_out: bool
    iou: float
    mad: float
    edge_mse: float
    tint: float
    confidence: float
    certain: bool
    reasons: tuple[str, ...]
    cpu: float
    megapixels: float


def measured(sample: Sample) -> Row:
    """Cut one picture out and score the result."""
    rgb, truth = sample.pixels(), sample.truth()
    started = time.process_time()
    result = cut_out(rgb)
    cpu = time.process_time() - started
    return Row(
        image=sample.image.name,
        background=sample.background,
        family=sample.family,
        held_out=sample.held_out,
        iou=iou(result.alpha, truth),
        mad=mad(result.alpha, truth),
        edge_mse=edge_mse(result.alpha, truth),
        tint=rim_tint(result.foreground, rgb, truth),
        confidence=result.confidence,
        certain=result.certain,
        reasons=tuple(reason.code for reason in result.reasons),
        cpu=cpu,
        megapixels=rgb.shape[0] * rgb.shape[1] / 1e6,
    )


def run(samples: Iterable[Sample]) -> Iterator[Row]:
    """Measure every sample on one thread, so that CPU time is comparable between machines."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        for sample in samples:
            yield measured(sample)
    finally:
        cv2.setNumThreads(before)
