"""Running a planner over briefs, and the figures and bars that follow."""

import json
import statistics
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.briefs.scoring import Score, score
from core.ports.planner import Planner, PlanRequest

GROUPS = {"L1-L2": ("L1", "L2"), "L3": ("L3",), "L4-L5": ("L4", "L5")}
F1_BARS = {"L1-L2": 0.92, "L3": 0.85, "L4-L5": 0.70}
PARAMETER_BAR, RECALL_BAR, PRECISION_BAR, GAP_BAR = 0.90, 0.90, 0.80, 0.10


def load(path: Path) -> list[dict[str, Any]]:
    """Read the briefs of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def level(brief: Mapping[str, Any]) -> str:
    """Return the group of a brief's level, which its notes start with."""
    start = str(brief.get("notes", ""))[:2]
    return next((group for group, levels in GROUPS.items() if start in levels), "L3")


def run(planner: Planner, briefs: Iterable[Mapping[str, Any]]) -> tuple[dict[Any, Score], list[float]]:
    """Plan every brief.

    Returns:
        scores by id, and the seconds that each took.
    """
    scores: dict[Any, Score] = {}
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


def rates(sum_of: Score) -> dict[str, Any]:
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


def figures_of(briefs: list[dict[str, Any]], scores: Mapping[Any, Score], seconds: list[float]) -> dict[str, Any]:
    """Gather all figures of a set of briefs."""
    groups = {name: [scores[b["id"]] for b in briefs if level(b) == name] for name in GROUPS}
    return {
        "briefs": len(briefs),
        "levels": {name: {"briefs": len(g)} | rates(total(g)) for name, g in groups.items() if g},
        "overall": rates(total(scores.values())),
        "hard_fails": sum(len(s.hard_fails) for s in scores.values()),
        "milliseconds": {"median": round(1000 * statistics.median(seconds), 1), "most": round(1000 * max(seconds), 1)},
    }


def bars(found: Mapping[str, Any]) -> dict[str, bool]:
    """Tell which bars a set meets; a rate of nothing meets its bar."""
    verdicts = {
        f"F1 of {group} at least {bar}": row["f1"] >= bar
        for group, bar in F1_BARS.items()
        if (row := found["levels"].get(group))
    }
    wanted = (("parameters", PARAMETER_BAR), ("ask_recall", RECALL_BAR), ("ask_precision", PRECISION_BAR))
    for name, bar in wanted:
        value = found["overall"][name]
        verdicts[f"{name.replace('_', ' ')} at least {bar}"] = value is None or value >= bar
    return verdicts | {"no hard fail": found["hard_fails"] == 0}


def gap_bar(known: Mapping[str, Any], unseen: Mapping[str, Any]) -> dict[str, bool]:
    """Tell whether briefs that were tuned on and unseen ones are read about as well."""
    gap = known["overall"]["f1"] - unseen["overall"]["f1"]
    return {f"F1 of unseen briefs lower by at most {GAP_BAR} (it is {gap:.3f})": gap <= GAP_BAR}
