"""The machine's clock."""

import datetime as dt
import time


class SystemClock:
    """Tells the machine's time."""

    def now(self) -> dt.datetime:
        """Return the current moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic_ms(self) -> int:
        """Return milliseconds that only grow, to measure durations."""
        return time.monotonic_ns() // 1_000_000
