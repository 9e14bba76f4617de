"""Repository of runs and their items, which are the jobs."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from core.domain.runs import ItemState, Run, RunItem


class RunRepository(Protocol):
    """Runs, and run items under leases."""

    def add(self, run: Run, items: Iterable[RunItem]) -> None:
        """Store a run with its items."""
        ...

    def get(self, run_id: str, *, for_update: bool = False) -> Run:
        """Return a run."""
        ...

    def save(self, run: Run) -> None:
        """Store a changed run (call under its lock)."""
        ...

    def list(self, order_id: str) -> tuple[Run, ...]:
        """Return the runs of an order, oldest first."""
        ...

    def get_item(self, item_id: str) -> RunItem:
        """Return an item."""
        ...

    def items(self, run_id: str) -> tuple[RunItem, ...]:
        """Return the items of a run in the order in which they were added."""
        ...

    def claim(self, item_id: str, *, now: dt.datetime, lease_until: dt.datetime) -> RunItem | None:
        """Take an item that is queued, or running under a lapsed lease, and available now.

        Counts the attempt and raises the fence in one guarded statement. None when somebody else has it.
        """
        ...

    def renew(self, item_id: str, *, fence: int, lease_until: dt.datetime) -> bool:
        """Prolong a lease; False when it was lost."""
        ...

    def finish(self, item_id: str, *, fence: int, state: ItemState, error: str = "") -> bool:
        """End a running item, guarded by the fence; False when the lease was lost or the item has ended."""
        ...

    def requeue(self, item_id: str, *, fence: int, available_at: dt.datetime, error: str, refund_attempt: bool) -> bool:
        """Give a running item back, guarded by the fence.

        Args:
            refund_attempt: True when no work was begun, so that the claim does not count.
        """
        ...

    def cancel_open(self, run_id: str) -> tuple[RunItem, ...]:
        """Cancel every item that has not ended, raising fences so that running work cannot finish; return them."""
        ...

    def claimable(self, *, now: dt.datetime, order_id: str | None, limit: int) -> tuple[str, ...]:
        """Return ids of items that could be claimed now (queued, or with a lapsed lease), oldest first."""
        ...
