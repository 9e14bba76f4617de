"""Usage: python -m bench.pipeline [--images 100] [--rounds 3] [--subject NAME=MODULE:FUNCTION] [--json] [--memory]."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.pipeline.inputs import inputs
from bench.pipeline.race import Standing, memory_growth, race
from bench.pipeline.subjects import SUBJECTS

# What the engine has to reach against the others: at least this share of their pictures per second.
BARS = {"bare": 0.85, "bound": 0.50, "pillow": 1.8}
MEMORY_GROWTH, MEMORY_MB = 1.15, 600


def main() -> int:
    """Run and print; the exit status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=100, help="pictures between two changes of subject")
    parser.add_argument("--subject", action="append", default=[], metavar="NAME=MODULE:FUNCTION")
    parser.add_argument("--only", help="names of subjects, separated by commas")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory", action="store_true", help="peak of 1,000 pictures against 100, first subject")
    options = parser.parse_args()
    subjects = dict(SUBJECTS) | dict(item.split("=", 1) for item in options.subject)
    if options.only:
        subjects = {name: subjects[name] for name in options.only.split(",")}
    paths = inputs(options.images)
    with tempfile.TemporaryDirectory(prefix="i2i-bench-") as folder:
        if options.memory:
            return _memory(next(iter(subjects.values())), paths, Path(folder), options.json)
        standings = race(subjects, paths, Path(folder), (options.rounds, options.batch))
    return _report(standings, as_json=options.json)


def _report(standings: dict[str, Standing], *, as_json: bool) -> int:
    measured = [name for name in standings if name not in BARS]
    ratios = {
        name: {other: standings[name].ratio_to(standings[other]) for other in standings if other != name}
        for name in measured
    }
    missed = [
        f"{name} / {other}"
        for name in measured
        if name != "magick"
        for other, bar in BARS.items()
        if ratios[name].get(other, bar) < bar
    ]
    if as_json:
        table = {name: standing.figures() for name, standing in standings.items()}
        print(json.dumps({"subjects": table, "ratios": ratios, "bars": BARS, "missed": missed}, indent=2))
        return 1 if missed else 0
    print(f"{'subject':10} {'images/s':>9} {'CPU ms/image':>13} {'peak MB':>8}")
    for name, standing in standings.items():
        figures = standing.figures()
        print(f"{name:10} {figures['images_per_s']:9.2f} {figures['cpu_ms']:13.1f} {figures['peak_mb']:8.0f}")
    for name in measured:
        for other, ratio in ratios[name].items():
            bar = f"  (bar {BARS[other]:.2f})" if other in BARS else ""
            by_cpu = standings[other].figures()["cpu_ms"] / standings[name].figures()["cpu_ms"]
            print(f"{name} / {other}: {ratio:.3f}{bar}, by CPU time {by_cpu:.3f}")
    print("missed: " + ", ".join(missed) if missed else "every bar is reached")
    return 1 if missed else 0


def _memory(place: str, paths: list[Path], folder: Path, as_json: bool) -> int:
    few, many = memory_growth(place, paths, folder)
    is_kept = many / few <= MEMORY_GROWTH and many <= MEMORY_MB
    if as_json:
        print(json.dumps({"peak_mb_100": few, "peak_mb_1000": many, "ratio": many / few, "kept": is_kept}))
    else:
        print(f"peak of all processes: {few:.0f} MB over 100 pictures, {many:.0f} MB over 1,000 ({many / few:.3f})")
        print(f"bars: ratio {MEMORY_GROWTH}, {MEMORY_MB} MB: {'kept' if is_kept else 'missed'}")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
