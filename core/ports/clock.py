"""Port: the time."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> dt.datetime:
        """Return the current moment, aware, in UTC."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds that only grow, to measure durations."""
        ...
