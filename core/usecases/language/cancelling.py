"""Giving up on an answer, from any thread."""

import threading
from collections.abc import Callable
from typing import Any

import attrs


@attrs.define(eq=False)
class Cancellation:
    """A cancel token: whoever holds it may give up, and whoever works is told."""

    _lock: Any = attrs.field(factory=threading.Lock, init=False, repr=False)
    _acts: list[Callable[[], object]] = attrs.field(factory=list, init=False, repr=False)
    _is_cancelled: bool = attrs.field(default=False, init=False)

    @property
    def is_cancelled(self) -> bool:
        """Whether to stop."""
        return self._is_cancelled

    def on_cancel(self, act: Callable[[], object]) -> None:
        """Call ``act()`` once when it is cancelled, at once if it is already."""
        with self._lock:
            if not self._is_cancelled:
                self._acts.append(act)
                return
        act()

    def cancel(self) -> None:
        """Give up; what was registered is called once, outside of the lock."""
        with self._lock:
            acts, self._acts = (self._acts, []) if not self._is_cancelled else ([], [])
            self._is_cancelled = True
        for act in acts:
            act()
