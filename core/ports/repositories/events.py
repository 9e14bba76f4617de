"""Repository of events: the outbox and the live feed are one table."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from core.kernel.events import DomainEvent, FeedEvent


class EventFeed(Protocol):
    """Events in the transaction that caused them, numbered 1, 2, 3 … within their topic in commit order."""

    def add(self, event: DomainEvent) -> None:
        """Append an event to its topic."""
        ...

    def since(self, topic: str, after: int, *, limit: int = 500) -> tuple[FeedEvent, ...]:
        """Return events of a topic with a greater sequence number, in order."""
        ...

    def heads(self, topics: Iterable[str]) -> Mapping[str, int]:
        """Return the greatest sequence number of each of these topics; one in which nothing happened is left out."""
        ...

    def pending(self, *, limit: int) -> tuple[tuple[int, DomainEvent], ...]:
        """Return undispatched events with their row ids, oldest first."""
        ...

    def mark_dispatched(self, row_ids: tuple[int, ...], *, at: dt.datetime) -> None:
        """Remember that handlers have seen these rows."""
        ...
