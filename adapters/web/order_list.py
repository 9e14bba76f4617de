"""The list of orders as a page shows it: what its address asks for, and words for what it holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import attrs

from core.domain.orders import OrderStatus
from core.ports.repositories.orders import OrderFilter, OrderSort

MAX_WORDS = 120
COLUMNS = (("name", "Name"), ("images", "Images"), ("created", "Created"), ("size", "Size"))
SORTS = (
    (OrderSort.NEWEST, "Newest first"), (OrderSort.CREATED, "Oldest first"), (OrderSort.NAME, "Name, A to Z"),
    (OrderSort.NAME_BACKWARDS, "Name, Z to A"), (OrderSort.MOST_IMAGES, "Most images"),
    (OrderSort.FEWEST_IMAGES, "Fewest images"), (OrderSort.LARGEST, "Largest"), (OrderSort.SMALLEST, "Smallest"),
)  # fmt: skip
STATES = (
    ("", "All"), (OrderStatus.DRAFT, "Drafts"), (OrderStatus.PLANNING, "Planning"),
    (OrderStatus.AWAITING_CONFIRMATION, "To be confirmed"), (OrderStatus.PROCESSING, "In work"),
    (OrderStatus.COMPLETED, "Completed"), (OrderStatus.FAILED, "Failed"), (OrderStatus.CANCELLED, "Cancelled"),
    (OrderStatus.DELETED, "Deleted"),
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Listing:
    """What the address of the list asks for; what it does not understand is left out.

    Args:
        since, until: days in the reader's zone, both belonging to the period.
        zone: name of that zone.
        found: how many orders earlier parts of the same search have found.
    """

    query: str = ""
    status: OrderStatus | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    zone: str = "UTC"
    sort: OrderSort = OrderSort.NEWEST
    cursor: str | None = None
    found: int = 0

    @property
    def is_filtered(self) -> bool:
        """Whether orders may be missing from the list because of what is asked."""
        return bool(self.query or self.since or self.until or self.status)

    def wanted(self) -> OrderFilter:
        """Return the filter of the orders."""
        day = dt.timedelta(days=1)
        return OrderFilter(
            query=self.query, statuses=frozenset({self.status} if self.status else ()), sort=self.sort,
            since=self._midnight(self.since), until=self._midnight(self.until + day if self.until else None),
        )  # fmt: skip

    def address(self, path: str = "/orders", **changes: Any) -> str:
        """Return the address of this list with something else about it."""
        asked = attrs.evolve(self, **{"cursor": None, "found": 0, **changes})
        values = {
            "q": asked.query, "status": asked.status or "", "since": asked.since or "", "until": asked.until or "",
            "tz": asked.zone if (asked.since or asked.until) and asked.zone != "UTC" else "",
            "sort": asked.sort if asked.sort is not OrderSort.NEWEST else "", "cursor": asked.cursor or "",
            "found": asked.found or "",
        }  # fmt: skip
        words = urlencode({name: str(value) for name, value in values.items() if value})
        return f"{path}?{words}" if words else path

    def sort_by(self, key: str) -> OrderSort:
        """Return the sort that a click on the head of a column leads to."""
        if self.sort.key == key:
            return OrderSort(key if self.sort.is_descending else f"-{key}")
        return OrderSort.NAME if key == "name" else OrderSort(f"-{key}")

    def order_of(self, key: str) -> str:
        """Return how a column is sorted, in the words of ``aria-sort``."""
        if self.sort.key != key:
            return "none"
        return "descending" if self.sort.is_descending else "ascending"

    def _midnight(self, day: dt.date | None) -> dt.datetime | None:
        if day is None:
            return None
        return dt.datetime.combine(day, dt.time(), tzinfo=_zone(self.zone)).astimezone(dt.UTC)


def read_listing(args: Mapping[str, str]) -> Listing:
    """Read the address of a list."""
    status, sort, found = args.get("status", ""), args.get("sort", ""), args.get("found", "")
    return Listing(
        query="".join(c for c in args.get("q", "").strip()[:MAX_WORDS] if c.isprintable()),
        status=OrderStatus(status) if status in set(OrderStatus) else None, since=_day(args.get("since", "")),
        until=_day(args.get("until", "")), zone=args.get("tz", "")[:64] or "UTC",
        sort=OrderSort(sort) if sort in set(OrderSort) else OrderSort.NEWEST, cursor=args.get("cursor") or None,
        found=int(found) if found.isascii() and found.isdigit() and len(found) < 7 else 0,
    )  # fmt: skip


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    # The ends of the calendar leave no room for another day or another zone.
    return day if dt.date(1900, 1, 1) <= day <= dt.date(9000, 1, 1) else None


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return dt.UTC
