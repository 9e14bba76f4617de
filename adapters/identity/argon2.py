"""Passwords hashed with argon2id."""

import secrets
import threading
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import LimitReachedError

# OWASP's password storage cheat sheet: at least 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
AT_ONCE = 2
WAITING = 16
WAIT_SECONDS = 4.0


class Argon2Hasher:
    """Hashes two passwords at once, so that a flood of sign-ins leaves processor and memory to others.

    Args:
        memory_kib, passes: cost of one hash; small values are for tests.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=LANES, type=Type.ID)
        self._running = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + WAITING)

    @cached_property
    def dummy(self) -> str:
        """A hash of this strength that no password fits."""
        return self._hasher.hash(secrets.token_bytes(32))

    def hash(self, password: str) -> str:
        """Return a new hash."""
        with _Turn(self._queue, self._running):
            return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        """Tell whether this is the password behind a hash."""
        with _Turn(self._queue, self._running):
            try:
                return self._hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError, UnicodeEncodeError):
                return False

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other parameters."""
        return self._hasher.check_needs_rehash(password_hash)


class _Turn:
    """A place among those that hash; most wait a moment, and a crowd is sent away at once."""

    def __init__(self, queue: threading.BoundedSemaphore, running: threading.BoundedSemaphore) -> None:
        self._queue = queue
        self._running = running

    def __enter__(self) -> None:
        if not self._queue.acquire(blocking=False):
            raise _busy()
        if not self._running.acquire(timeout=WAIT_SECONDS):
            self._queue.release()
            raise _busy()

    def __exit__(self, *_: object) -> None:
        self._running.release()
        self._queue.release()


def _busy() -> LimitReachedError:
    return LimitReachedError("Too many people sign in right now; try again.", code="too_many_sign_ins", retry_after=5)
