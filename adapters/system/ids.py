"""Identifiers and secrets from the operating system's randomness."""

import secrets
import threading
import time
from collections.abc import Callable

from core.kernel.ids import encode_id

RANDOM_BITS = 80


class UlidGenerator:
    """Makes ids that sort by time, also within one millisecond and after the clock was set back; thread-safe.

    Within a millisecond the random part is raised by a random step, so that a neighbour cannot be guessed
    (the monotonic form of github.com/ulid/spec raises it by one).

    Args:
        milliseconds: returns ms since 1970.
    """

    def __init__(self, milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._milliseconds = milliseconds
        self._lock = threading.Lock()
        self._time = 0
        self._randomness = 0

    def new(self) -> str:
        """Return a fresh 26-character id that sorts after all earlier ones of this process."""
        with self._lock:
            now = self._milliseconds()
            if now > self._time:
                self._time, self._randomness = now, secrets.randbits(RANDOM_BITS)
            else:
                self._randomness += 1 + secrets.randbits(RANDOM_BITS - 16)
                if self._randomness >> RANDOM_BITS:
                    self._time, self._randomness = self._time + 1, secrets.randbits(RANDOM_BITS)
            return encode_id(self._time, self._randomness)

    def secret(self) -> str:
        """Return 256 random bits as URL-safe text."""
        return secrets.token_urlsafe(32)
