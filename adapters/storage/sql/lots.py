"""Lots of the ledger in SQL."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import bindparam, select, text, update

from adapters.storage.errors import duplicate, missing
from adapters.storage.sql import ledger_rows as rows
from adapters.storage.sql.session import Session, unique_insert
from adapters.storage.sql.tables.ledger import credit_lot
from core.domain.credits.ledger import Lot

BATCH = 500

_c = credit_lot.c
_ADD = unique_insert(credit_lot)
_SAVE = update(credit_lot).where(_c.id == bindparam("b_id"))
# Written into the statements, not bound: only so do both databases see that the partial indexes apply.
_UNSPENT = (
    select(credit_lot)
    .where(_c.account_id == bindparam("account_id"), text("credit_lot.remaining > 0"))
    .order_by(_c.created_at, _c.id)
)
_BY_ID = select(credit_lot).where(_c.id.in_(bindparam("ids", expanding=True)))
_EXPIRED = (
    select(_c.account_id)
    .where(_c.expires_at <= bindparam("now"), text("credit_lot.remaining > credit_lot.held"))
    .distinct()
    .order_by(_c.account_id)
    .limit(bindparam("limit"))
)
_ALL = select(credit_lot).order_by(_c.created_at, _c.id)


class SqlLots:
    """Lots by account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lot: Lot) -> None:
        """Store a new lot."""
        if not self._session.add(_ADD, rows.lot_values(lot)):
            raise duplicate("duplicate_key", "These credits were granted already.")

    def save(self, lots: Iterable[Lot]) -> None:
        """Store what remains of lots and what is held of it."""
        for lot in lots:
            values = {"b_id": lot.id, "remaining": lot.remaining, "held": lot.held}
            if self._session.change(_SAVE, values) != 1:
                raise missing("lot")

    def unspent(self, account_id: str) -> tuple[Lot, ...]:
        """Return the lots of an account that still hold credits, oldest first."""
        return tuple(rows.lot(row) for row in self._session.all(_UNSPENT, {"account_id": account_id}))

    def by_id(self, lot_ids: Iterable[str]) -> dict[str, Lot]:
        """Return lots by their ids."""
        ids = list(dict.fromkeys(lot_ids))
        parts = (ids[i : i + BATCH] for i in range(0, len(ids), BATCH))
        return {row.id: rows.lot(row) for part in parts for row in self._session.all(_BY_ID, {"ids": part})}

    def accounts_with_expired(self, now: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return accounts that have an expired lot with free credits."""
        return tuple(row[0] for row in self._session.all(_EXPIRED, {"now": now, "limit": limit}))

    def all(self) -> tuple[Lot, ...]:
        """Return every lot."""
        return tuple(rows.lot(row) for row in self._session.all(_ALL))
