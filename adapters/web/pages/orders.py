"""The list of all orders with their figures."""

from flask import request

from adapters.web.order_list import COLUMNS, SORTS, STATES, read_listing
from adapters.web.pages.base import fragment, is_fragment, make_pages, show
from adapters.web.security import actor, application
from core.domain.orders import OrderStatus
from core.usecases.queries.orders import ListOrders, OrderStatistics, OrderTotals

blueprint = make_pages("order_list")
PAGE = 25


@blueprint.get("/orders")
def orders() -> str:
    """Show the list, or only its rows where they are asked for."""
    listing = read_listing(request.args)
    page = application().use(ListOrders)(
        actor=actor(), wanted=listing.wanted(), cursor=listing.cursor, limit=PAGE
    )  # fmt: skip
    values = {"listing": listing, "page": page, "columns": COLUMNS}
    if is_fragment():
        return fragment("order_rows" if listing.cursor else "order_table", **values)
    totals = application().use(OrderStatistics)(actor=actor())
    return show("orders", **values, totals=totals, counts=_counts(totals), sorts=SORTS, states=STATES)


@blueprint.get("/orders/figures")
def figures() -> str:
    """Show the figures, and how many orders are in each state, as they are now."""
    totals = application().use(OrderStatistics)(actor=actor())
    return fragment("order_figures", totals=totals, counts=_counts(totals))


def _counts(totals: OrderTotals) -> dict[str, int]:
    """Return how many orders each filter of the list shows."""
    numbers = {**totals.by_status, OrderStatus.DELETED: totals.deleted}
    return {"": totals.orders} | {state.value: numbers.get(state, 0) for state in OrderStatus}
