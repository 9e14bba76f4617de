"""A worker: threads that process items, and the loops that make sure no item is forgotten."""

import logging
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import attrs
import dramatiq

from adapters.jobs.broker import DramatiqQueue
from adapters.jobs.loops import Loop, pause_after
from core.errors import ProviderUnavailableError
from core.usecases.runs.process import Outcome

log = logging.getLogger(__name__)

GRACE = 30.0
POLL = 1.0


@attrs.frozen(kw_only=True)
class Chore:
    """Housekeeping that is done every so often.

    Args:
        every: seconds between two calls.
        at_once: whether it is done at the start as well.
    """

    name: str
    act: Callable[[], object]
    every: float
    at_once: bool = True


@attrs.define(kw_only=True, eq=False)
class WorkerRunner:
    """Works on items until it is stopped. No error inside a job ends a worker.

    Args:
        process: works on one item and returns what became of it; any number of calls for one item is harmless.
        queue: where hints come from.
        hint_ready: hints every item that could be claimed, of one order or of all; called at the start and then
            every ``reconcile_seconds``, so that a lost hint or a dead worker costs only that long.
        dispatch: hands a batch of committed events to their handlers and returns how many; None to leave them to
            another process.
        chores: further housekeeping.
        threads: pictures worked on at once.
        order_id: hint the items of this order only.
    """

    process: Callable[[str], Outcome]
    queue: DramatiqQueue
    hint_ready: Callable[..., int]
    dispatch: Callable[[], int] | None
    chores: Sequence[Chore] = ()
    threads: int = 2
    reconcile_seconds: float = 5.0
    order_id: str | None = None
    _stopping: threading.Event = attrs.field(factory=threading.Event, init=False)
    _failures: int = attrs.field(default=0, init=False)
    _loops: list[Loop] = attrs.field(factory=list, init=False)
    _dispatcher: Loop | None = attrs.field(default=None, init=False)
    _worker: dramatiq.Worker | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Begin to work, on what is waiting first of all."""
        if self.dispatch is not None:
            self._dispatcher = Loop("dispatcher", self._dispatch_all, every=POLL)
            self.queue.on_hint(self._dispatcher.wake)
            self._loops.append(self._dispatcher)
        self._loops.append(Loop("reconciler", self._reconcile, every=self.reconcile_seconds))
        self._loops += [Loop(c.name, c.act, every=c.every, at_once=c.at_once) for c in self.chores]
        self._worker = self.queue.serve(self._work, threads=self.threads)
        for loop in self._loops:
            loop.start()

    def stop(self, grace: float = GRACE) -> bool:
        """Claim nothing more, and let pictures that are worked on end.

        Args:
            grace: seconds to wait for them; the leases of those that take longer lapse once the process ends.

        Returns:
            Whether all of them ended.
        """
        self._stopping.set()
        for loop in self._loops:
            loop.stop()
        if self._worker is None:
            return True
        self._worker.stop(timeout=int(grace * 1000))
        for loop in self._loops:
            loop.join(1.0)
        all_ended = not any(thread.is_alive() for thread in self._worker.workers)
        if not all_ended:
            log.warning("Pictures that took longer than %.0f s are left to other workers.", grace)
        self._worker = None
        self.queue.close()
        return all_ended

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _reconcile(self) -> None:
        self.hint_ready(order_id=self.order_id)

    def _dispatch_all(self) -> None:
        while self.dispatch is not None and not self._stopping.is_set() and self.dispatch():
            pass

    def _work(self, item_id: str) -> None:
        if self._stopping.is_set():
            return  # the item was not claimed, so it waits for another worker
        try:
            outcome = self.process(item_id)
        except ProviderUnavailableError as error:
            log.warning("Item %s is left until its lease ends. %s", item_id, error)
            self._back_off()
            return
        except Exception:
            log.exception("Item %s is left until its lease ends.", item_id)
            self._back_off()
            return
        self._failures = 0
        if outcome is not Outcome.SKIPPED:
            log.info("Item %s: %s.", item_id, outcome.value)
            if self._dispatcher is not None:
                self._dispatcher.wake()

    def _back_off(self) -> None:
        self._failures += 1
        self._stopping.wait(pause_after(self._failures))
