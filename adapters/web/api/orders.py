"""Orders: create, list, show, change, delete."""

from typing import Any

from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.responses import Done, Envelope
from adapters.web.schemas.orders import (
    OrderChange,
    OrderCreate,
    OrderDetail,
    OrderListItem,
    OrderOut,
    OrderQuery,
    TotalsOut,
)
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.ports.repositories.orders import OrderFilter
from core.usecases.orders.again import RunAgain
from core.usecases.orders.change import DeleteOrder, RenameOrder, RestoreOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.read_brief import Brief
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.queries.orders import GetOrder, ListOrders, OrderStatistics

blueprint = make_blueprint("orders", tag="Orders", about="A shoot and what should be done with it.")


class OrderAnswer(Envelope[OrderOut]):
    """One order."""


class OrderDetailAnswer(Envelope[OrderDetail]):
    """One order with its pictures and results."""


class OrderPage(Envelope[list[OrderListItem]]):
    """A page of orders; ``orders`` is the same list under an older name.

    A search or a sorted list with dates may give a short or empty page and still a ``nextCursor`` to go on with.
    """

    orders: list[OrderListItem]
    next_cursor: str | None


class TotalsAnswer(Envelope[TotalsOut]):
    """Sums over all orders."""


@blueprint.post("/orders")
@blueprint.input(OrderCreate)
@blueprint.output(OrderAnswer, status_code=201)
@blueprint.doc(**described(409, 422, scope=Scope.ORDERS_WRITE, idempotent="optional"))
def create_order(json_data: OrderCreate) -> dict[str, Any]:
    """Open a draft order."""
    create = application().use(CreateOrder)
    return {"data": create(actor=actor(), **json_data.model_dump(), idempotency_key=idempotency_key())}


@blueprint.get("/orders")
@blueprint.input(OrderQuery, location="query")
@blueprint.output(OrderPage)
@blueprint.doc(**described(422, scope=Scope.ORDERS_READ))
def list_orders(query_data: OrderQuery) -> dict[str, Any]:
    """List one's orders, newest first or as they are sorted."""
    wanted = OrderFilter(
        query=query_data.q, statuses=frozenset({query_data.status} if query_data.status else ()),
        since=query_data.since, until=query_data.until, sort=query_data.sort,
    )  # fmt: skip
    page = application().use(ListOrders)(
        actor=actor(), wanted=wanted, cursor=query_data.cursor, limit=query_data.limit
    )  # fmt: skip
    return {"data": page.items, "orders": page.items, "next_cursor": page.next_cursor}


@blueprint.get("/orders/stats")
@blueprint.output(TotalsAnswer)
@blueprint.doc(**described(scope=Scope.ORDERS_READ))
def order_statistics() -> dict[str, Any]:
    """Sum up one's orders."""
    return {"data": application().use(OrderStatistics)(actor=actor())}


@blueprint.get("/orders/<id:order_id>")
@blueprint.output(OrderDetailAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_order(order_id: str) -> dict[str, Any]:
    """Show an order with its pictures, results and runs."""
    return {"data": application().use(GetOrder)(actor=actor(), order_id=order_id)}


@blueprint.patch("/orders/<id:order_id>")
@blueprint.input(OrderChange)
@blueprint.output(OrderDetailAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def change_order(order_id: str, json_data: OrderChange) -> dict[str, Any]:
    """Rename an order, or write its instruction or the text of its brief."""
    brief = json_data.brief
    if json_data.instruction is not None or brief is not None:
        words = None if brief is None else Brief(name="brief.txt" if brief else "", text=brief)
        write = application().use(SetInstruction)
        write(actor=actor(), order_id=order_id, instruction=json_data.instruction, brief=words)
    if json_data.name is not None:
        application().use(RenameOrder)(actor=actor(), order_id=order_id, name=json_data.name)
    return {"data": application().use(GetOrder)(actor=actor(), order_id=order_id)}


@blueprint.delete("/orders/<id:order_id>")
@blueprint.output(Done)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def delete_order(order_id: str) -> dict[str, Any]:
    """Put an order into the bin; it can be restored for 30 days."""
    application().use(DeleteOrder)(actor=actor(), order_id=order_id)
    return {}


@blueprint.post("/orders/<id:order_id>/again")
@blueprint.output(OrderAnswer, status_code=201)
@blueprint.doc(**described(404, scope=Scope.ORDERS_WRITE))
def run_again(order_id: str) -> dict[str, Any]:
    """Open a draft with the words and the plan of an order, for new pictures."""
    return {"data": application().use(RunAgain)(actor=actor(), order_id=order_id)}


@blueprint.post("/orders/<id:order_id>/restore")
@blueprint.output(OrderAnswer)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def restore_order(order_id: str) -> dict[str, Any]:
    """Take an order out of the bin."""
    return {"data": application().use(RestoreOrder)(actor=actor(), order_id=order_id)}
