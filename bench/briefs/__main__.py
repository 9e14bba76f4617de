"""Usage: python -m bench.briefs [FILE] [--json] [--verbose]; exit code 1 when a bar is missed, 2 without a file."""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from adapters.profiles import BundledProfiles
from bench.briefs.scoring import Score, score
from core.ports.planner import Planner, PlanRequest
from plugins.llm.local.planner import LocalPlanner

DEFAULT = Path(__file__).parents[2].parent / "shared" / "briefs" / "briefs.jsonl"
OWN = Path(__file__).with_name("own.jsonl")
GROUPS = {"L1-L2": ("L1", "L2"), "L3": ("L3",), "L4-L5": ("L4", "L5")}
BAR = 0.90


def load(path: Path) -> list[dict[str, Any]]:
    """Read the briefs of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def level(brief: Mapping[str, Any]) -> str:
    """Return the group of a brief's level, which its notes start with."""
    start = str(brief.get("notes", ""))[:2]
    return next((group for group, levels in GROUPS.items() if start in levels), "L3")


def run(planner: Planner, briefs: Iterable[Mapping[str, Any]]) -> tuple[dict[int, Score], list[float]]:
    """Plan every brief.

    Returns:
        scores by id, and the seconds that each took.
    """
    scores: dict[int, Score] = {}
    seconds: list[float] = []
    for brief in briefs:
        started = time.perf_counter()
        plan = planner.plan(PlanRequest(instruction=brief["brief"]))
        seconds.append(time.perf_counter() - started)
        scores[brief["id"]] = score(brief, plan)
    return scores, seconds


def total(scores: Iterable[Score]) -> Score:
    """Add scores up."""
    added = Score()
    for one in scores:
        added.add(one)
    return added


def figures(sum_of: Score) -> dict[str, Any]:
    """Write a sum of scores as rates; None where nothing was expected."""

    def rate(part: int, whole: int) -> float | None:
        return round(part / whole, 3) if whole else None

    return {
        "f1": round(sum_of.f1, 3),
        "parameters": rate(sum_of.params_right, sum_of.params_all),
        "ask_recall": rate(sum_of.asks_met, sum_of.asks_wanted),
        "ask_precision": rate(sum_of.asks_allowed, sum_of.asks_made),
        "default_recall": rate(sum_of.defaults_met, sum_of.defaults_wanted),
        "refusal_recall": rate(sum_of.refusals_met, sum_of.refusals_wanted),
        "warning_recall": rate(sum_of.warnings_met, sum_of.warnings_wanted),
    }


def report(briefs: list[dict[str, Any]], scores: Mapping[int, Score], seconds: list[float]) -> dict[str, Any]:
    """Gather all figures of a set of briefs."""
    groups = {name: [scores[b["id"]] for b in briefs if level(b) == name] for name in GROUPS}
    return {
        "briefs": len(briefs),
        "levels": {name: {"briefs": len(g)} | figures(total(g)) for name, g in groups.items() if g},
        "overall": figures(total(scores.values())),
        "hard_fails": {i: s.hard_fails for i, s in scores.items() if s.hard_fails},
        "milliseconds": {"median": round(1000 * statistics.median(seconds), 1), "most": round(1000 * max(seconds), 1)},
    }


def passes(found: Mapping[str, Any]) -> bool:
    """Whether the bars are met: F1 of the simple levels, and no hard fail."""
    simple = found["levels"].get("L1-L2", {"f1": 1.0})
    return simple["f1"] >= BAR and not found["hard_fails"]


def show(title: str, found: Mapping[str, Any]) -> None:
    """Print the figures as a table."""
    print(f"{title}: {found['briefs']} briefs")
    for name, row in [*found["levels"].items(), ("all", found["overall"])]:
        cells = "  ".join(f"{k} {'-' if v is None else v}" for k, v in row.items() if k != "briefs")
        print(f"  {name:6} {cells}")
    print(f"  hard fails: {found['hard_fails'] or 'none'}")
    print(f"  ms a brief: median {found['milliseconds']['median']}, most {found['milliseconds']['most']}")


def show_details(briefs: list[dict[str, Any]], scores: Mapping[int, Score]) -> None:
    """Print what is missing, extra or wrong in each brief."""
    for brief in briefs:
        one = scores[brief["id"]]
        if one.details or one.hard_fails:
            print(f"[{brief['id']}] {brief['notes'][:2]} {brief['brief'][:110]!r}")
            print("".join(f"      {line}\n" for line in [*one.hard_fails, *one.details]), end="")


def halves(briefs: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Split own briefs: odd lines may be tuned on, even ones are held out."""
    return {"own, development half": briefs[0::2], "own, held-out half": briefs[1::2]}


def main() -> int:
    """Score the local planner."""
    parser = argparse.ArgumentParser(prog="python -m bench.briefs", description="Scores the local planner on briefs.")
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--own", action="store_true", help="score the project's own briefs, half by half")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    path = OWN if options.own else options.file
    if not path.is_file():
        print(f"There is no file of briefs at {path}; name one, or use --own.", file=sys.stderr)
        return 2
    sets = halves(load(path)) if options.own else {path.name: load(path)}
    planner = LocalPlanner(BundledProfiles())
    results: dict[str, Any] = {}
    for title, briefs in sets.items():
        scores, seconds = run(planner, briefs)
        results[title] = report(briefs, scores, seconds)
        if options.verbose and not options.json:
            show_details(briefs, scores)
        if not options.json:
            show(title, results[title])
    if options.json:
        print(json.dumps(results, indent=2))
    return 0 if all(map(passes, results.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
