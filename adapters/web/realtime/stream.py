"""``GET /api/orders/{order_id}/stream``: server-sent events of one order."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, aclosing, suppress
from typing import Any, TypeVar

import attrs
import structlog
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from adapters.bootstrap import Application
from adapters.web.identity import identify, presented
from adapters.web.limits import RateLimits
from adapters.web.networks import network_of
from adapters.web.realtime import asking
from adapters.web.realtime.following import Follower, following
from adapters.web.realtime.frames import HEADERS, HEARTBEAT, MEDIA_TYPE, joined, opening
from adapters.web.realtime.hub import FeedHub
from adapters.web.realtime.places import Places
from adapters.web.realtime.wish import read_wish
from core.errors import I2IError, NotAuthenticatedError, ProviderUnavailableError
from core.kernel.actor import Actor
from core.kernel.events import FeedEvent
from core.usecases.queries.feed import FollowOrder, ReadNews

T = TypeVar("T")
LAST_WRITE_SECONDS = 1.0
log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.access")


@attrs.frozen(kw_only=True)
class Pace:
    """How a stream behaves in time, in seconds.

    Args:
        heartbeat: after so long without an event a comment is sent, so that proxies keep the connection.
        recheck: how often it is made sure that the reader may still read.
        life: after about so long the stream ends and the client comes back, possibly to another process.
    """

    heartbeat: float = 15.0
    recheck: float = 45.0
    life: float = 3600.0


@attrs.frozen(kw_only=True)
class Opened:
    """A stream that was granted."""

    actor: Actor
    follower: Follower
    is_named: bool


@attrs.frozen(kw_only=True)
class OrderStream:
    """The ASGI application of the route.

    Args:
        executor: threads for the database.
    """

    application: Application
    hub: FeedHub
    places: Places
    rates: RateLimits
    executor: ThreadPoolExecutor
    pace: Pace = Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: a refusal, or events until one of the two sides ends it."""
        request, number, began = Request(scope, receive), asking.request_id(), time.monotonic()
        common = asking.common_headers(request, number, trusted_proxies=self._proxies)
        line = log.bind(method="GET", path=scope["path"], request_id=number, address=self._address(request))
        async with AsyncExitStack() as stack:
            try:
                opened = await self._open(request, stack)
                first = await self._first(opened)
            except Exception as error:  # noqa: BLE001 - whatever it is, the answer is a problem body
                answer = asking.refusal(error, common)
                line.info("request", status=answer.status_code, ms=round((time.monotonic() - began) * 1000))
                await answer(scope, receive, send)
                return
            line = line.bind(key=opened.actor.label)
            line.info("request", status=200, ms=round((time.monotonic() - began) * 1000))
            await send(_start(common))
            reason = await self._run(request, opened, first=first, send=send)
        line.info("stream_ended", reason=reason, seconds=round(time.monotonic() - began), last=opened.follower.last)

    async def _open(self, request: Request, stack: AsyncExitStack) -> Opened:
        """Find out who asks, for what, and whether there is room.

        Raises:
            I2IError: the refusal to answer with.
        """
        wish = read_wish(request.headers, request.query_params)
        actor, topic = await self._in_thread(lambda: self._admit(request))
        stack.enter_context(self.places.place(actor.user_id))
        follower = await stack.enter_async_context(following(self.hub, topic, after=wish.after, read=self._read))
        return Opened(actor=actor, follower=follower, is_named=wish.is_named)

    def _admit(self, request: Request) -> tuple[Actor, str]:
        try:
            actor = self._identify(request)
        except NotAuthenticatedError:
            if presented(request.headers, {}) is not None:  # a cookie that grew old is no attempt to guess
                self.rates.hit("failed_keys", network_of(self._address(request)))
            raise
        self.rates.hit("streams", actor.user_id)
        return actor, self.application.use(FollowOrder)(actor=actor, order_id=request.path_params["order_id"])

    def _identify(self, request: Request) -> Actor:
        is_secure = asking.is_secure(request, trusted_proxies=self._proxies)
        return identify(self.application, request.headers, request.cookies, is_secure=is_secure)

    @property
    def _proxies(self) -> int:
        return self.application.settings.trusted_proxies

    def _address(self, request: Request) -> str:
        return asking.address_of(request, trusted_proxies=self._proxies)

    async def _first(self, opened: Opened) -> bytes:
        """Return the beginning of the body; the backlog is asked for before anything is promised."""
        start = opening(opened.follower.last)
        return start + joined(await opened.follower.take(0), is_named=opened.is_named)

    async def _run(self, request: Request, opened: Opened, *, first: bytes, send: Send) -> str:
        """Write until the stream ends, and return why it did."""
        writing = asyncio.ensure_future(self._write(request, opened, first=first, send=send))
        leaving = asyncio.ensure_future(_gone(request.receive))
        ended = opened.follower.subscription.ended
        try:
            ends: set[asyncio.Future[Any]] = {writing, leaving, ended}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            reason = "left" if leaving.done() else ended.result() if ended.done() else writing.result()
        except I2IError as error:
            reason = error.code  # the client comes back, and is told by a refusal then
        finally:
            for task in (writing, leaving):
                task.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)
        with suppress(TimeoutError):  # a client that reads nothing takes no end either
            async with asyncio.timeout(LAST_WRITE_SECONDS):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        return reason

    async def _write(self, request: Request, opened: Opened, *, first: bytes, send: Send) -> str:
        async with aclosing(self._bodies(request, opened, first=first)) as bodies:
            async for body in bodies:
                await send({"type": "http.response.body", "body": body, "more_body": True})
        return "over"

    async def _bodies(self, request: Request, opened: Opened, *, first: bytes) -> AsyncGenerator[bytes, None]:
        """Yield what is written, until the time is over or the reader may read no longer."""
        now = time.monotonic()
        ends, check_at = now + self.pace.life * random.uniform(0.8, 1.2), now + self.pace.recheck  # noqa: S311
        yield first
        beat_at = time.monotonic() + self.pace.heartbeat
        while (now := time.monotonic()) < ends:
            if now >= check_at:
                if not await self._in_thread(lambda: self._may_go_on(request)):
                    return
                check_at = now + self.pace.recheck
            frames = await opened.follower.take(max(0.0, min(beat_at, check_at, ends) - now))
            if frames or time.monotonic() >= beat_at:
                yield joined(frames, is_named=opened.is_named) or HEARTBEAT
                beat_at = time.monotonic() + self.pace.heartbeat

    def _may_go_on(self, request: Request) -> bool:
        """Whether the key or the session still holds and the order is still there."""
        try:
            actor = self._identify(request)
            self.application.use(FollowOrder)(actor=actor, order_id=request.path_params["order_id"])
        except ProviderUnavailableError:
            return True  # while the database is away nothing is sent either
        except I2IError:
            return False
        return True

    async def _read(self, topic: str, after: int) -> Sequence[FeedEvent]:
        news = self.application.use(ReadNews)
        return (await self._in_thread(lambda: news(seen={topic: after}))).get(topic, ())

    def _in_thread(self, act: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self.executor, act)


def _start(common: dict[str, str]) -> dict[str, object]:
    """Return the head of the answer."""
    found = common | HEADERS | {"Content-Type": f"{MEDIA_TYPE}; charset=utf-8"}
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [(name.lower().encode(), value.encode()) for name, value in found.items()],
    }


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
