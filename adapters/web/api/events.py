"""What happened: the action log and the live feed."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.responses import Envelope
from adapters.web.schemas.orders import EventOut, EventQuery, LogEntryOut
from adapters.web.security import actor, application
from core.kernel.actor import Scope
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
