"""Slow work with events, which nobody waits for."""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from core.kernel.events import DomainEvent

log = logging.getLogger(__name__)

MOST = 100


class Aside:
    """Does something slow with events, one after the other, on a thread of its own.

    What does not fit into its queue, or is left when the process ends, is not done: only for what can be missing.
    """

    def __init__(self, name: str, act: Callable[[DomainEvent], object], *, most: int = MOST) -> None:
        """Keep the parts; the thread begins with the first event.

        Args:
            most: how many events may wait.
        """
        self._name = name
        self._act = act
        self._waiting: queue.Queue[DomainEvent | None] = queue.Queue(most)
        self._is_closed = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, event: DomainEvent) -> None:
        """Take an event, and return at once."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            log.warning("The %s has too much to do; %s is left out.", self._name, event.topic)

    def close(self) -> None:
        """Begin nothing more; what is under way ends by itself."""
        self._is_closed = True
        with suppress(queue.Full):  # then it wakes for what waits, and sees that it is closed
            self._waiting.put_nowait(None)

    def join(self, seconds: float) -> None:
        """Wait until what is under way has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while (event := self._waiting.get()) is not None and not self._is_closed:
            try:
                self._act(event)
            except Exception:
                if not self._is_closed:
                    log.exception("The %s failed with %s; going on.", self._name, event.topic)
