"""`python -m bench.matting`: measure background removal on a photo set and hold it to its limits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np

from bench.matting.bars import GOOD, POOR, Bar, evaluate
from bench.matting.dataset import PLAIN, SCENE, load
from bench.matting.measuring import Row, run

DEFAULT_PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "photos" / "matting"
EXIT_FAILED, EXIT_ABSENT = 1, 2


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.matting", description=__doc__)
    parser.add_argument("--photos", type=Path, default=DEFAULT_PHOTOS, help="folder with index.json")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.add_argument("--half", choices=("all", "even", "odd"), default="all", help="only one half of the products")
    return parser.parse_args(argv)


def _verdict(bar: Bar) -> str:
    return {True: "pass", False: "FAIL", None: "n/a"}[bar.passed]


def _print_kinds(rows: Sequence[Row]) -> None:
    print("background    n  IoU median   mean  >=.95  <.85 | MADx1000 edge MSEx1000 tint | flagged  shipped bad")
    for kind in (*PLAIN, SCENE):
        own = [row for row in rows if row.background == kind]
        if not own:
            continue
        overlap = np.array([row.iou for row in own])
        edges = np.median([[row.mad, row.edge_mse, row.tint] for row in own], axis=0)
        flagged = np.array([not row.certain for row in own])
        good, poor = (overlap >= GOOD).mean(), (overlap < POOR).mean()
        print(
            f"{kind:10} {len(own):4}      {np.median(overlap):.4f} {overlap.mean():.4f}   {good:.2f}  {poor:.2f}"
            f" |  {edges[0]:7.2f} {edges[1]:13.1f} {edges[2]:4.2f}"
            f" |    {flagged.mean():.2f}         {(~flagged & (overlap < GOOD)).mean():.2f}"
        )


def _print_half(title: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    print(f"\n== {title}: {len(rows)} pictures, {len({row.family for row in rows})} product families")
    _print_kinds(rows)
    for bar in evaluate(rows):
        print(f"{_verdict(bar):4}  {bar.name}: {bar.value:.4f} (limit {'>=' if bar.at_least else '<='} {bar.limit})")


def _document(rows: Sequence[Row], halves: dict[str, list[Row]]) -> str:
    def bars(part: Sequence[Row]) -> list[dict[str, object]]:
        return [
            attrs.asdict(bar) | {"value": None if np.isnan(bar.value) else bar.value, "passed": bar.passed}
            for bar in evaluate(part)
        ]

    parts = {name: bars(part) for name, part in halves.items() if part}
    return json.dumps({"bars": parts, "rows": [attrs.asdict(row) for row in rows]}, indent=1)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 when every bar over all pictures passes, 1 when one fails, 2 without photos."""
    arguments = _arguments(argv)
    if not (arguments.photos / "index.json").is_file():
        print(f"no photo set: {arguments.photos / 'index.json'} is absent; name one with --photos", file=sys.stderr)
        return EXIT_ABSENT
    samples = load(arguments.photos)
    wanted = [s for s in samples if arguments.half == "all" or s.held_out == (arguments.half == "odd")]
    rows = list(run(wanted))
    halves = {
        "all": rows,
        "even (guided the design)": [row for row in rows if not row.held_out],
        "odd (held out)": [row for row in rows if row.held_out],
    }
    if arguments.json:
        print(_document(rows, halves))
    else:
        for title, part in halves.items():
            _print_half(title, part)
    return EXIT_FAILED if any(bar.passed is False for bar in evaluate(rows)) else 0


if __name__ == "__main__":
    sys.exit(main())
