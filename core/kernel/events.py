"""Domain events: what happened, written in the transaction that caused it."""

import datetime as dt
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class DomainEvent:
    """One fact for the outbox and for the live feed.

    Args:
        name: past-tense CamelCase name such as ``ImageProcessed``.
        topic: the feed it belongs to, e.g. ``order/<id>``; subscribers resume by sequence within a topic.
        data: JSON-ready facts.
        at: when it happened, UTC.
    """

    name: str
    topic: str
    at: dt.datetime
    data: dict[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class FeedEvent:
    """A domain event with its place in the feed of its topic (sequence 1, 2, 3 … without gap)."""

    sequence: int
    event: DomainEvent
