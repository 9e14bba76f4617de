"""One poller per process: what is new is read once and handed to everybody who follows it.

Everything here happens on one event loop, so nothing is locked; the database is asked in threads.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

import attrs
import structlog

from adapters.web.realtime.frames import Frame, encode
from core.errors import I2IError, ProviderUnavailableError
from core.kernel.events import FeedEvent

EVERY = 0.25
LONGEST_PAUSE = 5.0
ROOM = 2_000

Heads = Callable[[Sequence[str]], Mapping[str, int]]
News = Callable[[Mapping[str, int]], Mapping[str, Sequence[FeedEvent]]]
log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.feed")


@attrs.define(eq=False)
class Subscription:
    """What one client has not been sent yet.

    Args:
        head: sequence number up to which the database, not this subscription, tells what happened.
        ended: done when the client is to be cut off: it is too slow, or the server stops.
    """

    room: int
    ended: "asyncio.Future[str]"
    head: int = 0
    _waiting: deque[Frame] = attrs.field(factory=deque)
    _changed: asyncio.Event = attrs.field(factory=asyncio.Event)

    def put(self, frames: Sequence[Frame]) -> None:
        """Add frames; a client that leaves too many lying is cut off, and comes back by sequence."""
        if len(self._waiting) + len(frames) > self.room:
            self.end("slow")
            return
        self._waiting.extend(frames)
        self._changed.set()

    def end(self, reason: str) -> None:
        """Cut the client off."""
        if not self.ended.done():
            self.ended.set_result(reason)

    async def take(self, seconds: float) -> list[Frame]:
        """Return everything that waits; an empty list when nothing came in time."""
        if not self._waiting:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                return []
        taken = list(self._waiting)
        self._waiting.clear()
        self._changed.clear()
        return taken


@attrs.define(eq=False)
class _Topic:
    """A feed that somebody follows; ``start`` finds out once how far it is, and polling begins from there."""

    start: "asyncio.Task[int]"
    seen: int = 0
    subscriptions: set[Subscription] = attrs.field(factory=set)


class FeedHub:
    """Polls the feeds that are followed, and only while there are any.

    Args:
        heads, news: ask the database; called in the executor.
        executor: threads for the database.
        every: seconds between two questions, hence at most four writes a second to a client.
        room: events that may wait for one client.
    """

    def __init__(self, *, heads: Heads, news: News, executor: Executor, every: float = EVERY, room: int = ROOM) -> None:
        self._heads = heads
        self._news = news
        self._executor = executor
        self._every = every
        self._room = room
        self._topics: dict[str, _Topic] = {}
        self._poller: asyncio.Task[None] | None = None
        self._is_closed = False

    async def subscribe(self, name: str) -> Subscription:
        """Follow a feed from now on; whatever is older than its ``head`` can be read from the database afterwards.

        Raises:
            ProviderUnavailableError: the server stops, or the database cannot be reached.
        """
        if self._is_closed:
            raise ProviderUnavailableError("The server is stopping.", code="stopping")
        loop = asyncio.get_running_loop()
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = _Topic(loop.create_task(self._begin(name)))
        subscription = Subscription(room=self._room, ended=loop.create_future())
        topic.subscriptions.add(subscription)
        try:
            await asyncio.shield(topic.start)
        except BaseException:
            self.unsubscribe(name, subscription)
            raise
        subscription.head = topic.seen
        if self._poller is None or self._poller.done():
            self._poller = loop.create_task(self._poll())
        return subscription

    def unsubscribe(self, name: str, subscription: Subscription) -> None:
        """Follow a feed no longer."""
        topic = self._topics.get(name)
        if topic is None or subscription not in topic.subscriptions:
            return
        topic.subscriptions.remove(subscription)
        if not topic.subscriptions:
            topic.start.cancel()
            del self._topics[name]

    def drop(self, reason: str = "dropped") -> None:
        """Cut everybody off; they come back by sequence."""
        for topic in self._topics.values():
            for subscription in topic.subscriptions:
                subscription.end(reason)

    def close(self) -> None:
        """Cut everybody off and take nobody on again, because the server stops."""
        self._is_closed = True
        self.drop("stopping")

    @property
    def is_polling(self) -> bool:
        """Whether the database is being asked."""
        return self._poller is not None and not self._poller.done()

    async def _begin(self, name: str) -> int:
        loop = asyncio.get_running_loop()
        heads = await loop.run_in_executor(self._executor, self._heads, (name,))
        if name in self._topics:
            self._topics[name].seen = heads[name]
        return heads[name]

    async def _poll(self) -> None:
        failures = 0
        while self._topics:
            await asyncio.sleep(min(self._every * 2.0 ** min(failures, 16), LONGEST_PAUSE) if failures else self._every)
            try:
                await self._round()
                failures = 0
            except Exception as error:  # whatever it is, the next round may succeed, and streams stay open
                failures += 1
                is_known = isinstance(error, I2IError)
                log.warning("feed_not_read", error=str(error), failures=failures, exc_info=not is_known)

    async def _round(self) -> None:
        """Ask once for all feeds, and hand out what is new."""
        topics = {name: topic for name, topic in self._topics.items() if _has_begun(topic)}
        if not topics:
            return
        seen = {name: topic.seen for name, topic in topics.items()}
        news = await asyncio.get_running_loop().run_in_executor(self._executor, self._news, seen)
        for name, events in news.items():
            if events:
                topics[name].seen = events[-1].sequence
                frames = [encode(event) for event in events]
                for subscription in topics[name].subscriptions:
                    subscription.put(frames)


def _has_begun(topic: _Topic) -> bool:
    return topic.start.done() and not topic.start.cancelled() and topic.start.exception() is None
