"""A worker process for fault tests: the real use cases, database, files and queue, with a fast engine in the middle."""

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import update

from adapters.bootstrap import Application
from adapters.jobs.serving import run_worker
from adapters.settings import Settings
from adapters.storage.sql.tables.runs import run_item
from core.domain.images import OrderImage
from core.domain.runs import ItemState, RunItem
from core.errors import ProviderUnavailableError
from core.ports.image_engine import RenderResult, RenderTask
from tests.fakes import FakeEngine

POISON = b"poison"


@attrs.frozen(kw_only=True)
class Crew:
    """What the workers of one test have in common.

    Args:
        render_seconds: how long a picture takes.
        hold: folder; a picture is not finished while a file of this name is there.
        engine: ``copies``; ``dies`` kills a child process on poison; ``kills`` kills the worker itself.
        keeps_leases: False leaves every lease to lapse under the work.
        faults: planted faults, see ``plant``.
    """

    database_url: str
    home: Path
    redis_url: str = ""
    threads: int = 2
    lease_seconds: float = 2.0
    reconcile_seconds: float = 0.3
    render_seconds: float = 0.01
    hold: Path | None = None
    engine: str = "copies"
    keeps_leases: bool = True
    faults: tuple[str, ...] = ()

    def settings(self) -> Settings:
        """Return the settings of every process."""
        return Settings(
            home=self.home, database_url=self.database_url, workers=self.threads, welcome_credits=0,
            broker="redis" if self.redis_url else "embedded", redis_url=self.redis_url or "redis://127.0.0.1:1/0",
            lease_seconds=self.lease_seconds, reconcile_seconds=self.reconcile_seconds, log_level="error",
        )  # fmt: skip

    def application(self, **replaced: Any) -> Application:
        """Return an application on the shared database and files."""
        return Application(self.settings(), engine=SlowEngine(self), **replaced)


class SlowEngine(FakeEngine):
    """Takes its time, waits while it is told to, and dies of poison."""

    def __init__(self, crew: Crew) -> None:
        super().__init__()
        self._crew = crew

    def render(self, task: RenderTask) -> RenderResult:
        """Render like the fake engine, sooner or later."""
        if POISON in task.source.read_bytes():
            self._die()
        ends = time.monotonic() + self._crew.render_seconds
        while time.monotonic() < ends or (self._crew.hold is not None and self._crew.hold.exists()):
            time.sleep(0.005)
        self.behaviours.clear()
        return super().render(task)

    def _die(self) -> None:
        if self._crew.engine == "kills":
            os.abort()
        if self._crew.engine == "dies" and (child := os.fork()) == 0:
            os.abort()
        elif self._crew.engine == "dies":
            _, status = os.waitpid(child, 0)
            raise ProviderUnavailableError(f"The engine died of signal {os.WTERMSIG(status)}.")


class _KeepsNothing:
    @contextlib.contextmanager
    def keep(self, _item: RunItem) -> Iterator[None]:
        yield


def work(crew: Crew) -> None:
    """Be a worker process until a signal comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    plant(crew.faults)
    replaced = {} if crew.keeps_leases else {"leases": _KeepsNothing()}
    with crew.application(**replaced) as app:
        runner = app.runner()
        if "no_reconciler" in crew.faults:
            runner.hint_ready = lambda **_: 0
            runner.dispatch = None
        if "dies_of_sigterm" in crew.faults:
            runner.start()
            signal.pause()
        all_ended = run_worker(runner, grace=30)
    os._exit(0 if all_ended else 3)


def plant(faults: Iterable[str]) -> None:
    """Make this process wrong on purpose."""
    for fault in faults:
        {"no_fence": _without_fence, "no_count": _without_count}.get(fault, lambda: None)()


def _without_fence() -> None:
    """Whoever finishes writes a version, whether or not the item and the picture are still theirs."""
    from adapters.storage.sql.runs import SqlRuns

    def finish(self: SqlRuns, item_id: str, *, fence: int, state: ItemState, error: str = "") -> bool:
        values = {"state": state.value, "last_error": error, "lease_until": None}
        self._session.change(update(run_item).where(run_item.c.id == item_id).values(**values))
        return True

    SqlRuns.finish = finish  # type: ignore[method-assign]
    OrderImage.to = lambda self, status: attrs.evolve(self, status=status)  # type: ignore[method-assign]


def _without_count() -> None:
    """A claim does not count, so that nobody notices how often it was made."""
    from adapters.storage.sql.runs import SqlRuns

    claim = SqlRuns.claim

    def claim_uncounted(self: SqlRuns, item_id: str, **times: Any) -> RunItem | None:
        item = claim(self, item_id, **times)
        if item is None:
            return None
        self._session.change(update(run_item).where(run_item.c.id == item_id).values(attempts=0))
        return attrs.evolve(item, attempts=1)

    SqlRuns.claim = claim_uncounted  # type: ignore[method-assign]
