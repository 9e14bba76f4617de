"""No requests to a provider whose account has no money, until somebody had time to pay."""

import threading
from typing import Any

import attrs

from core.ports.clock import Clock
from core.ports.language_model import ModelFundsExhaustedError

REST_MS = 10 * 60 * 1000


@attrs.define(kw_only=True, eq=False)
class Breaker:
    """Remembers, for this process, which providers have no money left.

    Args:
        rest_ms: how long a provider is left alone; the first request afterwards finds out.
    """

    clock: Clock
    rest_ms: int = REST_MS
    _until: dict[str, int] = attrs.field(factory=dict, init=False, repr=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False, repr=False)

    def trip(self, provider: str) -> None:
        """Leave a provider alone from now on."""
        with self._lock:
            self._until[provider] = self.clock.monotonic_ms() + self.rest_ms

    def check(self, provider: str) -> None:
        """Refuse a request to a provider that rests.

        Raises:
            ModelFundsExhaustedError: nothing was sent.
        """
        with self._lock:
            left = self._until.get(provider, 0) - self.clock.monotonic_ms()
        if left > 0:
            raise ModelFundsExhaustedError(
                f"The account with {provider} has no money left; it is asked again in {-(-left // 60_000)} minutes.",
                details={"provider": provider, "sent": False},
            )
