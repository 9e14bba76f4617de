"""The worker, its loops and its leases, inside one process."""

import datetime as dt
import logging
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.jobs.broker import embedded_queue
from adapters.jobs.leases import ThreadLeaseKeeper
from adapters.jobs.loops import LONGEST_PAUSE, Loop, pause_after
from adapters.jobs.runner import Chore, WorkerRunner
from adapters.jobs.serving import run_worker
from adapters.storage.memory import MemoryDatabase
from adapters.system.clock import SystemClock
from core.domain.orders import OrderStatus
from core.domain.runs import RunItem
from core.errors import ProviderUnavailableError
from core.usecases.runs.process import Outcome
from tests.factories import new_id
from tests.studio import Studio
from tests.support.waiting import wait_until

EARLIER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@attrs.define
class Work:
    """Items that wait until they are processed; what happens to them is scripted."""

    ready: set[str] = attrs.field(factory=set)
    done: list[str] = attrs.field(factory=list)
    happens: dict[str, list[Callable[[], None]]] = attrs.field(factory=dict)
    queue: Any = attrs.field(factory=embedded_queue)
    hints: list[str | None] = attrs.field(factory=list)

    def process(self, item_id: str) -> Outcome:
        """Work on an item if it is there."""
        if item_id not in self.ready:
            return Outcome.SKIPPED
        for happening in [self.happens[item_id].pop(0)] if self.happens.get(item_id) else []:
            happening()
        self.ready.discard(item_id)
        self.done.append(item_id)
        return Outcome.DONE

    def hint_ready(self, *, order_id: str | None = None) -> int:
        """Hint everything that is ready."""
        self.hints.append(order_id)
        self.queue.hint(sorted(self.ready))
        return len(self.ready)

    def runner(self, **changes: Any) -> WorkerRunner:
        """Return a worker for this work."""
        values: dict[str, Any] = {"dispatch": lambda: 0, "reconcile_seconds": 0.05}
        return WorkerRunner(
            process=self.process, queue=self.queue, hint_ready=self.hint_ready, **{**values, **changes}
        )  # fmt: skip


def fail() -> None:
    """Raise what no use case raises."""
    raise OSError("No space left on device")


def test_what_waited_before_the_start_is_worked_on() -> None:
    work = Work({"a", "b", "c"})
    with work.runner():
        wait_until(lambda: not work.ready)
    assert sorted(work.done) == ["a", "b", "c"]


def test_an_error_inside_a_job_ends_neither_the_worker_nor_the_job(caplog: pytest.LogCaptureFixture) -> None:
    work = Work({"a", "b"}, happens={"a": [fail, fail]})
    with work.runner(threads=1):
        wait_until(lambda: not work.ready)
    assert sorted(work.done) == ["a", "b"]
    assert "No space left on device" in caplog.text


def test_a_database_that_is_away_for_a_while_stops_no_loop(caplog: pytest.LogCaptureFixture) -> None:
    work, calls = Work({"a"}), Counter[str]()

    def away(name: str, *, times: int) -> None:
        calls[name] += 1
        if calls[name] <= times:
            raise ProviderUnavailableError("The database is away.")

    def hint_ready(*, order_id: str | None = None) -> int:
        away("reconciler", times=2)
        return work.hint_ready(order_id=order_id)

    runner = work.runner(chores=[Chore(name="chore", act=lambda: away("chore", times=2), every=0.01)])
    runner.hint_ready = hint_ready
    with runner:
        wait_until(lambda: work.done == ["a"] and calls["chore"] > 3)
    assert "chore failed; going on." in caplog.text


def test_a_worker_of_one_order_asks_for_that_order() -> None:
    work = Work()
    with work.runner(order_id="o1", dispatch=None):
        wait_until(lambda: len(work.hints) > 2)
    assert set(work.hints) == {"o1"}


def test_events_are_dispatched_at_once_after_a_hint() -> None:
    work, pending = Work(), [3]
    batches = []

    def dispatch() -> int:
        done, pending[0] = pending[0], 0
        batches.append(done)
        return done

    with work.runner(dispatch=dispatch, reconcile_seconds=60):
        wait_until(lambda: batches[-1:] == [0])
        pending[0] = 5
        work.queue.hint(["x"])
        wait_until(lambda: 5 in batches, seconds=0.9, what="a dispatch before the next poll")


def test_a_stopped_worker_claims_nothing_more_and_lets_its_picture_end() -> None:
    begun, gate = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait(20)

    work = Work({f"item-{n}" for n in range(5)}, happens={f"item-{n}": [wait] for n in range(5)})
    runner = work.runner(threads=1)
    runner.start()
    assert begun.wait(10)
    answers: list[bool] = []
    stopping = threading.Thread(target=lambda: answers.append(runner.stop()))
    stopping.start()
    wait_until(runner._stopping.is_set)
    gate.set()
    stopping.join(10)
    assert (answers, len(work.done), len(work.ready)) == ([True], 1, 4)


def test_a_picture_that_does_not_end_in_time_is_left_behind() -> None:
    begun, gate = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        gate.wait(20)

    work = Work({"a"}, happens={"a": [hang]})
    runner = work.runner()
    runner.start()
    assert begun.wait(10)
    assert not runner.stop(grace=0.1)
    gate.set()


def test_one_worker_after_another_on_the_same_queue(caplog: pytest.LogCaptureFixture) -> None:
    work = Work({"a"})
    for number in range(3):
        with work.runner():
            wait_until(lambda: not work.ready)
        work.ready.add(f"next-{number}")
        work.queue.hint(work.ready)
    assert work.done == ["a", "next-0", "next-1"]
    assert caplog.text == ""


def test_a_runner_that_never_started_stops() -> None:
    assert Work().runner().stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_worker_and_gives_the_handlers_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    work = Work({"a"}, happens={"a": [lambda: os.kill(os.getpid(), number)]})
    assert run_worker(work.runner(), grace=10)
    assert work.done == ["a"]
    assert signal.getsignal(number) is before


def test_pauses_grow_and_end() -> None:
    assert [pause_after(n) for n in range(5)] == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert pause_after(1000) == LONGEST_PAUSE
    assert pause_after(3, usual=60) == 60


def test_a_loop_waits_for_its_time_or_a_wake_up() -> None:
    calls: list[int] = []
    loop = Loop("x", lambda: calls.append(1), every=3600, at_once=False)
    loop.start()
    assert calls == []
    loop.wake()
    wait_until(lambda: calls == [1])
    loop.stop()
    loop.join(5)
    assert calls == [1]


@attrs.define
class Leases:
    """An item in memory whose claims and renewals can be looked at."""

    seconds: float = 0.3
    database: MemoryDatabase = attrs.field(factory=MemoryDatabase)
    keeper: ThreadLeaseKeeper = attrs.field(init=False)
    away: int = 0

    def __attrs_post_init__(self) -> None:
        self.keeper = self.new_keeper()

    def new_keeper(self, **more: Any) -> ThreadLeaseKeeper:
        """Return a keeper of leases."""
        lease = dt.timedelta(seconds=self.seconds)
        return ThreadLeaseKeeper(new_work=self.new_work, clock=SystemClock(), lease=lease, **more)

    def new_work(self) -> Any:
        """Begin a unit of work, unless the database is away."""
        if self.away:
            self.away -= 1
            raise ProviderUnavailableError("The database is away.")
        return self.database.new_work()

    def claimed(self) -> RunItem:
        """Store an item and claim it."""
        item = RunItem(
            id=new_id(), run_id="r", order_id="o", image_id=new_id(), base_version=0, plan_revision=1, hold_id=new_id(),
            created_at=EARLIER, available_at=EARLIER,
        )  # fmt: skip
        with self.database.new_work() as work:
            work._transaction.write("run_items")[item.id] = item  # type: ignore[union-attr]
            claimed = self.claim(work, item.id)
            work.commit()
        assert claimed is not None
        return claimed

    def claim(self, work: Any, item_id: str) -> RunItem | None:
        """Claim an item if its lease has lapsed."""
        now = dt.datetime.now(dt.UTC)
        item: RunItem | None = work.runs.claim(item_id, now=now, lease_until=now + dt.timedelta(seconds=self.seconds))
        return item

    def steal(self, item: RunItem) -> RunItem | None:
        """Try to claim an item that somebody holds."""
        with self.database.new_work() as work:
            stolen = self.claim(work, item.id)
            work.commit()
        return stolen

    def until(self, item: RunItem) -> dt.datetime:
        """Return the end of the lease."""
        with self.database.new_reading() as work:
            until = work.runs.get_item(item.id).lease_until
        assert until is not None
        return until


def check_that_leases_are_kept(leases: Leases, *, seconds: float = 5) -> None:
    """Hold two items for several lengths of a lease."""
    first, second = leases.claimed(), leases.claimed()
    lasting = dt.timedelta(seconds=3 * leases.seconds)
    with leases.keeper.keep(first), leases.keeper.keep(second):
        for item in (first, second):
            wait_until(lambda item=item: leases.until(item) > (item.lease_until or EARLIER) + lasting, seconds=seconds)  # type: ignore[misc]
            assert leases.steal(item) is None


def test_leases_are_renewed_while_they_are_kept_and_lapse_afterwards() -> None:
    leases = Leases()
    item = leases.claimed()
    with leases.keeper.keep(item):
        check_that_leases_are_kept(leases)
    wait_until(lambda: leases.steal(item), seconds=5, what="a lapsed lease")
    wait_until(lambda: not [t for t in threading.enumerate() if t.name == "leases"], what="the end of the thread")


def test_a_keeper_that_keeps_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThreadLeaseKeeper, "_renew", lambda _self, _kept: [])
    with pytest.raises(AssertionError):
        check_that_leases_are_kept(Leases(seconds=0.1), seconds=1)


def test_a_database_that_is_away_for_a_moment_costs_no_lease() -> None:
    leases = Leases(seconds=0.6)
    leases.away = 1
    check_that_leases_are_kept(leases)
    assert leases.away == 0


def test_a_lost_lease_is_logged_once_and_not_renewed(caplog: pytest.LogCaptureFixture) -> None:
    leases = Leases(seconds=0.1)
    item = leases.claimed()
    thief = wait_until(lambda: leases.steal(item), seconds=5)
    with caplog.at_level(logging.WARNING), leases.keeper.keep(item):
        wait_until(lambda: "was lost" in caplog.text)
        wait_until(lambda: leases.steal(item), seconds=5, what="the end of the thief's own lease")
    assert caplog.text.count("was lost") == 1
    assert thief is not None
    assert thief.fence == item.fence + 1


def test_work_that_hangs_for_ever_is_given_to_others(caplog: pytest.LogCaptureFixture) -> None:
    leases = Leases(seconds=0.1)
    item = leases.claimed()
    keeper = leases.new_keeper(at_most=dt.timedelta(seconds=0.3))
    with keeper.keep(item):
        wait_until(lambda: leases.steal(item), seconds=10)
    assert "its lease is not renewed" in caplog.text


@pytest.mark.req("S3-JOB-02")
def test_an_application_works_on_what_is_confirmed(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    studio.app.__dict__["queue"] = embedded_queue()
    ada = studio.customer()
    earlier = studio.confirmed(ada, "before.jpg").order.id
    with studio.app.runner():
        later = studio.confirmed(ada, "after.jpg").order.id
        wait_until(lambda: studio.order(earlier).status is studio.order(later).status is OrderStatus.COMPLETED)
        wait_until(lambda: not pending_events(studio), what="the dispatch of all events")
    studio.audit()


def test_a_worker_of_one_order_leaves_other_orders_and_the_outbox_alone(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    ada = studio.customer()
    other, mine = studio.confirmed(ada, "other.jpg").order.id, studio.confirmed(ada, "mine.jpg").order.id
    studio.app.__dict__["queue"] = embedded_queue()
    with studio.app.runner(order_id=mine):
        wait_until(lambda: studio.order(mine).status is OrderStatus.COMPLETED)
    assert studio.states(other) == ["queued"]
    assert pending_events(studio) > 0


def pending_events(studio: Studio) -> int:
    """Count the events that wait for their handlers."""
    with studio.app.new_reading() as work:
        return len(work.events.pending(limit=100))
