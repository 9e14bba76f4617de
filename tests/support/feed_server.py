"""A web server as a process of its own, with a fast engine, that can be made wrong on purpose."""

import asyncio
import contextlib
import multiprocessing
import signal
import socket
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from multiprocessing.process import BaseProcess

import attrs

from adapters.system.logging import set_up_logging
from adapters.web import server
from adapters.web.asgi import build_asgi
from adapters.web.limits import Rates
from adapters.web.realtime import stream
from adapters.web.realtime.following import Follower, Read
from adapters.web.realtime.frames import Frame, encode
from adapters.web.realtime.hub import FeedHub
from adapters.web.realtime.places import Places
from adapters.web.realtime.stream import Pace
from tests.support.job_worker import Crew
from tests.support.waiting import wait_until

MANY = 1_000_000
WINDOW = 0.4
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.feed_server"])


@attrs.frozen(kw_only=True)
class Plan:
    """How a server runs.

    Args:
        life: seconds after which it ends each stream by itself.
        fault: ``repeats`` or ``backlog_first``, see ``plant``.
    """

    crew: Crew
    port: int
    life: float = 3600.0
    fault: str = ""


def run(plan: Plan) -> None:
    """Serve until a signal comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging(level="error")
    plant(plan.fault)
    rates = Rates(reads=MANY, writes=MANY, uploads=MANY, failed_keys=MANY, open_pages=MANY, streams=MANY)
    with plan.crew.application() as app, app.runner(), server.listen("127.0.0.1", plan.port) as listener:
        web = build_asgi(app, rates=rates, pace=Pace(life=plan.life), places=Places(per_user=MANY))
        server.build_server(app, on_ready=lambda: None, web=web).run(sockets=[listener])


def plant(fault: str) -> None:
    """Make this process wrong on purpose."""
    if fault == "repeats":
        Follower._once = _repeating  # type: ignore[method-assign]
    elif fault == "backlog_first":
        stream.following = _backlog_first  # type: ignore[attr-defined]


def _repeating(self: Follower, frames: Sequence[Frame]) -> list[Frame]:
    """Hand on what was read from the database and what came through the subscription, overlapping or not."""
    self.last = max([self.last, *(frame.sequence for frame in frames)])
    return list(frames)


@contextlib.asynccontextmanager
async def _backlog_first(hub: FeedHub, topic: str, *, after: int | None, read: Read) -> AsyncIterator[Follower]:
    """Read what was missed, and only then begin to listen."""
    last, missed = after or 0, []
    while page := await read(topic, last):
        missed += [encode(event) for event in page]
        last = missed[-1].sequence
    await asyncio.sleep(WINDOW)
    subscription = await hub.subscribe(topic)
    subscription.head = 0
    subscription._waiting.extendleft(reversed(missed))
    try:
        yield Follower(topic=topic, subscription=subscription, read=read, last=after or 0)
    finally:
        hub.unsubscribe(topic, subscription)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(plan: Plan) -> BaseProcess:
    """Start a server and wait until it answers."""
    process = _context.Process(target=run, args=(plan,), daemon=True)
    process.start()
    wait_until(lambda: _answers(plan.port), seconds=30, what="a server that answers")
    return process


@contextlib.contextmanager
def serving(plan: Plan) -> Iterator[BaseProcess]:
    """Have a server for the length of a block."""
    process = start(plan)
    try:
        yield process
    finally:
        process.kill()
        process.join(10)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except OSError:
        return False
