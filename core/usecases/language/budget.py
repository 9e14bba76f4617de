"""A limit to what one process spends on language models a day."""

import datetime as dt
import threading
from typing import Any

import attrs

from core.domain.model_calls import MICRO_USD, ModelCall
from core.ports.clock import Clock
from core.ports.language_model import ModelFundsExhaustedError


@attrs.define(kw_only=True, eq=False)
class Budget:
    """Counts what was spent since midnight (UTC), and stops requests once that is the limit.

    Requests under way are finished, so a day may end above the limit by what those cost.

    Args:
        dollars: of one day; 0 for no limit.
    """

    clock: Clock
    dollars: float = 0.0
    _day: dt.date | None = attrs.field(default=None, init=False)
    _spent: int = attrs.field(default=0, init=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False, repr=False)

    def check(self) -> None:
        """Refuse a request once the limit is reached.

        Raises:
            ModelFundsExhaustedError: code ``model_budget_spent``; nothing was sent.
        """
        with self._lock:
            self._turn_page()
            is_spent = 0 < self.dollars * MICRO_USD <= self._spent
        if is_spent:
            raise ModelFundsExhaustedError(
                f"The ${self.dollars:g} a day for language models are spent; the next day begins at midnight (UTC).",
                code="model_budget_spent",
                details={"sent": False},
            )

    def spend(self, call: ModelCall, *, at_most: int | None = None) -> None:
        """Count what a request cost.

        Args:
            at_most: what counts where the cost is not known, in millionths of a US dollar: whoever leaves in the
                middle of every answer would never reach the limit otherwise.
        """
        cost = call.cost_micro_usd if call.cost_micro_usd is not None else at_most
        with self._lock:
            self._turn_page()
            self._spent += cost or 0

    def _turn_page(self) -> None:
        today = self.clock.now().date()
        if today != self._day:
            self._day, self._spent = today, 0
