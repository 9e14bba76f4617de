"""Events in SQL."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, text, update

from adapters.storage.sql.session import Session
from adapters.storage.sql.tables.events import event, event_topic
from core.kernel.events import DomainEvent, FeedEvent

_c = event.c
# Also locks the topic until the end of the transaction, so that numbers become visible in their order.
_NUMBER = text(
    "INSERT INTO event_topic (topic, last) VALUES (:topic, :count)"
    " ON CONFLICT (topic) DO UPDATE SET last = event_topic.last + excluded.last RETURNING last"
)
_ADD = insert(event)
_SINCE = (
    select(_c.sequence, _c.name, _c.topic, _c.at, _c.data)
    .where(_c.topic == bindparam("topic"), _c.sequence > bindparam("after"))
    .order_by(_c.sequence)
    .limit(bindparam("limit"))
)
_HEADS = select(event_topic.c.topic, event_topic.c.last).where(
    event_topic.c.topic.in_(bindparam("topics", expanding=True))
)
TOPICS_AT_ONCE = 500  # a statement of SQLite may have no more than some thousand values
# Written into the statement, not bound: only so do both databases see that the partial index applies.
_PENDING = (
    select(_c.row_id, _c.name, _c.topic, _c.at, _c.data)
    .where(_c.dispatched_at.is_(None))
    .order_by(_c.row_id)
    .limit(bindparam("limit"))
)
_PENDING_SKIPPING = _PENDING.with_for_update(skip_locked=True)
_DISPATCHED = update(event).where(_c.row_id == bindparam("b_row")).values(dispatched_at=bindparam("moment"))


class SqlEvents:
    """Events of the transaction; they are numbered and written just before it is committed.

    Waiting keeps the lock on a topic, for which all writers of an order queue, as short as it can be.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[str, list[DomainEvent]] = {}

    def add(self, event: DomainEvent) -> None:
        """Append an event to its topic."""
        self._waiting.setdefault(event.topic, []).append(event)

    def flush(self) -> None:
        """Number and write what waits; topics in one order, so that two transactions cannot block one another."""
        rows: list[dict[str, Any]] = []
        for topic, events in sorted(self._waiting.items()):
            last = self._session.returning(_NUMBER, {"topic": topic, "count": len(events)})[0][0]
            rows.extend(_values(e, number) for number, e in enumerate(events, last - len(events) + 1))
        self._session.many(_ADD, rows)
        self._waiting.clear()

    def since(self, topic: str, after: int, *, limit: int = 500) -> tuple[FeedEvent, ...]:
        """Return events of a topic with a greater sequence number, in order."""
        self._flush_own()
        rows = self._session.all(_SINCE, {"topic": topic, "after": after, "limit": limit})
        return tuple(FeedEvent(sequence=row.sequence, event=_event(row)) for row in rows)

    def heads(self, topics: Iterable[str]) -> Mapping[str, int]:
        """Return the greatest sequence number of each of these topics that has one."""
        self._flush_own()
        wanted = list(topics)
        parts = [wanted[start : start + TOPICS_AT_ONCE] for start in range(0, len(wanted), TOPICS_AT_ONCE)]
        return {row.topic: row.last for part in parts for row in self._session.all(_HEADS, {"topics": part})}

    def pending(self, *, limit: int) -> tuple[tuple[int, DomainEvent], ...]:
        """Return undispatched events with their row ids, oldest first."""
        self._flush_own()
        rows = self._session.all(_PENDING_SKIPPING if self._session.locks_rows else _PENDING, {"limit": limit})
        return tuple((row.row_id, _event(row)) for row in rows)

    def mark_dispatched(self, row_ids: tuple[int, ...], *, at: dt.datetime) -> None:
        """Remember that handlers have seen these rows."""
        self._session.many(_DISPATCHED, [{"b_row": row_id, "moment": at} for row_id in row_ids])

    def _flush_own(self) -> None:
        if self._waiting:
            self.flush()


def _values(event: DomainEvent, sequence: int) -> dict[str, Any]:
    return {"topic": event.topic, "sequence": sequence, "name": event.name, "at": event.at, "data": event.data}


def _event(row: Row[Any]) -> DomainEvent:
    return DomainEvent(name=row.name, topic=row.topic, at=row.at, data=row.data)
