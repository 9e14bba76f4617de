"""What happened: the action log and the live feed."""

from typing import Any

from flask import Response, request

from adapters.web.api.base import described, make_blueprint
from adapters.web.realtime.frames import HEADERS, MEDIA_TYPE, encode, joined, opening
from adapters.web.realtime.wish import read_wish
from adapters.web.responses import Envelope
from adapters.web.schemas.orders import EventOut, EventQuery, LogEntryOut, StreamQuery
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.queries.feed import FollowOrder, ReadHeads
from core.usecases.queries.orders import GetEvents, GetLog

blueprint = make_blueprint("events", tag="History", about="What happened to an order, and what happens now.")


class LogAnswer(Envelope[list[LogEntryOut]]):
    """Entries of the action log, oldest first."""


class EventsAnswer(Envelope[list[EventOut]]):
    """At most 500 events after the given sequence number, in order."""


@blueprint.get("/orders/<id:order_id>/log")
@blueprint.output(LogAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_log(order_id: str) -> dict[str, Any]:
    """Show the action log of an order."""
    return {"data": application().use(GetLog)(actor=actor(), order_id=order_id)}


@blueprint.get("/orders/<id:order_id>/events")
@blueprint.input(EventQuery, location="query")
@blueprint.output(EventsAnswer)
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ))
def get_events(order_id: str, query_data: EventQuery) -> dict[str, Any]:
    """Follow what happens to an order, resuming behind the last event that was seen."""
    found = application().use(GetEvents)(actor=actor(), order_id=order_id, after=query_data.after)
    events = [{"sequence": f.sequence, "name": f.event.name, "at": f.event.at, "data": f.event.data} for f in found]
    return {"data": events}


@blueprint.get("/orders/<id:order_id>/stream")
@blueprint.input(StreamQuery, location="query")
@blueprint.doc(**described(404, 422, 503, scope=Scope.ORDERS_READ, media=MEDIA_TYPE))
def stream_events(order_id: str, query_data: StreamQuery) -> Response:
    """Follow what happens to an order as it happens, as server-sent events.

    Without `after` and `Last-Event-ID` the stream begins now. It ends after about an hour, when the reader may read no
    longer, or when the server stops; an `EventSource` comes back by itself and misses nothing.
    """
    # i2i's own server answers GET beside Flask (adapters.web.asgi). Under any other, a stream tells what has happened
    # and ends, and its reader comes back after the pause that it names.
    wish = read_wish(request.headers, request.args)
    topic = application().use(FollowOrder)(actor=actor(), order_id=order_id)
    after = application().use(ReadHeads)(topics=[topic])[topic] if wish.after is None else wish.after
    found = application().use(GetEvents)(actor=actor(), order_id=order_id, after=after)
    body = opening(after) + joined([encode(event) for event in found], is_named=wish.is_named)
    return Response(body, headers=HEADERS, mimetype=MEDIA_TYPE)
