"""The assistant and the summaries at the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from adapters.cli.session import Session
from tests.cli.conftest import Run

Ask = Callable[..., Any]
WORDS = "White background with a soft shadow, 60 x 60 px JPEG"


@pytest.fixture
def planned(answer: Ask, photos: Path) -> str:
    made = answer("process", photos, "-i", WORDS, "--plan-only")
    return str(made["order"]["id"])


def kinds(document: dict[str, Any]) -> list[str]:
    return [block["kind"] for block in document["answer"]["blocks"]]


@pytest.mark.req("S0-LLM-05")
def test_questions_are_answered_and_nothing_changes(answer: Ask, run: Run, planned: str) -> None:
    before = answer("plan", "show", planned)
    assert kinds(answer("assistant", planned, "What will this do?")) == ["explanation"]
    assert kinds(answer("assistant", planned, "Was kostet das?")) == ["quote"]
    said = run("assistant", planned, "What does it cost?")
    assert "3 credits in all" in said.stdout
    assert "local planner" in said.stderr
    assert answer("plan", "show", planned) == before


def test_a_proposal_is_applied_when_it_is_confirmed_beforehand_and_not_otherwise(
    answer: Ask, run: Run, planned: str
) -> None:
    held = run("assistant", planned, "drop the shadow")
    assert held.exit_code == 0
    assert "This would change the plan" in held.stdout
    assert "--apply" in held.stderr
    assert answer("plan", "show", planned)["revision"] == 1
    done = answer("assistant", planned, "drop the shadow", "--apply")
    assert (done["applied"]["plan"]["revision"], done["applied"]["plan"]["origin"]) == (2, "assistant")
    assert "Plan 3 holds now" in run("assistant", planned, "light grey background", "--apply").stdout


@pytest.mark.parametrize(("reply", "revision"), [("y", 2), ("n", 1)])
def test_at_a_terminal_a_conversation_asks_before_it_changes_anything(
    answer: Ask, run: Run, planned: str, monkeypatch: pytest.MonkeyPatch, reply: str, revision: int
) -> None:
    typed = iter(["What does it cost?", "drop the shadow", ""])
    asked: list[str] = []

    def confirm(question: str, **_options: Any) -> bool:
        asked.append(question)
        return reply == "y"

    monkeypatch.setattr(Session, "is_interactive", True)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(typed))
    monkeypatch.setattr(click, "confirm", confirm)
    said = run("assistant", planned)
    assert said.exit_code == 0, said.output
    assert asked == ["Change it so?"]
    assert answer("plan", "show", planned)["revision"] == revision


def test_what_cannot_be_answered_is_refused_in_a_sentence(answer: Ask, run: Run, planned: str) -> None:
    assert answer("assistant", planned, code=2)["error"]["code"] == "usage"
    assert answer("assistant", planned, "x" * 4001, code=2)["error"]["code"] == "text_too_long"
    assert answer("assistant", "0" * 26, "help", code=5)["error"]["code"] == "not_found"
    steered = run("assistant", planned, "\x1b[31mred\x1b[0m zzz")
    assert "\x1b" not in steered.stdout


@pytest.mark.req("S0-LLM-03")
def test_a_summary_is_shown_and_written_again(answer: Ask, run: Run, photos: Path, tmp_path: Path) -> None:
    order = answer("process", photos, "-i", "Canvas 60 x 60 px, JPEG", "-o", tmp_path / "out", "--yes")["order"]["id"]
    found = answer("order", "summary", order)
    assert found["by"] == "local"
    assert found["summary"].startswith("3 of 3 pictures finished.")
    assert "Canvas of 60 x 60 px" in found["summary"]
    again = answer("order", "summary", order, "--again")
    assert (again["summary"], again["by"]) == (found["summary"], "local")
    assert again["at"] > found["at"]
    assert "Written by local" in run("order", "summary", order).stdout


def test_there_is_no_summary_before_the_work_has_ended(answer: Ask, run: Run, planned: str) -> None:
    assert answer("order", "summary", planned)["summary"] == ""
    assert "no summary yet" in run("order", "summary", planned).stdout
    assert answer("order", "summary", planned, "--again", code=7)["error"]["code"] == "not_ended"
