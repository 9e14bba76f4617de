"""The whole application with each provider: brief, plan, price, and what the model took in the action log."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.action_log import ActionLogEntry, LogType
from core.errors import CredentialsError
from core.kernel.actor import Actor
from core.usecases.plans.proposal import Proposal
from core.usecases.queries.orders import GetLog
from i2i.testing import CANARY
from tests.studio import PRICE, Studio
from tests.support.model_answers import answer, step
from tests.support.provider_stub import Desk
from tests.support.provider_stub.faults import FAULTS

BRIEF = "Make it look dreamy like summer, 2000 px wide."


@pytest.fixture
def studio(desk: Desk, key: str, tmp_path: Path) -> Studio:
    """Return an application that is configured as an operator would do it, and nothing else."""
    prefix = {"openai_compatible": "compatible"}.get(key, key)
    access = {f"{prefix}_api_key": CANARY, f"{prefix}_base_url": desk.url}
    studio = Studio(tmp_path, settings={"planner": key, "vision_samples": 0, **access})
    del studio.app.__dict__["planner"]
    return studio


def propose(studio: Studio) -> tuple[Actor, Proposal]:
    ada = studio.customer()
    return ada, studio.planned(ada, "one.jpg", "two.jpg", instruction=BRIEF)


def calls(studio: Studio, ada: Actor, proposal: Proposal) -> list[ActionLogEntry]:
    log = studio.use(GetLog)(actor=ada, order_id=proposal.order.id)
    return [entry for entry in log if entry.type is LogType.MODEL]


@pytest.mark.req("S0-LLM-09")
@pytest.mark.req("S0-LLM-10")
@pytest.mark.req("S0-LLM-11")
def test_a_brief_becomes_a_priced_plan(studio: Studio, desk: Desk, key: str) -> None:
    desk.answer(
        json.dumps(answer(steps=[step("saturation", "dreamy like summer", amount=-15)])), usage=(2000, 500, 300)
    )
    ada, proposal = propose(studio)
    plan = proposal.revision.plan
    assert {each.op for each in plan.all_steps()} == {"saturation", "resize"}
    assert plan.planner == key
    assert proposal.quote.total == 2 * PRICE
    (call,) = calls(studio, ada, proposal)
    taken = {name: call.data[name] for name in ("input_tokens", "cached_input_tokens", "output_tokens")}
    assert taken == {"input_tokens": 2000, "cached_input_tokens": 500, "output_tokens": 300}
    assert call.data["request_id"] == "req_123"
    card = studio.app.language_model.card if studio.app.language_model else None
    assert card is not None
    assert call.data["cost_micro_usd"] == card.cost(**taken)
    assert len(desk.log) == 1


def test_without_the_provider_there_is_a_plan_as_well(studio: Studio, desk: Desk, key: str) -> None:
    desk.script(FAULTS[key][CredentialsError])
    ada, proposal = propose(studio)
    plan = proposal.revision.plan
    assert [each.op for each in plan.all_steps()] == ["resize"]
    assert plan.planner == "local"
    assert plan.warnings
    (call,) = calls(studio, ada, proposal)
    assert call.data["outcome"] == "credentials_rejected"
    assert CANARY not in f"{plan} {call}"
    assert len(desk.log) == 1


def test_names_and_addresses_of_people_are_not_sent(studio: Studio, desk: Desk) -> None:
    desk.answer(json.dumps(answer()))
    propose(studio)
    sent: Any = str(desk.log[0].body)
    assert "ada@example.com" not in sent
    assert "Lovelace" not in sent
    assert "dreamy" in sent
