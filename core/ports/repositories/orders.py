"""Repository of orders."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import Protocol

import attrs

from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page

WINDOW = 1000


class OrderSort(enum.StrEnum):
    """By what a list is sorted; a minus sign puts the newest, last or largest first."""

    CREATED = "created"
    NEWEST = "-created"
    NAME = "name"
    NAME_BACKWARDS = "-name"
    FEWEST_IMAGES = "images"
    MOST_IMAGES = "-images"
    SMALLEST = "size"
    LARGEST = "-size"

    @property
    def key(self) -> str:
        """The word without its sign: created, name, images or size."""
        return self.value.lstrip("-")

    @property
    def is_descending(self) -> bool:
        """Whether the largest value comes first."""
        return self.value.startswith("-")


@attrs.frozen(kw_only=True)
class OrderFilter:
    """Which orders to list, and how they are sorted.

    Args:
        query: part of the name, any letter case; empty for all.
        statuses: wanted states; empty for all but deleted.
        since, until: bounds of the creation time.
    """

    query: str = ""
    statuses: frozenset[OrderStatus] = frozenset()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    sort: OrderSort = OrderSort.NEWEST

    @property
    def is_search(self) -> bool:
        """Whether orders have to be looked at one by one, because no index is sorted by what is asked."""
        has_dates = self.since is not None or self.until is not None
        return bool(self.query) or (has_dates and self.sort.key != "created")


@attrs.frozen(kw_only=True)
class OrderSums:
    """Sums over some orders.

    Args:
        images, bytes: pictures, and the size of their originals.
        busy: pictures that wait for work or are being worked on.
        finished: pictures with a result as their last outcome.
        failed: pictures that could not be made.
    """

    orders: int = 0
    images: int = 0
    bytes: int = 0
    busy: int = 0
    finished: int = 0
    failed: int = 0

    def __add__(self, other: "OrderSums") -> "OrderSums":
        """Return both together."""
        return OrderSums(**{name: value + getattr(other, name) for name, value in attrs.asdict(self).items()})

    def __neg__(self) -> "OrderSums":
        """Return what takes these away."""
        return OrderSums(**{name: -value for name, value in attrs.asdict(self).items()})


Sums = Mapping[tuple[str, OrderStatus], OrderSums]
"""Sums by owner and state; where there is no order, there is no entry."""


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

    def names(self, order_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those orders that exist."""
        ...

    def list(
        self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int, window: int = WINDOW
    ) -> Page[Order]:
        """Return a page of a user's orders at a cost that does not grow with their number.

        A search looks at ``window`` orders at most; its page may then be short, or empty, and still have a cursor to
        go on with. Ties of the sort are broken by id.
        """
        ...

    def long_deleted(self, before: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return ids of orders that were put into the bin before a moment, the oldest first."""
        ...

    def purge(self, order_id: str) -> None:
        """Remove a deleted order with its pictures, versions, plans, runs, history and events; holds stay.

        Raises:
            ConflictError: code ``in_use``, when it is not deleted.
        """
        ...

    def totals(self, owner_id: str) -> Mapping[OrderStatus, OrderSums]:
        """Return the sums over a user's orders by state, kept up to date by every change, not counted now."""
        ...

    def kept_sums(self) -> Sums:
        """Return the sums that are kept for all users."""
        ...

    def counted_sums(self) -> Sums:
        """Count what ``kept_sums`` should be, over everything that is stored."""
        ...

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders."""
        ...
