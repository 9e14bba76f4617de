"""Holds of the ledger in SQL."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import bindparam, func, insert, select, text, update

from adapters.storage.errors import duplicate
from adapters.storage.sql import ledger_rows as rows
from adapters.storage.sql.session import Rows, Session, found, unique_insert
from adapters.storage.sql.tables.ledger import hold, hold_allocation
from adapters.storage.sql.tables.runs import run_item
from core.domain.credits.ledger import Hold, HoldState
from core.ports.repositories.ledger import HoldTotals

_h, _a = hold.c, hold_allocation.c
_ADD = unique_insert(hold)
_ADD_PARTS = insert(hold_allocation)
_ONE = select(hold).where(_h.id == bindparam("id"))
_PARTS = (
    select(hold_allocation).where(_a.hold_id.in_(bindparam("ids", expanding=True))).order_by(_a.hold_id, _a.position)
)
_SETTLE = (
    update(hold)
    .where(_h.id == bindparam("b_id"), _h.state == HoldState.HELD.value)
    .values(state=bindparam("to"), captured_amount=bindparam("captured"))
)
# Written into the statement, not bound: only so do both databases see that the partial index applies.
_OVERDUE = (
    select(hold)
    .where(text("hold.state = 'held'"), _h.expires_at <= bindparam("now"))
    .order_by(_h.expires_at, _h.id)
    .limit(bindparam("limit"))
)
_TOTALS = (
    select(_h.state, func.sum(_h.amount).label("reserved"), func.sum(_h.captured_amount).label("captured"))
    .where(_h.id.in_(bindparam("ids", expanding=True)))
    .group_by(_h.state)
)
_ITEM_OF = (run_item.c.id == _h.ref_id) & (_h.ref_type == "run_item")
_HELD_BY_ORDER = (
    select(run_item.c.order_id, func.sum(_h.amount).label("held"))
    .join(run_item, _ITEM_OF)
    .where(_h.account_id == bindparam("account_id"), text("hold.state = 'held'"))
    .group_by(run_item.c.order_id)
)
_ORDERS = select(_h.id, run_item.c.order_id).join(run_item, _ITEM_OF).where(_h.id.in_(bindparam("ids", expanding=True)))
IDS_AT_ONCE = 500  # a statement of SQLite may have no more than some thousand values
_ALL = select(hold).order_by(_h.created_at, _h.id)
_ALL_PARTS = select(hold_allocation).order_by(_a.hold_id, _a.position)


class SqlHolds:
    """Holds by id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, hold: Hold) -> None:
        """Store an open hold with its allocations."""
        if not self._session.add(_ADD, rows.hold_values(hold)):
            raise duplicate("duplicate_key", "Credits are reserved for this already.")
        parts = [
            {"hold_id": hold.id, "position": place, "lot_id": part.lot_id, "amount": part.amount}
            for place, part in enumerate(hold.allocations, 1)
        ]
        self._session.many(_ADD_PARTS, parts)

    def get(self, hold_id: str) -> Hold:
        """Return a hold."""
        row = found(self._session.first(_ONE, {"id": hold_id}), "reservation")
        parts = rows.allocations_by_hold(self._session.all(_PARTS, {"ids": [hold_id]}))
        return rows.hold(row, parts.get(hold_id, ()))

    def totals(self, hold_ids: Iterable[str]) -> HoldTotals:
        """Sum up holds; ids without a hold count nothing."""
        wanted = list(hold_ids)
        parts = [wanted[start : start + IDS_AT_ONCE] for start in range(0, len(wanted), IDS_AT_ONCE)]
        sums = [row for part in parts for row in self._session.all(_TOTALS, {"ids": part})]
        held = sum(int(row.reserved) for row in sums if row.state == HoldState.HELD.value)
        captured = sum(int(row.captured) for row in sums)
        released = sum(int(row.reserved) for row in sums) - held - captured
        return HoldTotals(held=held, captured=captured, released=released)

    def held_by_order(self, account_id: str) -> dict[str, int]:
        """Return how many credits are reserved for which order."""
        rows_found = self._session.all(_HELD_BY_ORDER, {"account_id": account_id})
        return {row.order_id: int(row.held) for row in rows_found}

    def orders_of(self, hold_ids: Iterable[str]) -> dict[str, str]:
        """Return the order for which each hold reserved credits."""
        return {row.id: row.order_id for row in self._session.all(_ORDERS, {"ids": list(hold_ids)})}

    def settle(self, hold_id: str, *, state: HoldState, captured: int) -> bool:
        """End a hold; False when it had ended before."""
        return self._session.change(_SETTLE, {"b_id": hold_id, "to": state.value, "captured": captured}) == 1

    def overdue(self, now: dt.datetime, *, limit: int) -> tuple[Hold, ...]:
        """Return open holds whose time is over, the longest overdue first."""
        overdue = self._session.all(_OVERDUE, {"now": now, "limit": limit})
        return self._with_parts(overdue, self._session.all(_PARTS, {"ids": [row.id for row in overdue]}))

    def all(self) -> tuple[Hold, ...]:
        """Return every hold."""
        return self._with_parts(self._session.all(_ALL), self._session.all(_ALL_PARTS))

    def _with_parts(self, holds: Rows, parts: Rows) -> tuple[Hold, ...]:
        grouped = rows.allocations_by_hold(parts)
        return tuple(rows.hold(row, grouped.get(row.id, ())) for row in holds)
