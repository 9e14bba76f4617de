"""Orders in memory."""

import datetime as dt
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import attrs

from adapters.storage.errors import broken, stale
from adapters.storage.memory.transaction import Transaction
from adapters.storage.search import fold, from_cursor, to_cursor
from core.domain.images import BUSY, DONE, ImageStatus
from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page
from core.ports.repositories.orders import WINDOW, OrderFilter, OrderSums


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

    def names(self, order_ids: Iterable[str]) -> dict[str, str]:
        """Return the names of those orders that exist."""
        known = self._transaction.read("orders")
        return {order_id: known[order_id].name for order_id in order_ids if order_id in known}

    def list(
        self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int, window: int = WINDOW
    ) -> Page[Order]:
        """Return a page of a user's orders; ``since`` belongs to the period, ``until`` does not."""
        place = None if cursor is None else from_cursor(cursor, wanted.sort)
        is_down, key = wanted.sort.is_descending, _KEYS[wanted.sort.key]
        statuses = wanted.statuses or frozenset(OrderStatus) - {OrderStatus.DELETED}
        mine = (o for o in self._transaction.rows("orders") if o.owner_id == owner_id and o.status in statuses)
        ahead = [o for o in mine if place is None or ((key(o), o.id) < place if is_down else (key(o), o.id) > place)]
        if wanted.sort.key == "created":
            ahead = [o for o in ahead if _is_in_period(o, wanted)]
        ahead.sort(key=lambda o: (key(o), o.id), reverse=is_down)
        seen = ahead[:window] if wanted.is_search else ahead
        matching = [o for o in seen if _is_in_period(o, wanted) and fold(wanted.query) in fold(o.name)]
        page = tuple(matching[:limit])
        last = page[-1] if len(matching) > limit and page else None
        if last is None and wanted.is_search and len(seen) == window:
            last = seen[-1]
        cursor_after = None if last is None else to_cursor(wanted.sort, (key(last), last.id))
        return Page(items=page, next_cursor=cursor_after)

    def long_deleted(self, before: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return ids of orders that were put into the bin before a moment, the oldest first."""
        binned = [(o.deleted_at, o.id) for o in self._transaction.rows("orders") if o.status is OrderStatus.DELETED]
        return tuple(order_id for at, order_id in sorted(binned) if at < before)[:limit]

    def purge(self, order_id: str) -> None:
        """Remove a deleted order with everything that belongs to it; holds stay."""
        if self.get(order_id).status is not OrderStatus.DELETED:
            raise broken("in_use")
        for table in ("log", "versions", "run_items", "runs", "images"):
            self._remove(table, lambda _, row: row.order_id == order_id)
        self._remove("plans", lambda key, _: key[0] == order_id)
        talks = {row.id for row in self._transaction.rows("conversations") if row.order_id == order_id}
        self._remove("messages", lambda _, row: row[0].conversation_id in talks)
        self._remove("conversations", lambda _, row: row.id in talks)
        self._remove("events", lambda _, row: row.event.topic == f"order/{order_id}")
        self._transaction.write("topics").pop(f"order/{order_id}", None)
        del self._transaction.write("orders")[order_id]

    def _remove(self, table: str, is_gone: Callable[[Any, Any], bool]) -> None:
        rows = self._transaction.write(table)
        for key in [key for key, row in rows.items() if is_gone(key, row)]:
            del rows[key]

    def totals(self, owner_id: str) -> dict[OrderStatus, OrderSums]:
        """Return the sums over a user's orders by state."""
        return {status: sums for (owner, status), sums in self.counted_sums().items() if owner == owner_id}

    def kept_sums(self) -> dict[tuple[str, OrderStatus], OrderSums]:
        """Return the sums over all orders; nothing is kept here."""
        return self.counted_sums()

    def counted_sums(self) -> dict[tuple[str, OrderStatus], OrderSums]:
        """Return the sums over all orders."""
        found: dict[tuple[str, OrderStatus], OrderSums] = {}
        for order in self._transaction.rows("orders"):
            place = order.owner_id, order.status
            sums = OrderSums(orders=1, images=order.image_count, bytes=order.total_bytes)
            found[place] = found.get(place, OrderSums()) + sums
        for image in self._transaction.rows("images"):
            order = self.get(image.order_id)
            found[order.owner_id, order.status] += OrderSums(
                busy=image.status in BUSY, finished=image.status in DONE, failed=image.status is ImageStatus.FAILED
            )
        return found

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders, by the moment of completion."""
        completed = (
            order
            for order in self._transaction.rows("orders")
            if order.owner_id == owner_id and order.status is OrderStatus.COMPLETED
        )
        return tuple(sorted(completed, key=attrgetter("completed_at", "id"), reverse=True)[:limit])


_KEYS: dict[str, Callable[[Order], Any]] = {
    "created": attrgetter("created_at"),
    "name": lambda order: fold(order.name),
    "images": attrgetter("image_count"),
    "size": attrgetter("total_bytes"),
}


def _is_in_period(order: Order, wanted: OrderFilter) -> bool:
    is_late_enough = wanted.since is None or order.created_at >= wanted.since
    return is_late_enough and (wanted.until is None or order.created_at < wanted.until)
