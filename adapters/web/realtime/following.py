"""One client's way through a feed: first what it missed, then what is new, each event once and in order."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import attrs

from adapters.web.realtime.frames import Frame, encode
from adapters.web.realtime.hub import FeedHub, Subscription
from core.kernel.events import FeedEvent

Read = Callable[[str, int], Awaitable[Sequence[FeedEvent]]]


@attrs.define(eq=False)
class Follower:
    """Reads the backlog from the database and goes on with a subscription that was begun before.

    Args:
        read: returns a page of events of a topic behind a sequence number.
        last: sequence number of the last frame that was handed out.
    """

    topic: str
    subscription: Subscription
    read: Read
    last: int

    async def take(self, seconds: float) -> list[Frame]:
        """Return the next frames; an empty list when nothing new came in time."""
        if self.last < self.subscription.head:
            missed = [encode(event) for event in await self.read(self.topic, self.last)]
            if not missed:  # the feed was emptied meanwhile
                self.last = self.subscription.head
            return self._once(missed)
        return self._once(await self.subscription.take(seconds))

    def _once(self, frames: Sequence[Frame]) -> list[Frame]:
        """Leave out what the client has: backlog and subscription overlap."""
        fresh = [frame for frame in frames if frame.sequence > self.last]
        if fresh:
            self.last = fresh[-1].sequence
        return fresh


@asynccontextmanager
async def following(hub: FeedHub, topic: str, *, after: int | None, read: Read) -> AsyncIterator[Follower]:
    """Follow a topic for the length of a block.

    The subscription comes first and the backlog second: the other way round, what happens between the two is lost.

    Args:
        after: sequence number of the last event that the client has; None to begin now.
    """
    subscription = await hub.subscribe(topic)
    try:
        last = subscription.head if after is None else after
        yield Follower(topic=topic, subscription=subscription, read=read, last=last)
    finally:
        hub.unsubscribe(topic, subscription)
