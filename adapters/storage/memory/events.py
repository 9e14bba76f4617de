"""Events in memory."""

import copy
import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from adapters.storage.documents import read_json, write_json
from adapters.storage.memory.transaction import Transaction
from core.kernel.events import DomainEvent, FeedEvent


@attrs.frozen
class _Row:
    """An event with its place in the feed, and whether handlers have seen it."""

    sequence: int
    event: DomainEvent
    dispatched_at: dt.datetime | None = None

    def copied(self) -> DomainEvent:
        """Return the event with data that the caller may change."""
        return attrs.evolve(self.event, data=copy.deepcopy(self.event.data))


class MemoryEvents:
    """Events of all topics by row number."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, event: DomainEvent) -> None:
        """Append an event to its topic."""
        topics, rows = self._transaction.write("topics"), self._transaction.write("events")
        topics[event.topic] = sequence = topics.get(event.topic, 0) + 1
        kept = attrs.evolve(event, data=read_json(write_json(event.data)))
        rows[next(reversed(rows), 0) + 1] = _Row(sequence, kept)

    def since(self, topic: str, after: int, *, limit: int = 500) -> tuple[FeedEvent, ...]:
        """Return events of a topic with a greater sequence number, in order."""
        of_topic = (row for row in self._transaction.rows("events") if row.event.topic == topic)
        newer = [row for row in of_topic if row.sequence > after][:limit]
        return tuple(FeedEvent(sequence=row.sequence, event=row.copied()) for row in newer)

    def heads(self, topics: Iterable[str]) -> Mapping[str, int]:
        """Return the greatest sequence number of each of these topics that has one."""
        last = self._transaction.read("topics")
        return {topic: last[topic] for topic in topics if topic in last}

    def pending(self, *, limit: int) -> tuple[tuple[int, DomainEvent], ...]:
        """Return undispatched events with their row ids, oldest first."""
        rows = self._transaction.read("events").items()
        waiting = [(row_id, row) for row_id, row in rows if row.dispatched_at is None]
        return tuple((row_id, row.copied()) for row_id, row in waiting[:limit])

    def mark_dispatched(self, row_ids: tuple[int, ...], *, at: dt.datetime) -> None:
        """Remember that handlers have seen these rows."""
        rows = self._transaction.write("events")
        for row_id in row_ids:
            if row_id in rows:
                rows[row_id] = attrs.evolve(rows[row_id], dispatched_at=at)
