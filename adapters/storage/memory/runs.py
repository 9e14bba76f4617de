"""Runs and their items in memory."""

import datetime as dt
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import attrs

from adapters.storage.errors import broken, stale
from adapters.storage.memory.transaction import Transaction
from core.domain.runs import FINAL, ItemState, Run, RunItem


class MemoryRuns:
    """Runs, and run items under leases; items keep the order in which they were added."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, run: Run, items: Iterable[RunItem]) -> None:
        """Store a run with its items."""
        self._transaction.require(orders=run.order_id)
        if not self._transaction.add("runs", run.id, run):
            raise stale("run")
        for item in items:
            self._transaction.require(runs=item.run_id, orders=item.order_id, images=item.image_id)
            if not self._transaction.add("run_items", item.id, item):
                raise broken()

    def get(self, run_id: str, *, for_update: bool = False) -> Run:
        """Return a run."""
        run: Run = self._transaction.get("runs", run_id, "run")
        return run

    def save(self, run: Run) -> None:
        """Store a changed run."""
        self.get(run.id)
        if run.open_items < 0:
            raise broken()
        self._transaction.write("runs")[run.id] = run

    def list(self, order_id: str) -> tuple[Run, ...]:
        """Return the runs of an order, oldest first."""
        of_order = (run for run in self._transaction.rows("runs") if run.order_id == order_id)
        return tuple(sorted(of_order, key=attrgetter("created_at", "id")))

    def get_item(self, item_id: str) -> RunItem:
        """Return an item."""
        item: RunItem = self._transaction.get("run_items", item_id, "run item")
        return item

    def items(self, run_id: str) -> tuple[RunItem, ...]:
        """Return the items of a run in the order in which they were added."""
        return tuple(item for item in self._transaction.rows("run_items") if item.run_id == run_id)

    def claim(self, item_id: str, *, now: dt.datetime, lease_until: dt.datetime) -> RunItem | None:
        """Take an item, count the attempt and raise the fence."""
        item = self._transaction.read("run_items").get(item_id)
        if item is None or not _is_free(item, now):
            return None
        return self._change(
            item,
            state=ItemState.RUNNING,
            attempts=item.attempts + 1,
            fence=item.fence + 1,
            lease_until=lease_until,
        )

    def renew(self, item_id: str, *, fence: int, lease_until: dt.datetime) -> bool:
        """Prolong a lease; False when it was lost."""
        item = self._held(item_id, fence)
        return item is not None and bool(self._change(item, lease_until=lease_until))

    def finish(self, item_id: str, *, fence: int, state: ItemState, error: str = "") -> bool:
        """End a running item; False when the lease was lost or the item has ended."""
        item = self._held(item_id, fence)
        return item is not None and bool(self._change(item, state=state, last_error=error, lease_until=None))

    def requeue(self, item_id: str, *, fence: int, available_at: dt.datetime, error: str, refund_attempt: bool) -> bool:
        """Give a running item back; False when the lease was lost or the item has ended."""
        item = self._held(item_id, fence)
        if item is None:
            return False
        attempts = item.attempts - refund_attempt
        self._change(
            item,
            state=ItemState.QUEUED,
            available_at=available_at,
            last_error=error,
            lease_until=None,
            attempts=attempts,
        )
        return True

    def cancel_open(self, run_id: str) -> tuple[RunItem, ...]:
        """Cancel every item that has not ended and return them as they are now."""
        return tuple(
            self._change(item, state=ItemState.CANCELLED, fence=item.fence + 1, lease_until=None)
            for item in self.items(run_id)
            if item.state not in FINAL
        )

    def claimable(self, *, now: dt.datetime, order_id: str | None, limit: int) -> tuple[str, ...]:
        """Return ids of items that could be claimed now, oldest first."""
        free = (
            item
            for item in self._transaction.rows("run_items")
            if _is_free(item, now) and order_id in {None, item.order_id}
        )
        return tuple(item.id for item in sorted(free, key=attrgetter("created_at", "run_id"))[:limit])

    def _held(self, item_id: str, fence: int) -> RunItem | None:
        item: RunItem | None = self._transaction.read("run_items").get(item_id)
        return item if item is not None and item.fence == fence and item.state is ItemState.RUNNING else None

    def _change(self, item: RunItem, **values: Any) -> RunItem:
        changed = attrs.evolve(item, **values)
        self._transaction.write("run_items")[item.id] = changed
        return changed


def _is_free(item: RunItem, now: dt.datetime) -> bool:
    lapsed = item.state is ItemState.RUNNING and item.lease_until is not None and item.lease_until <= now
    return item.available_at <= now and (item.state is ItemState.QUEUED or lapsed)
