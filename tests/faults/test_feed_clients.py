"""Hundreds of clients whose connections break again and again: none misses an event, none sees one twice."""

import asyncio
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey
from core.usecases.queries.feed import ReadHeads
from tests.support import feed_server
from tests.support.feed_server import Plan, free_port
from tests.support.job_harness import Shop, shop
from tests.support.job_worker import Crew
from tests.support.sse import Client, faults_of

SEED = 20261121
CUTS = 3


@pytest.fixture
def open_shop(crew: Crew) -> Iterator[Shop]:
    """Return a customer of the installation."""
    with shop(crew) as found:
        yield found


@attrs.define
class Crowd:
    """Clients of one order; they follow while it is confirmed and worked on."""

    shop: Shop
    port: int
    order_id: str
    size: int
    clients: list[Client] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        made = self.shop.app.use(CreateApiKey)(actor=self.shop.actor, name="Feed", scopes=[Scope.ORDERS_READ])
        path = f"/api/orders/{self.order_id}/stream"
        for number in range(self.size):
            self.clients.append(Client(self.port, path, made.secret, random.Random(SEED + number)))

    def head(self) -> int:
        """Return how far the feed is by now."""
        topic = f"order/{self.order_id}"
        return self.shop.app.use(ReadHeads)(topics=[topic])[topic]

    async def follow(self, work: "threading.Event", *, cut_within: int, seconds: float) -> None:
        """Follow until everybody has everything, or the time is over."""
        until = asyncio.Event()
        following = [
            asyncio.ensure_future(c.follow(until=until, wanted_cuts=CUTS, cut_within=cut_within)) for c in self.clients
        ]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            if work.is_set() and all(c.sequences and c.sequences[-1] >= self.head() for c in self.clients):
                break
        until.set()
        await asyncio.gather(*following)

    def judge(self) -> list[str]:
        """Say what is wrong."""
        head = self.head()
        return [f"client {n}: {f}" for n, c in enumerate(self.clients) for f in faults_of(c.sequences, head)]


def _run(crowd: Crowd, *, cut_within: int, seconds: float, also: "threading.Thread | None" = None) -> None:
    """Let the order be worked on while the crowd follows."""
    from core.usecases.runs.confirm import ConfirmOrder

    is_over = threading.Event()

    def work() -> None:
        crowd.shop.app.use(ConfirmOrder)(actor=crowd.shop.actor, order_id=crowd.order_id)
        crowd.shop.wait_for_the_end(seconds=seconds)
        is_over.set()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        if also is not None:
            also.start()
        asyncio.run(crowd.follow(is_over, cut_within=cut_within, seconds=seconds))
        working.result()


def _faults(
    shop: Shop, plan: Plan, *, size: int, images: int, seconds: float = 60, cut_within: int = 4_000
) -> tuple[Crowd, list[str]]:
    with feed_server.serving(plan):
        crowd = Crowd(shop, plan.port, shop.order(images, confirm=False), size)
        _run(crowd, cut_within=cut_within, seconds=seconds)
    return crowd, crowd.judge()


def _check(crowd: Crowd, images: int) -> None:
    assert all(c.cuts == CUTS for c in crowd.clients), "every client broke its connection three times"
    assert sum(c.ends for c in crowd.clients) >= len(crowd.clients), "the server ended streams too"
    assert all(c.names.count("ImageProcessed") == images for c in crowd.clients)
    assert crowd.shop.judge(done=images)


@pytest.mark.req("S1-FUT-08")
@pytest.mark.req("S0-PROC-03")
def test_fifty_clients_get_every_event_once_through_broken_connections(crew: Crew, open_shop: Shop) -> None:
    plan = Plan(crew=attrs.evolve(crew, render_seconds=0.1), port=free_port(), life=1.0)
    crowd, faults = _faults(open_shop, plan, size=50, images=60)
    assert not faults
    _check(crowd, 60)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.req("S1-FUT-08")
def test_five_hundred_clients_get_every_event_once(crew: Crew, open_shop: Shop) -> None:
    plan = Plan(crew=attrs.evolve(crew, render_seconds=0.5), port=free_port(), life=10.0)
    crowd, faults = _faults(open_shop, plan, size=500, images=100, seconds=300, cut_within=12_000)
    assert not faults
    _check(crowd, 100)


@pytest.mark.parametrize(("fault", "found"), [("repeats", "doubled"), ("backlog_first", "lost")])
def test_a_server_that_is_wrong_is_found_out(crew: Crew, open_shop: Shop, fault: str, found: str) -> None:
    # A race decides whether one crowd meets the fault, so that up to three are sent.
    for _ in range(3):
        plan = Plan(crew=attrs.evolve(crew, render_seconds=0.1), port=free_port(), life=1.0, fault=fault)
        _, faults = _faults(open_shop, plan, size=10, images=40, seconds=20)
        if any(found in fault for fault in faults):
            return
    pytest.fail(f"no crowd met the fault {fault}")


@pytest.mark.req("S0-STATE-02")
def test_a_server_that_is_killed_and_comes_back_costs_nobody_an_event(crew: Crew, open_shop: Shop) -> None:
    plan = Plan(crew=attrs.evolve(crew, render_seconds=0.05), port=free_port())
    crowd = Crowd(open_shop, plan.port, open_shop.order(40, confirm=False), 10)
    first = feed_server.start(plan)
    second = []

    def kill_and_restart() -> None:
        while sum(name == "ImageProcessed" for name in crowd.clients[0].names) < 15:
            time.sleep(0.01)
        first.kill()
        first.join(10)
        assert first.exitcode == -signal.SIGKILL
        second.append(feed_server.start(plan))

    killing = threading.Thread(target=kill_and_restart)
    try:
        _run(crowd, cut_within=4_000, seconds=60, also=killing)
    finally:
        killing.join(30)
        for process in (first, *second):
            process.kill()
            process.join(10)
    assert len(second) == 1
    assert not crowd.judge()
    assert all(c.ends for c in crowd.clients), "everybody lost the connection"
    assert open_shop.judge(done=40)
