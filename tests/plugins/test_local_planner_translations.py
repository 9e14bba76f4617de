"""One wish is one plan: whatever its language, its wording, the order of its sentences or its units."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import EditPlan
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner
from tests.support.plan_meaning import canvas_pixels, meaning

pytestmark = pytest.mark.req("S0-LLM-04")
BRIEFS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("translations.toml").read_text("utf-8"))["brief"]
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh", "hi", "hi-Latn")


@pytest.fixture(scope="module")
def planner() -> LocalPlanner:
    return LocalPlanner(BundledProfiles())


def variants(kind: str) -> Iterator[Any]:
    for brief in BRIEFS:
        for language in ("en", "de"):
            texts = brief.get(kind, {}).get(language, [])
            for number, text in enumerate([texts] if isinstance(texts, str) else texts, 1):
                yield pytest.param(brief, text, id=f"{brief['key']}-{language}-{number}")


def translations() -> Iterator[Any]:
    for brief in BRIEFS:
        for language in LANGUAGES[1:]:
            yield pytest.param(brief, brief["texts"][language], id=f"{brief['key']}-{language}")


def read(planner: LocalPlanner, text: str) -> EditPlan:
    return planner.plan(PlanRequest(instruction=text))


def holds(plan: EditPlan, wanted: dict[str, Any]) -> bool:
    """Whether some step of the plan has an operation with these parameters."""
    params = {k: v for k, v in wanted.items() if k != "op"}
    return any(
        step.op == wanted["op"] and params.items() <= find_operation(step.op).clean(step.params).items()
        for step in plan.all_steps()
    )


@pytest.mark.parametrize("brief", [pytest.param(b, id=b["key"]) for b in BRIEFS])
def test_the_english_text_gives_the_plan_that_it_means(planner: LocalPlanner, brief: dict[str, Any]) -> None:
    plan = read(planner, brief["texts"]["en"])
    assert [wanted for wanted in brief["steps"] if not holds(plan, wanted)] == []
    assert {step.op for step in plan.all_steps()} == {wanted["op"] for wanted in brief["steps"]}
    assert len(plan.outputs) == brief.get("outputs", 0)
    assert len(plan.open_questions) == brief.get("questions", 0)
    assert not plan.unsupported
    if "pixels" in brief:
        canvas = next(s for s in plan.all_steps() if s.op == "canvas")
        assert list(canvas_pixels(find_operation("canvas").clean(canvas.params))) == brief["pixels"]


@pytest.mark.parametrize(("brief", "text"), tuple(translations()))
def test_every_language_gives_the_same_plan(planner: LocalPlanner, brief: dict[str, Any], text: str) -> None:
    assert meaning(read(planner, text)) == meaning(read(planner, brief["texts"]["en"]))


@pytest.mark.parametrize(("brief", "text"), tuple(variants("paraphrases")))
def test_other_words_give_the_same_plan(planner: LocalPlanner, brief: dict[str, Any], text: str) -> None:
    assert meaning(read(planner, text)) == meaning(read(planner, brief["texts"]["en"]))


@pytest.mark.parametrize(("brief", "text"), tuple(variants("reordered")))
def test_another_order_gives_the_same_plan(planner: LocalPlanner, brief: dict[str, Any], text: str) -> None:
    assert meaning(read(planner, text)) == meaning(read(planner, brief["texts"]["en"]))


@pytest.mark.parametrize(("brief", "text"), tuple(variants("units")))
def test_other_units_give_the_same_plan(planner: LocalPlanner, brief: dict[str, Any], text: str) -> None:
    assert meaning(read(planner, text)) == meaning(read(planner, brief["texts"]["en"]))


def test_a_brief_that_is_not_understood_does_not_pass_as_alike(planner: LocalPlanner) -> None:
    english = meaning(read(planner, BRIEFS[0]["texts"]["en"]))
    for other in ("Frobnicate the wibble.", "Black background, please.", "White background, crop to 4:5."):
        assert meaning(read(planner, other)) != english
