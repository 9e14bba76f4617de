"""Plans are edited, compared and brought back from the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

Ask = Callable[..., Any]


@pytest.fixture
def planned(answer: Ask, photos: Path) -> str:
    """Return a planned order: canvas and export."""
    order = str(answer("order", "create", photos, "-i", "Canvas 60 x 60 px, JPEG")["order"]["id"])
    answer("order", "submit", order)
    return order


def test_steps_are_added_changed_moved_and_removed(answer: Ask, run: Run, planned: str) -> None:
    added = answer("plan", "add", planned, "exposure", "--set", "ev=0.5", "--only", "IMG*", "--revision", 1)
    assert added["revision"] == 2
    assert added["plan"]["steps"][0] == {"op": "exposure", "params": {"ev": 0.5}, "scope": {"globs": ["IMG*"]}}
    changed = answer("plan", "set", planned, 1, "--set", "mode=auto", "--unset", "ev", "--all")
    assert changed["plan"]["steps"][0] == {"op": "exposure", "params": {"mode": "auto"}}
    answer("plan", "add", planned, "contrast")
    moved = answer("plan", "move", planned, 2, "--by", "-1")
    assert [s["op"] for s in moved["plan"]["steps"]][:2] == ["contrast", "exposure"]
    removed = answer("plan", "remove", planned, 1)
    assert next(s["op"] for s in removed["plan"]["steps"]) == "exposure"
    stale = run("plan", "remove", planned, 1, "--revision", 1)
    assert stale.exit_code != 0
    assert "not the current plan" in stale.stderr
    assert run("plan", "add", planned, "exposure", "--set", "ev=much").exit_code != 0


def test_revisions_are_listed_compared_and_brought_back(answer: Ask, run: Run, planned: str) -> None:
    answer("plan", "add", planned, "exposure", "--set", "ev=0.5")
    assert [r["number"] for r in answer("plan", "revisions", planned)["revisions"]] == [2, 1]
    (found,) = answer("plan", "diff", planned, 1)["differences"]
    assert (found["kind"], found["sentence"]) == ("added", "Brighten by 0.5 EV")
    assert "added: Brighten by 0.5 EV" in run("plan", "diff", planned, 1, 2).stdout
    back = answer("plan", "restore", planned, 1)
    assert (back["revision"], back["origin"]) == (3, "restored")
    assert "Both plans do the same." in run("plan", "diff", planned, 1, 3).stdout


def test_marketplaces_and_recipes_are_applied(answer: Ask, planned: str) -> None:
    answer("recipe", "save", "Mine", "--order", planned)
    applied = answer("plan", "profile", planned, "amazon", "--as-output")
    assert [o["name"] for o in applied["plan"]["outputs"]] == ["main", "amazon_main"]
    assert answer("plan", "recipe", planned, "Mine")["origin"] == "recipe"
