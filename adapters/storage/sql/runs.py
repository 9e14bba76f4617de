"""Runs and their items in SQL."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, or_, select, text, update

from adapters.storage.errors import missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.runs import run, run_item
from core.domain.runs import ItemState, Run, RunItem, RunKind, RunState

_r, _i = run.c, run_item.c
QUEUED, RUNNING = ItemState.QUEUED.value, ItemState.RUNNING.value

_ADD = unique_insert(run)
_ADD_ITEMS = insert(run_item)
_ONE = select(run).where(_r.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_SAVE = update(run).where(_r.id == bindparam("b_id"))
_OF_ORDER = select(run).where(_r.order_id == bindparam("order_id")).order_by(_r.created_at, _r.id)
_ITEM = select(run_item).where(_i.id == bindparam("id"))
_ITEMS = select(run_item).where(_i.run_id == bindparam("run_id")).order_by(_i.position)

_IS_FREE = and_(
    _i.available_at <= bindparam("now"),
    or_(_i.state == QUEUED, and_(_i.state == RUNNING, _i.lease_until <= bindparam("now"))),
)
_CLAIM = (
    update(run_item)
    .where(_i.id == bindparam("b_id"), _IS_FREE)
    .values(state=RUNNING, attempts=_i.attempts + 1, fence=_i.fence + 1, lease_until=bindparam("lease_until"))
    .returning(run_item)
)
_HELD = and_(_i.id == bindparam("b_id"), _i.fence == bindparam("b_fence"), _i.state == RUNNING)
_RENEW = update(run_item).where(_HELD).values(lease_until=bindparam("lease_until"))
_FINISH = update(run_item).where(_HELD).values(state=bindparam("to"), last_error=bindparam("error"), lease_until=None)
_REQUEUE = (
    update(run_item)
    .where(_HELD)
    .values(
        state=QUEUED,
        available_at=bindparam("at"),
        last_error=bindparam("error"),
        lease_until=None,
        attempts=_i.attempts - bindparam("refund"),
    )
)
_CANCEL = (
    update(run_item)
    .where(_i.run_id == bindparam("b_run"), _i.state.in_([QUEUED, RUNNING]))
    .values(state=ItemState.CANCELLED.value, fence=_i.fence + 1, lease_until=None)
    .returning(run_item)
)
# Written into the statement, not bound: only so do both databases see that the partial index applies.
_IS_OPEN = text("run_item.state IN ('queued', 'running')")
_CLAIMABLE = (
    select(_i.id).where(_IS_OPEN, _IS_FREE).order_by(_i.created_at, _i.run_id, _i.position).limit(bindparam("limit"))
)
_CLAIMABLE_OF_ORDER = _CLAIMABLE.where(_i.order_id == bindparam("order_id"))
# Two workers that look at the same time get different items.
_SKIPPING = _CLAIMABLE.with_for_update(skip_locked=True)
_SKIPPING_OF_ORDER = _CLAIMABLE_OF_ORDER.with_for_update(skip_locked=True)


class SqlRuns:
    """Runs, and run items under leases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, run: Run, items: Iterable[RunItem]) -> None:
        """Store a run with its items."""
        if not self._session.add(_ADD, {"id": run.id, **_run_values(run)}):
            raise stale("run")
        self._session.many(_ADD_ITEMS, [_item_values(item, place) for place, item in enumerate(items, 1)])

    def get(self, run_id: str, *, for_update: bool = False) -> Run:
        """Return a run."""
        statement = _ONE_LOCKED if for_update and self._session.locks_rows else _ONE
        return _run(found(self._session.first(statement, {"id": run_id}), "run"))

    def save(self, run: Run) -> None:
        """Store a changed run."""
        if self._session.change(_SAVE, {"b_id": run.id, **_run_values(run)}) != 1:
            raise missing("run")

    def list(self, order_id: str) -> tuple[Run, ...]:
        """Return the runs of an order, oldest first."""
        return tuple(_run(row) for row in self._session.all(_OF_ORDER, {"order_id": order_id}))

    def get_item(self, item_id: str) -> RunItem:
        """Return an item."""
        return _item(found(self._session.first(_ITEM, {"id": item_id}), "run item"))

    def items(self, run_id: str) -> tuple[RunItem, ...]:
        """Return the items of a run in the order in which they were added."""
        return tuple(_item(row) for row in self._session.all(_ITEMS, {"run_id": run_id}))

    def claim(self, item_id: str, *, now: dt.datetime, lease_until: dt.datetime) -> RunItem | None:
        """Take an item, count the attempt and raise the fence, in one guarded statement."""
        rows = self._session.returning(_CLAIM, {"b_id": item_id, "now": now, "lease_until": lease_until})
        return _item(rows[0]) if rows else None

    def renew(self, item_id: str, *, fence: int, lease_until: dt.datetime) -> bool:
        """Prolong a lease; False when it was lost."""
        return self._session.change(_RENEW, {"b_id": item_id, "b_fence": fence, "lease_until": lease_until}) == 1

    def finish(self, item_id: str, *, fence: int, state: ItemState, error: str = "") -> bool:
        """End a running item; False when the lease was lost or the item has ended."""
        values = {"b_id": item_id, "b_fence": fence, "to": state.value, "error": error}
        return self._session.change(_FINISH, values) == 1

    def requeue(self, item_id: str, *, fence: int, available_at: dt.datetime, error: str, refund_attempt: bool) -> bool:
        """Give a running item back; False when the lease was lost or the item has ended."""
        values = {"b_id": item_id, "b_fence": fence, "at": available_at, "error": error, "refund": int(refund_attempt)}
        return self._session.change(_REQUEUE, values) == 1

    def cancel_open(self, run_id: str) -> tuple[RunItem, ...]:
        """Cancel every item that has not ended and return them as they are now."""
        rows = self._session.returning(_CANCEL, {"b_run": run_id})
        return tuple(_item(row) for row in sorted(rows, key=lambda row: row.position))

    def claimable(self, *, now: dt.datetime, order_id: str | None, limit: int) -> tuple[str, ...]:
        """Return ids of items that could be claimed now, oldest first."""
        if order_id is None:
            statement = _SKIPPING if self._session.locks_rows else _CLAIMABLE
            rows = self._session.all(statement, {"now": now, "limit": limit})
        else:
            statement = _SKIPPING_OF_ORDER if self._session.locks_rows else _CLAIMABLE_OF_ORDER
            rows = self._session.all(statement, {"now": now, "limit": limit, "order_id": order_id})
        return tuple(row[0] for row in rows)


def _run_values(run: Run) -> dict[str, Any]:
    return {
        "order_id": run.order_id,
        "kind": run.kind.value,
        "requested_by": run.requested_by,
        "price_version": run.price_version,
        "created_at": run.created_at,
        "open_items": run.open_items,
        "done_items": run.done_items,
        "failed_items": run.failed_items,
        "state": run.state.value,
        "finished_at": run.finished_at,
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        order_id=row.order_id,
        kind=RunKind(row.kind),
        requested_by=row.requested_by,
        price_version=row.price_version,
        created_at=row.created_at,
        open_items=row.open_items,
        done_items=row.done_items,
        failed_items=row.failed_items,
        state=RunState(row.state),
        finished_at=row.finished_at,
    )


def _item_values(item: RunItem, position: int) -> dict[str, Any]:
    return {
        "id": item.id,
        "run_id": item.run_id,
        "position": position,
        "order_id": item.order_id,
        "image_id": item.image_id,
        "base_version": item.base_version,
        "plan_revision": item.plan_revision,
        "hold_id": item.hold_id,
        "created_at": item.created_at,
        "available_at": item.available_at,
        "instruction": item.instruction,
        "state": item.state.value,
        "attempts": item.attempts,
        "lease_until": item.lease_until,
        "fence": item.fence,
        "last_error": item.last_error,
    }


def _item(row: Row[Any]) -> RunItem:
    return RunItem(
        id=row.id,
        run_id=row.run_id,
        order_id=row.order_id,
        image_id=row.image_id,
        base_version=row.base_version,
        plan_revision=row.plan_revision,
        hold_id=row.hold_id,
        created_at=row.created_at,
        available_at=row.available_at,
        instruction=row.instruction,
        state=ItemState(row.state),
        attempts=row.attempts,
        lease_until=row.lease_until,
        fence=row.fence,
        last_error=row.last_error,
    )
