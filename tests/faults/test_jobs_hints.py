"""Hints that are lost, doubled or never sent: the rows know what is to be done."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest

from adapters.jobs.broker import redis_queue
from core.domain.runs import ItemState
from core.usecases.maintenance.dispatch import DispatchEvents
from tests.support.job_harness import Shop, Team, confirm_in_a_dying_process, shop
from tests.support.job_worker import Crew
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(900)


def lose_hints(crew: Crew, customer: Shop, *, times: int, lose: "Loser") -> str:
    """Take everything from Redis again and again while an order is worked on; return the figures."""
    items = len(customer.items())
    waits = []
    for time_of_loss in range(times):
        wanted = items * time_of_loss // (times + 1)
        wait_until(lambda: customer.count(ItemState.DONE) >= wanted, seconds=120)  # noqa: B023
        lose()
        lost = time.monotonic()
        wait_until(lambda: customer.count(ItemState.DONE) > wanted, seconds=60, what="work after the loss")  # noqa: B023
        waits.append(time.monotonic() - lost)
    customer.wait_for_the_end(seconds=120)
    return f"{customer.judge(done=items)}; {times} losses, next picture after {max(waits):.1f} s at most"


class Loser:
    """Something that takes all hints away."""

    def __call__(self) -> None:
        """Take them."""
        raise NotImplementedError


@attrs.frozen
class Flush(Loser):
    """Empty the database of Redis that this test has for itself."""

    url: str

    def __call__(self) -> None:
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushdb()


@pytest.mark.redis
def test_an_emptied_redis_loses_no_work(crew: Crew, redis_url: str) -> None:
    scaled = attrs.evolve(crew, redis_url=redis_url)
    with shop(scaled) as customer:
        customer.order(40)
        with Team(scaled):
            print(lose_hints(scaled, customer, times=1, lose=Flush(redis_url)))


@pytest.mark.redis
@pytest.mark.long
def test_a_redis_that_is_emptied_ten_times_loses_no_work(crew: Crew, redis_url: str) -> None:
    scaled = attrs.evolve(crew, redis_url=redis_url, render_seconds=0.1)
    with shop(scaled) as customer:
        customer.order(100)
        with Team(scaled):
            print(lose_hints(scaled, customer, times=10, lose=Flush(redis_url)))


@attrs.define
class OwnRedis(Loser):
    """A Redis without persistence that can be killed and comes back empty."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the server and wait until it listens."""
        options = ["--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_until(lambda: _listens(self.port), what="Redis")

    def stop(self) -> None:
        """Kill the server."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def __call__(self) -> None:
        self.stop()
        self.start()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    """Run a server of one's own on a free port, or skip."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = OwnRedis(folder, free.getsockname()[1])
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.redis
@pytest.mark.long
def test_a_redis_that_is_killed_ten_times_loses_no_work(crew: Crew) -> None:
    with own_redis(crew.home) as server:
        scaled = attrs.evolve(crew, redis_url=f"redis://127.0.0.1:{server.port}/0", render_seconds=0.1)
        with shop(scaled) as customer:
            customer.order(100)
            with Team(scaled):
                print(lose_hints(scaled, customer, times=10, lose=server))


@pytest.mark.redis
def test_hints_that_come_thrice_to_two_workers_with_short_leases(crew: Crew, redis_url: str) -> None:
    hasty = attrs.evolve(crew, redis_url=redis_url, lease_seconds=0.1, reconcile_seconds=0.1, threads=4)
    with shop(hasty) as customer:
        customer.order(40)
        ids = [i.id for i in customer.items()]
        redis_queue(redis_url).send(ids * 3)
        with Team(hasty):
            customer.wait_for_the_end(seconds=90)
            failed = customer.count(ItemState.FAILED)
            print(customer.judge(done=len(ids) - failed, failed=failed))
        events = [e for o in customer.orders for e in _events(customer, o)]
        assert len(events) == len(set(events))


def _events(customer: Shop, order_id: str) -> list[tuple[str, str, str]]:
    """Return what a mailer or an uploader would act on: one of each or it acts twice."""
    with customer.app.new_reading() as work:
        feed = work.events.since(f"order/{order_id}", 0)
    return [
        (e.event.name, e.event.topic, str(e.event.data.get("image", "")))
        for e in feed
        if e.event.name in {"ImageProcessed", "ImageFailed", "RunFinished", "OrderCompleted"}
    ]


def confirm_without_hints(customer: Shop, *, orders: int) -> None:
    """Confirm orders in processes that die between the commit and the hint."""
    for _ in range(orders):
        order_id = customer.order(1, confirm=False)
        assert confirm_in_a_dying_process(customer, order_id) == 9
    assert customer.count(ItemState.QUEUED) == orders


def test_work_whose_hint_was_never_sent_is_done(crew: Crew) -> None:
    with shop(crew) as customer:
        confirm_without_hints(customer, orders=10)
        with Team(crew):
            customer.wait_for_the_end(seconds=60)
            print(customer.judge(done=10))


@pytest.mark.redis
def test_work_whose_hint_was_never_sent_is_done_through_redis_too(crew: Crew, redis_url: str) -> None:
    scaled = attrs.evolve(crew, redis_url=redis_url)
    with shop(scaled) as customer:
        confirm_without_hints(customer, orders=3)
        with Team(scaled):
            customer.wait_for_the_end(seconds=60)
            print(customer.judge(done=3))


@pytest.mark.long
def test_two_hundred_confirmations_without_a_hint(crew: Crew) -> None:
    with shop(crew) as customer:
        confirm_without_hints(customer, orders=200)
        with Team(crew):
            customer.wait_for_the_end(seconds=300)
            print(customer.judge(done=200))


def test_a_worker_without_reconciler_is_noticed(crew: Crew) -> None:
    forgetful = attrs.evolve(crew, faults=("no_reconciler",))
    with shop(forgetful) as customer:
        confirm_without_hints(customer, orders=1)
        with Team(forgetful), pytest.raises(AssertionError, match="the end of 1 items"):
            customer.wait_for_the_end(seconds=5)
        assert customer.app.use(DispatchEvents)() > 0
