"""The local planner keeps the contract of every planner."""

import pytest

from core.ports.planner import Planner
from i2i.testing import PlannerContract
from plugins.hookspecs import PlannerContext
from plugins.llm.local.plugin import i2i_planners


class TestLocalPlannerContract(PlannerContract):
    @pytest.fixture
    def planner(self) -> Planner:
        return i2i_planners()[0].create(PlannerContext())
