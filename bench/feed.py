"""Measures how long an event takes from its commit to a client, and what the clients cost the server.

Usage: python -m bench.feed [clients …] (200 and 500 when omitted); prints one line for each and asserts nothing.
"""

import asyncio
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from adapters.storage.sql.migrations import upgrade
from core.kernel.actor import Scope
from core.kernel.events import DomainEvent
from core.usecases.accounts.api_keys import CreateApiKey
from tests.support import feed_server
from tests.support.feed_server import Plan, free_port
from tests.support.job_harness import Shop, shop
from tests.support.job_worker import Crew
from tests.support.sse import Client

EVENTS = 60
PAUSE = 0.2


class TimedClient(Client):
    """Notes when each event arrived."""

    arrived: dict[int, float]

    async def _read(self, reader: asyncio.StreamReader, allowed: int | None) -> None:
        self.arrived = {}
        self.sequences = _Timed(self.arrived)
        await super()._read(reader, allowed)


class _Timed(list[int]):
    def __init__(self, arrived: dict[int, float]) -> None:
        super().__init__()
        self._arrived = arrived

    def append(self, number: int) -> None:
        self._arrived[number] = time.monotonic()
        super().append(number)


async def measure(found: Shop, clients: list[TimedClient], topic: str) -> list[float]:
    """Return the delays of all events at all clients, in milliseconds."""
    until = asyncio.Event()
    tasks = [asyncio.ensure_future(c.follow(until=until, wanted_cuts=0, cut_within=1)) for c in clients]
    while not all(c.sequences for c in clients):  # noqa: ASYNC110 - it looks at many clients
        await asyncio.sleep(0.1)
    head, committed = len(clients[0].sequences), {}
    for number in range(1, EVENTS + 1):
        await asyncio.to_thread(happen, found, topic)
        committed[head + number] = time.monotonic()
        await asyncio.sleep(PAUSE)
    while not all(len(c.sequences) >= head + EVENTS for c in clients):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    until.set()
    await asyncio.gather(*tasks)
    return [(c.arrived[n] - at) * 1000 for c in clients for n, at in committed.items()]


def happen(found: Shop, topic: str) -> None:
    """Commit one event."""
    with found.app.new_work() as work:
        at = dt.datetime.now(dt.UTC)
        work.events.add(DomainEvent(name="ImageProcessed", topic=topic, at=at, data={"image": "x" * 26}))
        work.commit()


def run(count: int, folder: Path) -> None:
    """Measure one crowd and print a line."""
    crew = Crew(database_url=f"sqlite:///{folder / 'i2i.db'}", home=folder)
    upgrade(crew.database_url)
    plan = Plan(crew=crew, port=free_port())
    with shop(crew) as found, feed_server.serving(plan) as server:
        order = found.order(1, confirm=False)
        made = found.app.use(CreateApiKey)(actor=found.actor, name="Feed", scopes=[Scope.ORDERS_READ])
        before = psutil.Process(server.pid).memory_info().rss
        path = f"/api/orders/{order}/stream"
        clients = [TimedClient(plan.port, path, made.secret, random.Random(n)) for n in range(count)]
        delays = asyncio.run(measure(found, clients, f"order/{order}"))
        after = psutil.Process(server.pid).memory_info().rss
    cuts = statistics.quantiles(delays, n=100)
    print(
        f"{count} clients, {EVENTS} events: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, worst {max(delays):.0f} ms;"
        f" memory {after / 2**20:.0f} MiB, {(after - before) / count / 1024:.0f} KiB a client"
    )


def main() -> None:
    """Measure each size."""
    for count in [int(size) for size in sys.argv[1:]] or [200, 500]:
        with tempfile.TemporaryDirectory() as folder:
            run(count, Path(folder))


if __name__ == "__main__":
    main()
