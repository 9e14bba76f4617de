"""Which items have been hinted and not yet been picked up, so that hinting again and again costs nothing."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import redis

FORGOTTEN_AFTER = 30  # seconds: a hint that was lost on its way is given again after this time at the latest


class Announced(Protocol):
    """A set of item ids."""

    def fresh(self, item_ids: Iterable[str]) -> list[str]:
        """Add ids and return those that were not there."""
        ...

    def forget(self, item_ids: Iterable[str]) -> None:
        """Take ids out, so that they can be hinted again."""
        ...

    def clear(self) -> None:
        """Forget what this process alone knew, because its queue goes away."""
        ...


class MemoryAnnounced:
    """Kept in this process, beside a queue that lives here too."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._lock = threading.Lock()

    def fresh(self, item_ids: Iterable[str]) -> list[str]:
        """Add ids and return those that were not there."""
        with self._lock:
            fresh = [i for i in dict.fromkeys(item_ids) if i not in self._ids]
            self._ids.update(fresh)
        return fresh

    def forget(self, item_ids: Iterable[str]) -> None:
        """Take ids out."""
        with self._lock:
            self._ids.difference_update(item_ids)

    def clear(self) -> None:
        """Forget all ids."""
        with self._lock:
            self._ids.clear()


class RedisAnnounced:
    """Kept beside the queue in Redis, as keys that expire: whoever loses the queue loses these too."""

    def __init__(self, client: "redis.Redis", *, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def fresh(self, item_ids: Iterable[str]) -> list[str]:
        """Add ids and return those that were not there, in one exchange."""
        ids = list(dict.fromkeys(item_ids))
        with self._client.pipeline(transaction=False) as pipe:
            for item_id in ids:
                pipe.set(self._prefix + item_id, "1", nx=True, ex=FORGOTTEN_AFTER)
            answers = pipe.execute()
        return [item_id for item_id, was_set in zip(ids, answers, strict=True) if was_set]

    def forget(self, item_ids: Iterable[str]) -> None:
        """Take ids out."""
        keys = [self._prefix + item_id for item_id in item_ids]
        if keys:
            self._client.delete(*keys)

    def clear(self) -> None:
        """Keep everything: the queue in Redis outlives this process."""
