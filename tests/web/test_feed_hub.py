"""The hub and its followers, event loop and all, over feeds in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

from adapters.storage.memory import MemoryDatabase
from adapters.web.realtime.following import Follower, following
from adapters.web.realtime.frames import Frame, encode
from adapters.web.realtime.hub import FeedHub, Subscription
from core.errors import ProviderUnavailableError
from core.kernel.events import FeedEvent
from core.usecases.queries.feed import ReadHeads, ReadNews
from tests.factories import make_event

TOPIC, OTHER = "order/1", "order/2"
Open = Callable[["Feeds", FeedHub], Coroutine[Any, Any, Follower]]


async def _nothing() -> None:
    pass


@attrs.define
class Feeds:
    """Feeds in memory that count how often they are asked.

    Args:
        on_read: awaited before a page of backlog is read, and again before anybody has it.
        failures: how many of the next questions fail.
    """

    database: MemoryDatabase = attrs.field(factory=MemoryDatabase)
    rounds: list[list[str]] = attrs.field(factory=list)
    on_read: Callable[[], Awaitable[None]] = _nothing
    failures: int = 0

    def happen(self, *topics: str) -> None:
        """Let something happen."""
        with self.database.new_work() as work:
            for topic in topics:
                work.events.add(make_event(topic))
            work.commit()

    def heads(self, topics: Sequence[str]) -> Mapping[str, int]:
        """Answer the hub."""
        self._ask()
        return ReadHeads(new_reading=self.database.new_reading)(topics=topics)

    def news(self, seen: Mapping[str, int]) -> Mapping[str, Sequence[FeedEvent]]:
        """Answer the hub."""
        self.rounds.append(sorted(seen))
        self._ask()
        return ReadNews(new_reading=self.database.new_reading)(seen=seen)

    async def read(self, topic: str, after: int) -> Sequence[FeedEvent]:
        """Answer a follower."""
        await self.on_read()
        found = ReadNews(new_reading=self.database.new_reading)(seen={topic: after}).get(topic, ())
        await self.on_read()
        return found

    def _ask(self) -> None:
        if self.failures:
            self.failures -= 1
            raise ProviderUnavailableError("The database does not answer.")


def hub_of(feeds: Feeds, **values: Any) -> FeedHub:
    """Return a quick hub."""
    options = {"every": 0.005, "room": 5_000, **values}
    return FeedHub(heads=feeds.heads, news=feeds.news, executor=ThreadPoolExecutor(1), **options)


async def settle(look: Callable[[], bool]) -> None:
    """Wait until something can be seen."""
    async with asyncio.timeout(10):
        while not look():  # noqa: ASYNC110 - it looks at many things
            await asyncio.sleep(0.001)


async def collect(follower: Follower, count: int, *, seconds: float = 10) -> list[int]:
    """Return the numbers of the next events, fewer when no more come in time."""
    found: list[int] = []
    try:
        async with asyncio.timeout(seconds):
            while len(found) < count:
                found += [frame.sequence for frame in await follower.take(0.05)]
    except TimeoutError:
        pass
    return found


async def right(feeds: Feeds, hub: FeedHub) -> Follower:
    """Follow in the right order."""
    subscription = await hub.subscribe(TOPIC)
    return Follower(topic=TOPIC, subscription=subscription, read=feeds.read, last=0)


class Repeating(Follower):
    """Hands on whatever comes, from the backlog and from the subscription."""

    def _once(self, frames: Sequence[Frame]) -> list[Frame]:
        self.last = max([self.last, *(frame.sequence for frame in frames)])
        return list(frames)


async def repeating(feeds: Feeds, hub: FeedHub) -> Follower:
    """Follow without leaving out what came twice."""
    subscription = await hub.subscribe(TOPIC)
    return Repeating(topic=TOPIC, subscription=subscription, read=feeds.read, last=0)


async def backlog_first(feeds: Feeds, hub: FeedHub) -> Follower:
    """Read what was missed before listening begins."""
    missed = [encode(event) for event in await feeds.read(TOPIC, 0)]
    subscription = await hub.subscribe(TOPIC)
    subscription.head = 0
    subscription.put(missed)
    return Follower(topic=TOPIC, subscription=subscription, read=feeds.read, last=0)


async def story(open_it: Open) -> list[int]:
    """Return what a client is sent when things happen before, while and after it catches up; 1 to 6 is right."""
    feeds = Feeds()
    feeds.happen(TOPIC, TOPIC)
    hub = hub_of(feeds)
    early = await hub.subscribe(TOPIC)  # somebody else follows already, so that the hub polls this topic
    feeds.happen(TOPIC)
    await settle(lambda: len(early._waiting) == 1)

    left = [5, 4]

    async def meanwhile() -> None:
        """Let something happen and be polled."""
        if left:
            feeds.happen(TOPIC)
            number = left.pop()
            await settle(lambda: early._waiting[-1].sequence == number)

    feeds.on_read = meanwhile
    follower = await open_it(feeds, hub)
    first = await follower.take(0)
    feeds.happen(TOPIC)
    await settle(lambda: len(early._waiting) == 4)
    return [frame.sequence for frame in first] + await collect(follower, 6 - len(first), seconds=1)


@pytest.mark.req("S1-FUT-08")
def test_nothing_is_lost_and_nothing_doubled_where_backlog_and_news_meet() -> None:
    assert asyncio.run(story(right)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("wrong", [repeating, backlog_first])
def test_a_follower_that_is_wrong_is_found_out(wrong: Open) -> None:
    assert asyncio.run(story(wrong)) != [1, 2, 3, 4, 5, 6]


def test_a_long_backlog_comes_in_pages_and_in_order() -> None:
    async def act() -> None:
        feeds = Feeds()
        feeds.happen(*[TOPIC] * 1201)
        hub = hub_of(feeds)
        async with following(hub, TOPIC, after=1, read=feeds.read) as follower:
            pages = [await follower.take(0) for _ in range(3)]
            assert [len(page) for page in pages] == [500, 500, 200]
            feeds.happen(TOPIC)
            assert await collect(follower, 1) == [1202]

    asyncio.run(act())


def test_who_names_no_event_begins_now() -> None:
    async def act() -> None:
        feeds = Feeds()
        feeds.happen(TOPIC, TOPIC)
        hub = hub_of(feeds)
        async with following(hub, TOPIC, after=None, read=feeds.read) as follower:
            assert follower.last == 2
            feeds.happen(TOPIC)
            assert await collect(follower, 1) == [3]

    asyncio.run(act())


def test_one_question_serves_all_topics_and_all_who_follow() -> None:
    async def act() -> None:
        feeds = Feeds()
        hub = hub_of(feeds)
        many = [await hub.subscribe(topic) for topic in (TOPIC, OTHER) for _ in range(50)]
        await settle(lambda: [TOPIC, OTHER] in feeds.rounds)
        feeds.happen(TOPIC, OTHER, OTHER)
        await settle(lambda: sum(len(s._waiting) for s in many) == 150)
        assert {tuple(asked) for asked in feeds.rounds} <= {(TOPIC,), (TOPIC, OTHER)}
        frames = {id(frame) for s in many for frame in s._waiting}
        assert len(frames) == 3, "encoded once for all"

    asyncio.run(act())


def test_nothing_is_asked_while_nobody_follows() -> None:
    async def act() -> None:
        feeds = Feeds()
        hub = hub_of(feeds)
        assert not hub.is_polling
        subscription = await hub.subscribe(TOPIC)
        await settle(lambda: len(feeds.rounds) > 1)
        hub.unsubscribe(TOPIC, subscription)
        await settle(lambda: not hub.is_polling)
        asked = len(feeds.rounds)
        feeds.happen(TOPIC)
        again = await hub.subscribe(TOPIC)
        assert again.head == 1
        await settle(lambda: len(feeds.rounds) > asked)

    asyncio.run(act())


def test_a_client_that_is_too_slow_is_cut_off_and_the_others_are_not() -> None:
    async def act() -> None:
        feeds = Feeds()
        hub = hub_of(feeds, room=10)
        slow, quick = await hub.subscribe(TOPIC), await hub.subscribe(TOPIC)
        follower = Follower(topic=TOPIC, subscription=quick, read=feeds.read, last=0)
        for start in (1, 7):
            feeds.happen(*[TOPIC] * 6)
            assert await collect(follower, 6) == list(range(start, start + 6))
        assert await slow.ended == "slow"
        assert not quick.ended.done()

    asyncio.run(act())


def test_a_database_that_is_away_for_a_while_costs_time_and_no_event() -> None:
    async def act() -> None:
        feeds = Feeds(failures=1)
        hub = hub_of(feeds)
        with pytest.raises(ProviderUnavailableError):
            await hub.subscribe(TOPIC)
        subscription = await hub.subscribe(TOPIC)
        feeds.failures = 3
        feeds.happen(TOPIC)
        follower = Follower(topic=TOPIC, subscription=subscription, read=feeds.read, last=0)
        assert await collect(follower, 1) == [1]

    asyncio.run(act())


def test_a_hub_that_closes_cuts_everybody_off_and_takes_nobody_on() -> None:
    async def act() -> list[Subscription]:
        hub = hub_of(Feeds())
        found = [await hub.subscribe(TOPIC), await hub.subscribe(OTHER)]
        hub.close()
        with pytest.raises(ProviderUnavailableError):
            await hub.subscribe(TOPIC)
        return found

    assert [s.ended.result() for s in asyncio.run(act())] == ["stopping", "stopping"]


def test_who_gives_up_while_the_hub_begins_leaves_nothing_behind() -> None:
    async def act() -> None:
        feeds = Feeds()
        hub = hub_of(feeds)
        task = asyncio.ensure_future(hub.subscribe(TOPIC))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not hub._topics
        assert (await hub.subscribe(TOPIC)).head == 0

    asyncio.run(act())
