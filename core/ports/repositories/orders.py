"""Repository of orders."""

import datetime as dt
from typing import Protocol

import attrs

from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page


@attrs.frozen(kw_only=True)
class OrderFilter:
    """Which orders to list.

    Args:
        query: part of the name, any letter case; empty for all.
        statuses: wanted states; empty for all but deleted.
        since, until: bounds of the creation time.
    """

    query: str = ""
    statuses: frozenset[OrderStatus] = frozenset()
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class OrderTotals:
    """Sums over a user's orders that are not deleted."""

    orders: int
    images: int
    bytes: int
    by_status: dict[OrderStatus, int]


class OrderRepository(Protocol):
    """Orders by id and by owner."""

    def add(self, order: Order) -> None:
        """Store a new order."""
        ...

    def get(self, order_id: str, *, for_update: bool = False) -> Order:
        """Return an order."""
        ...

    def save(self, order: Order) -> Order:
        """Store a changed order."""
        ...

    def list(self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int) -> Page[Order]:
        """Return a page of a user's orders, newest first, at a cost that does not grow with their number."""
        ...

    def totals(self, owner_id: str) -> OrderTotals:
        """Return sums over a user's orders."""
        ...

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders."""
        ...
