"""Every job queue: hints arrive, cost nothing when they come twice, and are lost only with their broker."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker

from adapters.jobs.announced import MemoryAnnounced
from adapters.jobs.broker import QUEUE, DramatiqQueue, embedded_queue, redis_queue
from adapters.jobs.queues import build_queue
from adapters.settings import Settings
from core.errors import ProviderUnavailableError
from core.ports.job_queue import JobQueue
from tests.support.waiting import wait_until

NewQueue = Callable[[], DramatiqQueue]


@attrs.define
class Listener:
    """Takes hints from a queue and counts them; a closed gate keeps it at its first one."""

    queue: DramatiqQueue
    gate: threading.Event = attrs.field(factory=threading.Event)
    begun: list[str] = attrs.field(factory=list)
    ended: list[str] = attrs.field(factory=list)

    def process(self, item_id: str) -> None:
        """Take one hint."""
        self.begun.append(item_id)
        self.gate.wait(20)
        self.ended.append(item_id)

    @contextmanager
    def listening(self, *, threads: int = 1, is_open: bool = True) -> Iterator[dramatiq.Worker]:
        """Serve the queue meanwhile."""
        if is_open:
            self.gate.set()
        worker = self.queue.serve(self.process, threads=threads)
        try:
            yield worker
        finally:
            self.gate.set()
            worker.stop(timeout=5000)


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def new_queue(request: pytest.FixtureRequest) -> NewQueue:
    """Return a maker of queues; those of Redis share one, as several processes would."""
    if request.param == "embedded":
        queue = embedded_queue()
        return lambda: queue
    url, namespace = request.getfixturevalue("redis_url"), f"test-{uuid.uuid4().hex}"
    return lambda: redis_queue(url, namespace=namespace)


def test_every_hint_arrives_once(new_queue: NewQueue) -> None:
    queue: JobQueue = new_queue()
    listener = Listener(new_queue())
    ids = [f"item-{n}" for n in range(50)]
    queue.hint(ids[:20])
    with listener.listening(threads=4):
        queue.hint(iter(ids[20:]))
        wait_until(lambda: len(listener.ended) == 50, what="50 hints")
    assert Counter(listener.ended) == Counter(ids)


def test_no_hint_is_fine(new_queue: NewQueue) -> None:
    new_queue().hint([])


def check_that_waiting_hints_are_not_repeated(queue: DramatiqQueue) -> None:
    """Hint the same items again and again while they wait, as the reconciler does."""
    listener = Listener(queue)
    with listener.listening(is_open=False):
        queue.hint(["first"])
        wait_until(lambda: listener.begun, what="the first hint")
        for _ in range(20):
            queue.hint(["a", "b", "a"])
        listener.gate.set()
        wait_until(lambda: {"a", "b"} <= set(listener.ended))
        queue.hint(["last"])
        wait_until(lambda: "last" in listener.ended)
    assert listener.ended == ["first", "a", "b", "last"]


def test_an_item_that_waits_is_not_announced_again(new_queue: NewQueue) -> None:
    check_that_waiting_hints_are_not_repeated(new_queue())


def check_that_a_picked_up_item_can_be_hinted_again(queue: DramatiqQueue) -> None:
    """Hint an item whose worker may be dead by now."""
    listener = Listener(queue)
    with listener.listening(threads=2, is_open=False):
        queue.hint(["a"])
        wait_until(lambda: listener.begun == ["a"])
        queue.hint(["a"])
        wait_until(lambda: listener.begun == ["a", "a"], seconds=3)


def test_an_item_that_was_picked_up_can_be_announced_again(new_queue: NewQueue) -> None:
    check_that_a_picked_up_item_can_be_hinted_again(new_queue())


class AnnouncesAlways(MemoryAnnounced):
    """Planted fault: every hint becomes a message."""

    def fresh(self, item_ids: Iterable[str]) -> list[str]:
        return list(item_ids)


class NeverForgets(MemoryAnnounced):
    """Planted fault: an item is announced once in its life."""

    def forget(self, item_ids: Iterable[str]) -> None:
        return


def test_planted_faults_are_noticed() -> None:
    with pytest.raises(AssertionError):
        check_that_waiting_hints_are_not_repeated(DramatiqQueue(StubBroker(middleware=[]), AnnouncesAlways()))
    with pytest.raises(AssertionError):
        check_that_a_picked_up_item_can_be_hinted_again(DramatiqQueue(StubBroker(middleware=[]), NeverForgets()))


def test_a_worker_that_stops_leaves_what_it_had_not_begun(new_queue: NewQueue) -> None:
    queue = new_queue()
    listener = Listener(new_queue())
    with listener.listening(is_open=False) as worker:
        queue.hint(["a", "b", "c"])
        wait_until(lambda: listener.begun == ["a"])
        stopping = threading.Thread(target=worker.stop, kwargs={"timeout": 10_000})
        stopping.start()
        wait_until(lambda: not any(thread.running for thread in worker.workers))
        listener.gate.set()
        stopping.join(10)
    assert listener.ended == ["a"]


def test_listeners_hear_of_every_hint(new_queue: NewQueue) -> None:
    queue, heard = new_queue(), []
    queue.on_hint(lambda: heard.append("!"))
    queue.hint(["a"])
    queue.hint(["a"])
    assert heard == ["!", "!"]


@pytest.mark.redis
def test_what_one_worker_leaves_another_takes(redis_url: str) -> None:
    namespace = f"test-{uuid.uuid4().hex}"
    first, second = (Listener(redis_queue(redis_url, namespace=namespace)) for _ in range(2))
    with first.listening(is_open=False) as worker:
        first.queue.hint(["a", "b", "c"])
        wait_until(lambda: first.begun == ["a"])
        stopping = threading.Thread(target=worker.stop, kwargs={"timeout": 10_000})
        stopping.start()
        wait_until(lambda: not any(thread.running for thread in worker.workers))
        first.gate.set()
        stopping.join(10)
        with second.listening():
            wait_until(lambda: sorted(second.ended) == ["b", "c"], what="the messages that were given back")


@pytest.mark.redis
def test_messages_that_a_dead_worker_had_fetched_return(redis_url: str) -> None:
    namespace = f"test-{uuid.uuid4().hex}"
    dead, alive = (redis_queue(redis_url, namespace=namespace) for _ in range(2))
    dead.hint(["a", "b"])
    broker: Any = dead.broker
    assert len(broker.do_fetch(QUEUE, 2)) == 2  # and then never a sign of life again
    listener = Listener(alive)
    with listener.listening():
        wait_until(lambda: sorted(listener.ended) == ["a", "b"], seconds=20, what="the messages of a dead worker")


@pytest.mark.redis
def test_a_flushed_redis_knows_nothing_and_takes_hints_again(redis_url: str) -> None:
    import redis

    queue = redis_queue(redis_url, namespace=f"test-{uuid.uuid4().hex}")
    queue.hint(["a"])
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    queue.hint(["a"])
    listener = Listener(queue)
    with listener.listening():
        wait_until(lambda: listener.ended == ["a"])


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock"])
def test_a_broker_that_cannot_be_reached_is_reported_as_such(url: str) -> None:
    with pytest.raises(ProviderUnavailableError) as refused:
        redis_queue(url).hint(["a"])
    assert refused.value.code == "broker_unavailable"


def test_the_settings_choose_the_queue_without_reaching_for_it(tmp_path: Path) -> None:
    embedded = build_queue(Settings(home=tmp_path))
    scaled = build_queue(Settings(home=tmp_path, broker="redis", redis_url="redis://127.0.0.1:1/0"))
    assert type(embedded.broker).__name__ == "StubBroker"
    assert type(scaled.broker).__name__ == "RedisBroker"
