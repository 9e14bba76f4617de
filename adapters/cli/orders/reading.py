"""Reading orders: lists, one order, its state, its log, sums."""

import datetime as dt
from typing import Any

import attrs
import click

from adapters.cli.commands import command, order_argument
from adapters.cli.options import paging
from adapters.cli.orders.group import order
from adapters.cli.session import Session
from adapters.cli.views.orders import (
    order_document,
    print_events,
    print_log,
    print_order,
    print_orders,
    print_progress,
    print_totals,
    progress_document,
    view_document,
)
from core.domain.orders import OrderStatus
from core.ports.repositories.orders import OrderFilter, OrderSort
from core.usecases.queries.orders import GetEvents, GetLog, GetOrder, GetStatus, ListOrders, OrderStatistics

DAY = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment is not None else None


@command(order, "list", about=ListOrders)
@click.option("--query", default="", metavar="TEXT", help="Part of the name.")
@click.option("--status", "statuses", multiple=True, type=click.Choice([s.value for s in OrderStatus]),
              help="Only such orders (repeatable).")  # fmt: skip
@click.option("--since", type=DAY, help="Created on or after this day (UTC).")
@click.option("--until", type=DAY, help="Created before this day (UTC).")
@click.option("--sort", type=click.Choice([s.value for s in OrderSort]), default=OrderSort.NEWEST.value,
              show_default=True, help="By what; a minus sign puts the newest, last or largest first.")  # fmt: skip
@paging
def show_list(session: Session, *, limit: int, cursor: str | None, **filters: Any) -> None:
    """List orders."""
    wanted = OrderFilter(
        query=filters["query"],
        statuses=frozenset(OrderStatus(s) for s in filters["statuses"]),
        since=_utc(filters["since"]),
        until=_utc(filters["until"]),
        sort=OrderSort(filters["sort"]),
    )
    read = session.use(ListOrders)
    page = read(actor=session.actor, wanted=wanted, cursor=cursor, limit=limit)
    while page.next_cursor and not page.items:  # a search looks at so many orders at a time
        page = read(actor=session.actor, wanted=wanted, cursor=page.next_cursor, limit=limit)
    session.show({"orders": [order_document(o) for o in page.items], "next_cursor": page.next_cursor}, print_orders)


@command(order, "show", about=GetOrder)
@order_argument
def show(session: Session, *, order_id: str) -> None:
    """Show an order."""
    session.show(view_document(session.use(GetOrder)(actor=session.actor, order_id=order_id)), print_order)


@command(order, "status", about=GetStatus)
@order_argument
def status(session: Session, *, order_id: str) -> None:
    """Show how far the work is."""
    session.show(progress_document(session.use(GetStatus)(actor=session.actor, order_id=order_id)), print_progress)


@command(order, "log", about=GetLog)
@order_argument
def log(session: Session, *, order_id: str) -> None:
    """Show the action log."""
    entries = session.use(GetLog)(actor=session.actor, order_id=order_id)
    session.show({"entries": [attrs.asdict(e) for e in entries]}, print_log)


@command(order, "stats", about=OrderStatistics)
def stats(session: Session) -> None:
    """Sum up orders."""
    totals = session.use(OrderStatistics)(actor=session.actor)
    by_status = {state.value: number for state, number in totals.by_status.items()}
    session.show(attrs.asdict(totals) | {"by_status": by_status}, print_totals)


@command(order, "events", about=GetEvents)
@order_argument
@click.option("--after", default=0, metavar="N", help="Only what came after this number.")
def events(session: Session, *, order_id: str, after: int) -> None:
    """Show the events of an order."""
    found = session.use(GetEvents)(actor=session.actor, order_id=order_id, after=after)
    document = [{"sequence": e.sequence, "name": e.event.name, "at": e.event.at, "data": e.event.data} for e in found]
    session.show({"events": document}, print_events)
