"""`python -m bench.matting.train`: fit the confidence model and write its weights as package data.

Rows are the even-numbered products of a photo set, composites of their cut-outs on generated backgrounds, and
composites of drawn subjects. The folds of the cross-validation are grouped by product family.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout import cut_out
from bench.matting.__main__ import DEFAULT_PHOTOS
from bench.matting.dataset import Sample, load, read_rgb
from bench.matting.scores import auc, iou
from bench.matting.synth import Composite, Subject, compose, drawn_subject

WEIGHTS = Path(__file__).resolve().parents[2] / "adapters" / "imaging" / "cutout" / "confidence.json"
GOOD = 0.95
FOLDS = 6
RIDGE = 3.0
NAMES = (
    "contact",
    "roughness",
    "backed",
    "edge_median",
    "edge_weakest",
    "edge_weak",
    "outside_median",
    "outside_high",
    "noise",
    "inliers",
    "ring_gradient",
    "stray_edges",
    "stray_residual",
    "agree_1",
    "agree_2",
    "agree_3",
    "agree_4",
    "split",
    "doubtful",
    "soft_rim",
    "stray_near",
    "sides",
    "solidity",
)

Doubles = NDArray[np.float64]


def _row(rgb: NDArray[np.uint8], truth: NDArray[np.uint8], **about: Any) -> dict[str, Any]:
    result = cut_out(rgb)
    return {**about, "iou": iou(result.alpha, truth), "measures": dict(result.measures)}


def _lifted(sample: Sample) -> Subject:
    """Take a product off its white background, so that it can be placed on another."""
    alpha = np.asarray(sample.truth() / 255, np.float32)
    colour = np.asarray(sample.pixels() / 255, np.float32)
    share = alpha[..., None]
    colour = np.clip((colour - (1 - share) * 0.995) / np.maximum(share, 0.1), 0, 1)
    return Subject(colour=np.asarray(colour, np.float32), alpha=alpha, name=sample.family)


def _composites(samples: Sequence[Sample], scenes: Sequence[Path], drawn: int, lifted: int) -> Iterator[Composite]:
    backs = [read_rgb(path) for path in scenes]
    for seed in range(drawn):
        rng = np.random.default_rng(seed)
        yield compose(rng, drawn_subject(rng), scenes=backs)
    sources = [sample for sample in samples if sample.background == "white"]
    for seed in range(lifted if sources else 0):
        rng = np.random.default_rng(100_000 + seed)
        yield compose(rng, _lifted(sources[seed % len(sources)]), scenes=backs)


def collect(photos: Path, scenes: Sequence[Path], drawn: int, lifted: int) -> list[dict[str, Any]]:
    """Measure the training pictures: one row with family, background kind, IoU and measures each."""
    cv2.setNumThreads(1)
    samples = [sample for sample in load(photos) if not sample.held_out]
    rows = [_row(s.pixels(), s.truth(), family=s.family, background=s.background, real=True) for s in samples]
    for composite in _composites(samples, scenes, drawn, lifted):
        if np.count_nonzero(composite.alpha > 127) < 500:
            continue
        about = {"family": composite.subject, "background": composite.background, "real": False}
        rows.append(_row(composite.rgb, composite.alpha, **about))
    return rows


def fit(values: Doubles, good: NDArray[np.bool_]) -> Doubles:
    """Fit a ridge-penalised logistic regression by Newton's method; the last coefficient is the intercept."""
    design = np.hstack([values, np.ones((len(values), 1))])
    penalty = RIDGE * np.diag([*np.ones(values.shape[1]), 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (good - probability) - penalty @ weights
        curve = (design * (probability * (1 - probability))[:, None]).T @ design + penalty + 1e-9 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return np.asarray(weights)


def _folds(families: Sequence[str]) -> NDArray[np.int64]:
    order = {family: position % FOLDS for position, family in enumerate(sorted(set(families)))}
    return np.array([order[family] for family in families])


def _standardised(values: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    centres, scales = values.mean(axis=0), values.std(axis=0) + 1e-6
    return np.clip((values - centres) / scales, -4, 4), centres, scales


def _out_of_fold(values: Doubles, good: NDArray[np.bool_], folds: NDArray[np.int64]) -> Doubles:
    out = np.zeros(len(values))
    for fold in range(FOLDS):
        test = folds == fold
        if test.any():
            weights = fit(values[~test], good[~test])
            out[test] = 1 / (1 + np.exp(-(values[test] @ weights[:-1] + weights[-1])))
    return out


def _report(rows: Sequence[dict[str, Any]], probability: Doubles, ship: float) -> None:
    overlap = np.array([row["iou"] for row in rows])
    real = np.array([row["real"] for row in rows])
    scene = np.array([row["background"] in ("texture", "scene") for row in rows])
    for title, part in (("all", real | ~real), ("photos", real), ("plain", ~scene), ("scenes", scene)):
        kept = part & (probability >= ship)
        good, bad = overlap >= GOOD, overlap < 0.9
        print(
            f"{title:7} n {part.sum():4} good {good[part].mean():.2f} AUC {auc(probability[part], good[part]):.3f}"
            f" | shipped {kept.sum() / part.sum():.2f}, of these below .95: {(~good[kept]).mean():.3f}"
            f" | below .90 flagged {1 - kept[part & bad].mean():.3f}"
            f" | above .97 flagged {1 - kept[part & (overlap > 0.97)].mean():.3f}"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Collect or reuse rows, cross-validate, fit on everything, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m bench.matting.train", description=__doc__)
    parser.add_argument("--photos", type=Path, default=DEFAULT_PHOTOS)
    parser.add_argument("--scenes", type=Path, nargs="*", default=[], help="photos to cut scene backgrounds from")
    parser.add_argument("--rows", type=Path, help="JSON file that keeps the measured rows between runs")
    parser.add_argument("--drawn", type=int, default=300)
    parser.add_argument("--lifted", type=int, default=200)
    parser.add_argument("--ship", type=float, default=0.7, help="probability from which a mask is certain")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(argv)
    if options.rows and options.rows.is_file():
        rows = json.loads(options.rows.read_text("utf-8"))
    else:
        rows = collect(options.photos, options.scenes, options.drawn, options.lifted)
        if options.rows:
            options.rows.write_text(json.dumps(rows), "utf-8")
    raw = np.array([[row["measures"][name] for name in NAMES] for row in rows])
    good = np.array([row["iou"] >= GOOD for row in rows])
    values, centres, scales = _standardised(raw)
    _report(rows, _out_of_fold(values, good, _folds([row["family"] for row in rows])), options.ship)
    weights = fit(values, good)
    document = {
        "names": NAMES,
        "centres": [round(float(value), 6) for value in centres],
        "scales": [round(float(value), 6) for value in scales],
        "weights": [round(float(value), 6) for value in weights[:-1]],
        "intercept": round(float(weights[-1]), 6),
        "ship": options.ship,
    }
    options.out.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
