"""Plans and looks through each provider's own wire: the requests are by its specification, the account is exact."""

import json
from typing import Any

import pytest

from adapters.profiles import BundledProfiles
from core.domain.model_calls import ModelCall
from core.errors import CredentialsError, ProviderError
from core.ports.language_model import (
    ContentBlockedError,
    LanguageModel,
    ModelFundsExhaustedError,
    ModelRequestError,
    Picture,
)
from core.ports.planner import PlanRequest
from core.usecases.language.breaker import Breaker
from core.usecases.language.budget import Budget
from core.usecases.language.calling import Caller
from core.usecases.language.examining import examine
from core.usecases.language.planning import ModelPlanner
from i2i.testing import CANARY, make_png
from plugins.llm.local.planner import LocalPlanner
from tests.factories import FixedClock
from tests.support.model_answers import answer, step
from tests.support.provider_stub import Desk
from tests.support.provider_stub.faults import FAULTS

DREAMY = "Make it look dreamy like summer, 2000 px wide."


def caller_of(model: LanguageModel) -> Caller:
    clock = FixedClock()
    return Caller(
        model=model, clock=clock, pause=lambda seconds, cancel: clock.advance(seconds=seconds),
        breaker=Breaker(clock=clock), budget=Budget(clock=clock),
    )  # fmt: skip


def planner_of(model: LanguageModel) -> ModelPlanner:
    return ModelPlanner(
        name=model.card.provider, local_planner=LocalPlanner(None), caller=caller_of(model),
        profiles=BundledProfiles(None), clock=FixedClock(), prompt_key=b"k",
    )  # fmt: skip


@pytest.mark.req("S0-LLM-09")
@pytest.mark.req("S0-LLM-10")
@pytest.mark.req("S0-LLM-13")
def test_a_brief_is_planned(desk: Desk, model: LanguageModel, key: str) -> None:
    desk.answer(json.dumps(answer(steps=[step("saturation", "dreamy like summer", amount=-15)])))
    calls: list[ModelCall] = []
    plan = planner_of(model).plan(PlanRequest(instruction=DREAMY, names=("a.jpg",), record=calls.append))
    assert [s.op for s in plan.all_steps()] == ["saturation", "resize"]
    assert plan.planner == key
    (call,) = calls
    assert (call.input_tokens, call.cached_input_tokens, call.output_tokens) == (120, 40, 30)
    assert call.cost_micro_usd == model.card.cost(input_tokens=120, cached_input_tokens=40, output_tokens=30)


def test_a_wrong_plan_is_put_right_in_the_same_conversation(desk: Desk, model: LanguageModel) -> None:
    desk.answer(json.dumps(answer(steps=[step("saturation", "never said", amount=-15)])))
    desk.answer(json.dumps(answer(steps=[step("saturation", "dreamy like summer", amount=-15)])))
    plan = planner_of(model).plan(PlanRequest(instruction=DREAMY, names=("a.jpg",)))
    assert [s.op for s in plan.all_steps()] == ["saturation", "resize"]
    assert len(desk.log) == 2
    assert "never said" in json.dumps(desk.log[1].body)


def test_a_schema_that_is_refused_is_told_in_words(desk: Desk, model: LanguageModel, key: str) -> None:
    desk.script(FAULTS[key][ModelRequestError])
    found: dict[str, Any] = {"number": 1, "tags": ["shoe"], "description": "A shoe.", "text": ""}
    desk.answer(json.dumps({"pictures": [found]}))
    picture = Picture(media_type="image/png", content=make_png(), width=8, height=8)
    (finding,) = examine(caller_of(model), [picture], seconds=30, record=lambda call: None)
    assert finding.tags == ("shoe",)
    assert ["Answer with one JSON value" in json.dumps(each.body) for each in desk.log] == [key == "gemini", True]


@pytest.mark.req("S0-LLM-07")
def test_pictures_are_looked_at(desk: Desk, model: LanguageModel) -> None:
    found: dict[str, Any] = {"number": 1, "tags": ["shoe"], "description": "A shoe.", "text": ""}
    desk.answer(json.dumps({"pictures": [found]}))
    picture = Picture(media_type="image/png", content=make_png(), width=8, height=8)
    (finding,) = examine(caller_of(model), [picture], seconds=30, record=lambda call: None)
    assert finding.tags == ("shoe",)


@pytest.mark.parametrize("kind", [CredentialsError, ModelFundsExhaustedError, ContentBlockedError])
def test_a_provider_that_refuses_is_done_without_and_nothing_is_told(
    desk: Desk, model: LanguageModel, key: str, kind: type[ProviderError], caplog: pytest.LogCaptureFixture
) -> None:
    desk.script(FAULTS[key][kind])
    plan = planner_of(model).plan(PlanRequest(instruction=DREAMY, names=("a.jpg",)))
    assert plan.planner == "local"
    assert "took no part in this plan" in str(plan.warnings)
    assert CANARY not in repr(plan) + caplog.text
    assert "dreamy" not in caplog.text
