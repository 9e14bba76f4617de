"""Waiting for something that can be seen, with a deadline instead of a guess."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY = 0.01


def wait_until(look: Callable[[], T], *, seconds: float = 10.0, what: str = "what was expected") -> T:
    """Look again and again until the answer is true, and return it.

    Raises:
        AssertionError: the deadline passed.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}; last seen: {seen!r}")
        time.sleep(LOOK_EVERY)
