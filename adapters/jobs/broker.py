"""Dramatiq: one actor on one queue, whose messages carry an item's id and nothing else."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import attrs
import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError

from adapters.jobs.announced import Announced, MemoryAnnounced, RedisAnnounced
from core.errors import ProviderUnavailableError

log = logging.getLogger(__name__)

NAMESPACE = "i2i"
QUEUE = "items"
ACTOR = "process_item"
IDLE_MS = 250
HEARTBEAT_MS = 5_000
MAINTENANCE_ALWAYS = 1_000_000  # of a million: every command looks for messages of dead workers


@attrs.define(eq=False)
class DramatiqQueue:
    """The queue of one process; workers are started on it with ``serve``.

    No middleware is used. An item's row counts its attempts, so dramatiq retries nothing; the image engine limits the
    time of a picture, and a worker that is asked to stop lets its pictures end, so no exception is thrown into a
    thread that may be in the middle of a transaction.

    Args:
        broker: a broker without middleware.
        announced: what has been hinted and not yet been picked up.
        failures: what the broker's client raises when the broker cannot be reached.
    """

    broker: dramatiq.Broker
    announced: Announced
    failures: tuple[type[Exception], ...] = (BrokerError,)
    _listeners: list[Callable[[], None]] = attrs.field(factory=list, init=False)
    _actor: "dramatiq.Actor[[str], None]" = attrs.field(init=False)
    _process: Callable[[str], object] = attrs.field(init=False, default=lambda _: None)

    def __attrs_post_init__(self) -> None:
        self._actor = dramatiq.Actor(
            self._receive, broker=self.broker, actor_name=ACTOR, queue_name=QUEUE, priority=0, options={}
        )

    def hint(self, item_ids: Iterable[str]) -> None:
        """Announce run items that are ready to be claimed; one that is announced already is not announced twice.

        Raises:
            ProviderUnavailableError: the broker cannot be reached.
        """
        with self._reaching():
            fresh = self.announced.fresh(item_ids)
            try:
                self.send(fresh)
            except self.failures:
                with suppress(*self.failures):
                    self.announced.forget(fresh)
                raise
        for listener in self._listeners:
            listener()

    def send(self, item_ids: Iterable[str]) -> None:
        """Enqueue one message for each id, whatever was announced before."""
        for item_id in item_ids:
            self._actor.send(item_id)

    def on_hint(self, listener: Callable[[], None]) -> None:
        """Call a function after every hint from this process: something was committed just now."""
        self._listeners.append(listener)

    def serve(self, process: Callable[[str], object], *, threads: int) -> dramatiq.Worker:
        """Start threads that hand the id of every message to a function, and return their worker.

        Args:
            process: must not raise, and must not mind ids that are stale or come twice.
        """
        self._process = process
        # An embedded worker does not say by itself that its process has started.
        self.broker.emit_before("process_boot")
        self.broker.emit_after("process_boot")
        worker = dramatiq.Worker(self.broker, worker_timeout=IDLE_MS, worker_threads=threads)
        worker.start()
        return worker

    def close(self) -> None:
        """Forget hints that only this process knew, and the worker that has stopped; another one can be started."""
        self.announced.clear()
        self._listeners.clear()
        self.broker.middleware.clear()  # dramatiq hangs its worker in here and never takes it out
        self.broker.close()

    def _receive(self, item_id: str) -> None:
        # Forgotten before the work: an item that is given back, or whose worker dies, can be hinted again at once.
        try:
            self.announced.forget([item_id])
        except self.failures:
            log.warning("The broker did not take note that item %s was picked up.", item_id)
        self._process(item_id)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except self.failures as error:
            raise ProviderUnavailableError(
                "The message broker cannot be reached.", code="broker_unavailable"
            ) from error


def embedded_queue() -> DramatiqQueue:
    """Return a queue inside this process: nothing to install, nothing kept, since the database keeps the work."""
    return DramatiqQueue(StubBroker(middleware=[]), MemoryAnnounced())


def redis_queue(url: str, *, namespace: str = NAMESPACE) -> DramatiqQueue:
    """Return a queue in Redis, for workers on any number of machines.

    Messages that a dead worker had fetched return within about five seconds, instead of minutes or never with
    dramatiq's own settings (dramatiq/brokers/redis.py and redis/dispatch.lua of version 2.2.1).

    Args:
        namespace: beginning of every key.
    """
    import redis
    from dramatiq.brokers.redis import RedisBroker

    options: dict[str, Any] = {"socket_connect_timeout": 3, "socket_timeout": 5, "health_check_interval": 30}
    client = redis.Redis.from_url(url, **options)
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        middleware=[],
        namespace=namespace,
        maintenance_chance=MAINTENANCE_ALWAYS,
        heartbeat_timeout=HEARTBEAT_MS,
    )
    return DramatiqQueue(broker, RedisAnnounced(client, prefix=f"{namespace}:hinted:"), (BrokerError, redis.RedisError))
