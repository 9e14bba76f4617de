"""Orders in memory."""

from collections import Counter
from operator import attrgetter

import attrs

from adapters.storage.errors import stale
from adapters.storage.memory.transaction import Transaction
from adapters.storage.search import fold, from_cursor, to_cursor
from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page
from core.ports.repositories.orders import OrderFilter, OrderTotals


class MemoryOrders:
    """Orders by id and by owner."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, order: Order) -> None:
        """Store a new order."""
        self._transaction.require(users=order.owner_id)
        if not self._transaction.add("orders", order.id, order):
            raise stale("order")

    def get(self, order_id: str, *, for_update: bool = False) -> Order:
        """Return an order."""
        order: Order = self._transaction.get("orders", order_id, "order")
        return order

    def save(self, order: Order) -> Order:
        """Store a changed order."""
        if self.get(order.id).row_version != order.row_version:
            raise stale("order")
        saved = attrs.evolve(order, row_version=order.row_version + 1)
        self._transaction.write("orders")[order.id] = saved
        return saved

    def list(self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int) -> Page[Order]:
        """Return a page of a user's orders, newest first; ``since`` belongs to the period, ``until`` does not."""
        place = None if cursor is None else from_cursor(cursor)
        mine = (order for order in self._transaction.rows("orders") if order.owner_id == owner_id)
        matching = [
            order
            for order in sorted(mine, key=attrgetter("created_at", "id"), reverse=True)
            if _matches(order, wanted) and (place is None or (order.created_at, order.id) < place)
        ]
        page = tuple(matching[:limit])
        more = len(matching) > limit and page
        return Page(items=page, next_cursor=to_cursor(page[-1].created_at, page[-1].id) if more else None)

    def totals(self, owner_id: str) -> OrderTotals:
        """Return sums over a user's orders that are not deleted."""
        live = [
            order
            for order in self._transaction.rows("orders")
            if order.owner_id == owner_id and order.status is not OrderStatus.DELETED
        ]
        return OrderTotals(
            orders=len(live),
            images=sum(order.image_count for order in live),
            bytes=sum(order.total_bytes for order in live),
            by_status=dict(Counter(order.status for order in live)),
        )

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders, by the moment of completion."""
        completed = (
            order
            for order in self._transaction.rows("orders")
            if order.owner_id == owner_id and order.status is OrderStatus.COMPLETED
        )
        return tuple(sorted(completed, key=attrgetter("completed_at", "id"), reverse=True)[:limit])


def _matches(order: Order, wanted: OrderFilter) -> bool:
    statuses = wanted.statuses or frozenset(OrderStatus) - {OrderStatus.DELETED}
    return (
        order.status in statuses
        and (wanted.since is None or order.created_at >= wanted.since)
        and (wanted.until is None or order.created_at < wanted.until)
        and fold(wanted.query) in fold(order.name)
    )
