"""Usage: python -m bench.briefs [FILE | --own] [--planner NAME] [--json] [--verbose].

Exit code 1 when a bar is missed, 2 without a file or planner.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from adapters.bootstrap import Application
from adapters.profiles import BundledProfiles
from adapters.settings import load_settings
from adapters.system.home import home_folder
from bench.briefs.report import bars, figures_of, gap_bar, load, run
from bench.briefs.scoring import Score
from core.errors import I2IError
from core.ports.planner import Planner
from plugins.llm.local.planner import LocalPlanner

DEFAULT = Path(__file__).parents[2].parent / "shared" / "briefs" / "briefs.jsonl"
SETS = Path(__file__).with_name("sets")
KNOWN, UNSEEN = "tuning", "held_out"
Briefs = list[dict[str, Any]]


def main() -> int:
    """Score a planner on a file of briefs, or on the project's own sets."""
    options = _options()
    sets = _own_sets() if options.own else _sets_of(options.file)
    missing = [path for path in sets.values() if not path.is_file()]
    if missing or not sets:
        where = missing[0] if missing else SETS
        print(f"There is no file of briefs at {where}; name one, or use --own.", file=sys.stderr)
        return 2
    started = time.perf_counter()
    try:
        planner = find_planner(options.planner)
    except I2IError as error:
        print(error.message, file=sys.stderr)
        return 2
    loading = round(1000 * (time.perf_counter() - started))
    groups = _grouped({title: load(path) for title, path in sets.items()})
    results: dict[str, Any] = {}
    for title, briefs in groups.items():
        scores, seconds = run(planner, briefs)
        results[title] = figures_of(briefs, scores, seconds)
        # What is wrong in a held-out brief is nobody's to see: only its figures are.
        if options.verbose and not options.json and "/" not in title and title != UNSEEN:
            show_details(briefs, scores)
    met = {title: bars(found) for title, found in results.items() if "/" not in title}
    if KNOWN in results and UNSEEN in results:
        met["gap"] = gap_bar(results[KNOWN], results[UNSEEN])
    if options.json:
        print(json.dumps({"results": results, "bars": met, "loading_milliseconds": loading}, indent=2))
    else:
        print(f"ms to make the planner: {loading}")
        _show(results, met)
    return 0 if all(ok for group in met.values() for ok in group.values()) else 1


def find_planner(name: str) -> Planner:
    """Return a planner that this installation knows, by its key.

    Raises:
        NotFoundError: there is no such planner.
        InvalidInputError: it lacks a setting.
    """
    if name == LocalPlanner.name:
        return LocalPlanner(BundledProfiles())
    return Application(attrs.evolve(load_settings(os.environ, home_folder(os.environ)), planner=name)).planner


def show_details(briefs: Briefs, scores: Mapping[Any, Score]) -> None:
    """Print what is missing, extra or wrong in each brief."""
    for brief in briefs:
        one = scores[brief["id"]]
        if one.details or one.hard_fails:
            print(f"[{brief['id']}] {str(brief.get('notes', ''))[:2]} {brief['brief'][:110]!r}")
            print("".join(f"      {line}\n" for line in [*one.hard_fails, *one.details]), end="")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.briefs", description="Scores a planner on briefs.")
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT, help="JSON lines, or a folder of such files")
    parser.add_argument("--own", action="store_true", help="score the project's own sets by half and by language")
    parser.add_argument("--planner", default=LocalPlanner.name, help="key of the planner (default: local)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--verbose", action="store_true", help="print what is wrong; never for the held-out half")
    return parser.parse_args()


def _sets_of(path: Path) -> dict[str, Path]:
    found = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return {f"{path.name}/{p.stem}" if path.is_dir() else p.name: p for p in found}


def _own_sets() -> dict[str, Path]:
    return {f"{half}/{path.stem}": path for half in (KNOWN, UNSEEN) for path in sorted((SETS / half).glob("*.jsonl"))}


def _grouped(sets: dict[str, Briefs]) -> dict[str, Briefs]:
    """Put the languages of a half together, then list them one by one."""
    halves = {title.partition("/")[0] for title in sets if "/" in title}
    joined = {h: [b for t, briefs in sets.items() if t.startswith(h + "/") for b in briefs] for h in sorted(halves)}
    return joined | sets


def _show(results: Mapping[str, Any], met: Mapping[str, Mapping[str, bool]]) -> None:
    for title, found in results.items():
        print(f"{title}: {found['briefs']} briefs")
        rows = found["levels"].items() if "/" not in title else ()
        for name, row in [*rows, ("all", found["overall"])]:
            cells = "  ".join(f"{k} {'-' if v is None else v}" for k, v in row.items() if k != "briefs")
            print(f"  {name:6} {cells}")
        if "/" not in title:
            print(f"  hard fails: {found['hard_fails'] or 'none'}")
            print(f"  ms a brief: median {found['milliseconds']['median']}, most {found['milliseconds']['most']}")
    for title, verdicts in met.items():
        for name, ok in verdicts.items():
            print(f"{'pass' if ok else 'FAIL'}  {title}: {name}")


if __name__ == "__main__":
    sys.exit(main())
