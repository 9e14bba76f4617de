"""Events as text/event-stream, encoded once for all who read them (source: WHATWG HTML, server-sent events)."""

from collections.abc import Iterable

import attrs

from adapters.web.schemas.orders import EventOut
from core.kernel.events import FeedEvent

MEDIA_TYPE = "text/event-stream"
# Nothing on the way may keep the body back to cache or to compress it.
HEADERS = {"Cache-Control": "no-cache, no-store, no-transform", "X-Accel-Buffering": "no"}
HEARTBEAT = b": still here\n\n"
RETRY_MS = 2_000


@attrs.frozen
class Frame:
    """One event as it travels; ``event_line`` may be left out."""

    sequence: int
    event_line: bytes
    block: bytes


def encode(found: FeedEvent) -> Frame:
    """Encode an event; its data is what the list of events shows."""
    shown = EventOut(
        sequence=found.sequence, name=found.event.name, at=found.event.at, data=found.event.data
    ).model_dump_json()
    return Frame(
        sequence=found.sequence,
        event_line=f"event: {found.event.name}\n".encode(),
        block=f"id: {found.sequence}\ndata: {shown}\n\n".encode(),
    )


def opening(after: int) -> bytes:
    """Return what a stream begins with: when to come back, and from where should nothing happen before that.

    A block with an id and no data sets the last event id of an EventSource without firing an event.
    """
    return f"retry: {RETRY_MS}\nid: {after}\n\n".encode()


def joined(frames: Iterable[Frame], *, is_named: bool) -> bytes:
    """Return several frames as one piece."""
    if is_named:
        return b"".join(part for frame in frames for part in (frame.event_line, frame.block))
    return b"".join(frame.block for frame in frames)
