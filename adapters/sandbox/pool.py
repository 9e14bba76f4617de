"""A pool of children: each serves one caller at a time, and is replaced when it is worn or gone."""

import queue
import threading
from typing import Any

from adapters.sandbox.child import Child, ChildEndedError, ChildSettings, start_child
from core.errors import ProviderUnavailableError


class ChildPool:
    """Limited child processes, started when first needed; safe to use from several threads at once.

    Args:
        settings: what kind of child.
        processes: children at most.
    """

    def __init__(self, settings: ChildSettings, *, processes: int) -> None:
        self._settings = settings
        # Last in, first out: a single caller keeps using the same warm child.
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)
        self._lock = threading.Lock()
        self._children: set[Child] = set()
        self._closed = threading.Event()

    def ask(self, message: dict[str, Any], *, seconds: float, cpu_seconds: int) -> dict[str, Any]:
        """Send a task to a free child and wait for its answer.

        Raises:
            ChildEndedError: the child died, or was killed because the time was over.
            ProviderUnavailableError: code ``engine_closed`` or ``engine_start_failed``.
        """
        place = self._places.get()
        child: Child | None = None
        try:
            child = self._warm(place)
            return child.ask({**message, "cpu_s": cpu_seconds}, seconds=seconds)
        except ChildEndedError:
            self._discard(child)
            child = None
            raise
        finally:
            self._places.put(child)

    def close(self) -> None:
        """Stop the processes; tasks under way end with ``ChildEndedError``."""
        with self._lock:
            self._closed.set()
            children = list(self._children)
        for child in children:
            # Pipes are left to the thread that may be reading them: a freed number could mean another file by then.
            child.kill()

    def _warm(self, child: Child | None) -> Child:
        if child is not None and not child.is_worn:
            return child
        self._discard(child)
        if self._closed.is_set():
            raise ProviderUnavailableError(f"The {self._settings.name} is closed.", code="engine_closed")
        fresh = start_child(self._settings)
        with self._lock:
            self._children.add(fresh)
        if self._closed.is_set():
            fresh.kill()
        return fresh

    def _discard(self, child: Child | None) -> None:
        if child is None:
            return
        with self._lock:
            self._children.discard(child)
        child.close()
