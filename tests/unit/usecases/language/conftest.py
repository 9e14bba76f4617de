"""A planner with a scripted language model beside the real local planner."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.plan import EditPlan
from core.domain.model_calls import ModelCall
from core.ports.planner import PlanRequest
from core.usecases.language.breaker import Breaker
from core.usecases.language.budget import Budget
from core.usecases.language.calling import Caller
from core.usecases.language.planning import ModelPlanner
from plugins.llm.local.planner import LocalPlanner
from tests.factories import FixedClock
from tests.support.scripted_model import ScriptedModel

KEY = b"a key of this installation"


@pytest.fixture(scope="session")
def local() -> LocalPlanner:
    """Return the local planner; its lexicon is read once."""
    return LocalPlanner(BundledProfiles(None))


@attrs.define
class Bench:
    """A model planner, what its model was asked, and the account of it."""

    planner: ModelPlanner
    model: ScriptedModel
    clock: FixedClock
    calls: list[ModelCall] = attrs.field(factory=list)

    def plan(self, instruction: str, **known: Any) -> EditPlan:
        """Return the plan of some words for three pictures."""
        names = known.pop("names", ("a.jpg", "b.jpg", "c.jpg"))
        formats = ("jpeg",) * len(names)
        return self.planner.plan(
            PlanRequest(instruction=instruction, names=names, formats=formats, record=self.calls.append, **known)
        )


@pytest.fixture
def bench(local: LocalPlanner) -> Callable[..., Bench]:
    """Return a function that sets up a planner whose model says the given lines."""

    def build(*lines: Any, **changes: Any) -> Bench:
        clock, model = FixedClock(), ScriptedModel(list(lines))
        model.card = attrs.evolve(model.card, **changes)
        caller = Caller(
            model=model, clock=clock, pause=lambda seconds, cancel: clock.advance(seconds=seconds),
            breaker=Breaker(clock=clock), budget=Budget(clock=clock),
        )  # fmt: skip
        planner = ModelPlanner(
            name="scripted",
            local_planner=local,
            caller=caller,
            profiles=BundledProfiles(None),
            clock=clock,
            prompt_key=KEY,
        )
        return Bench(planner, model, clock)

    return build
