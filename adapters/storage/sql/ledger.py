"""The credit ledger in SQL."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from adapters.storage.balancing import check_balanced, movements
from adapters.storage.errors import duplicate, stale
from adapters.storage.sql import ledger_rows as rows
from adapters.storage.sql.holds import SqlHolds
from adapters.storage.sql.lots import SqlLots
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.ledger import credit_account, ledger_entry, ledger_tx
from core.domain.credits.audit import Books
from core.domain.credits.ledger import CreditAccount, Hold, HoldState, LedgerEntry, LedgerTx, Lot, TxKind
from core.ports.repositories.ledger import HoldTotals

_a, _t, _e = credit_account.c, ledger_tx.c, ledger_entry.c
_ADD_ACCOUNT = unique_insert(credit_account)
_OF_OWNER = select(credit_account).where(_a.owner_id == bindparam("owner_id"))
_ACCOUNT = select(credit_account).where(_a.id == bindparam("id"))
_ACCOUNT_LOCKED = _ACCOUNT.with_for_update()
_RESERVE = (
    update(credit_account)
    .where(_a.id == bindparam("b_id"), _a.posted - _a.held >= bindparam("amount"))
    .values(held=_a.held + bindparam("amount"))
)
_UNRESERVE = (
    update(credit_account)
    .where(_a.id == bindparam("b_id"), _a.held >= bindparam("amount"))
    .values(held=_a.held - bindparam("amount"))
)
_MOVE = (
    update(credit_account)
    .where(_a.id == bindparam("b_id"), _a.version == bindparam("b_version"), _a.posted == bindparam("b_posted"))
    .values(posted=bindparam("to_posted"), version=bindparam("to_version"), spent=_a.spent + bindparam("add_spent"))
)
_ADD_TX = unique_insert(ledger_tx)
_ADD_ENTRIES = insert(ledger_entry)
_TX = select(ledger_tx).where(_t.id == bindparam("id"))
_TX_BY_KEY = select(ledger_tx).where(_t.idempotency_key == bindparam("key"))
_REVERSAL = select(ledger_tx).where(_t.reverses == bindparam("id"))
_ENTRIES = select(ledger_entry).where(_e.tx_id == bindparam("tx_id")).order_by(_e.row_id)
_HISTORY = (
    select(ledger_entry, ledger_tx)
    .join(ledger_tx, _t.id == _e.tx_id)
    .where(_e.account_id == bindparam("account_id"))
    .order_by(_e.seq.desc())
    .limit(bindparam("limit"))
)
_HISTORY_BEFORE = _HISTORY.where(_e.seq < bindparam("before"))
_HISTORY_OF_KINDS = _HISTORY_BEFORE.where(_e.seq >= bindparam("floor"), _t.kind.in_(bindparam("kinds", expanding=True)))
_BALANCE_AT = (
    select(func.coalesce(func.sum(_e.amount), 0))
    .join(ledger_tx, _t.id == _e.tx_id)
    .where(_e.account_id == bindparam("account_id"), _t.created_at <= bindparam("at"))
)
MAX_SEQ = 2**63 - 1
_ACCOUNTS = select(credit_account).order_by(_a.id)
_TRANSACTIONS = select(ledger_tx).order_by(_t.created_at, _t.id)
_ALL_ENTRIES = select(ledger_entry).order_by(_e.row_id)


class SqlLedger:
    """Accounts, lots, transactions and holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lots = SqlLots(session)
        self._holds = SqlHolds(session)

    def add_account(self, account: CreditAccount) -> None:
        """Store a new account."""
        if not self._session.add(_ADD_ACCOUNT, rows.account_values(account)):
            raise stale("credit account")

    def account_of(self, owner_id: str) -> CreditAccount:
        """Return a user's account."""
        return rows.account(found(self._session.first(_OF_OWNER, {"owner_id": owner_id}), "credit account"))

    def lock(self, account_id: str) -> CreditAccount:
        """Return the account and keep others from changing it until the transaction ends."""
        statement = _ACCOUNT_LOCKED if self._session.locks_rows else _ACCOUNT
        return rows.account(found(self._session.first(statement, {"id": account_id}), "credit account"))

    def try_reserve(self, account_id: str, amount: int) -> bool:
        """Add to ``held`` in one guarded statement; False when available credits do not cover it."""
        return self._session.change(_RESERVE, {"b_id": account_id, "amount": amount}) == 1

    def unreserve(self, account_id: str, amount: int) -> None:
        """Take back from ``held``."""
        if self._session.change(_UNRESERVE, {"b_id": account_id, "amount": amount}) != 1:
            raise stale("credit account")

    def post(self, tx: LedgerTx, entries: Iterable[LedgerEntry]) -> None:
        """Append a balanced transaction and bring its customer accounts up to date, in the order of their ids."""
        parts = check_balanced(entries)
        if not self._session.add(_ADD_TX, rows.tx_values(tx)):
            known = self.find_tx(tx.idempotency_key)
            code = "duplicate_key" if known or not tx.reverses else "already_reversed"
            raise duplicate(code, "This movement of credits is in the books already.")
        for move in movements(parts):
            values = {
                "b_id": move.account_id,
                "b_version": move.version_before,
                "b_posted": move.posted_before,
                "to_posted": move.posted,
                "to_version": move.version,
                "add_spent": move.spent,
            }
            if self._session.change(_MOVE, values) != 1:
                raise stale("credit account")
        self._session.many(_ADD_ENTRIES, [rows.entry_values(entry) for entry in parts], conflict="stale")

    def find_tx(self, idempotency_key: str) -> LedgerTx | None:
        """Return the transaction with this key."""
        row = self._session.first(_TX_BY_KEY, {"key": idempotency_key})
        return None if row is None else rows.tx(row)

    def find_reversal(self, tx_id: str) -> LedgerTx | None:
        """Return the transaction that took this one back."""
        row = self._session.first(_REVERSAL, {"id": tx_id})
        return None if row is None else rows.tx(row)

    def get_tx(self, tx_id: str) -> LedgerTx:
        """Return a transaction."""
        return rows.tx(found(self._session.first(_TX, {"id": tx_id}), "transaction"))

    def entries_of(self, tx_id: str) -> tuple[LedgerEntry, ...]:
        """Return the entries of a transaction, in the order in which they were written."""
        return tuple(rows.entry(row) for row in self._session.all(_ENTRIES, {"tx_id": tx_id}))

    def add_lot(self, lot: Lot) -> None:
        """Store a new lot."""
        self._lots.add(lot)

    def save_lots(self, lots: Iterable[Lot]) -> None:
        """Store ``remaining`` and ``held`` of lots."""
        self._lots.save(lots)

    def lots(self, account_id: str) -> tuple[Lot, ...]:
        """Return the lots of an account that still hold credits."""
        return self._lots.unspent(account_id)

    def lots_by_id(self, lot_ids: Iterable[str]) -> dict[str, Lot]:
        """Return lots by their ids, used up ones too."""
        return self._lots.by_id(lot_ids)

    def add_hold(self, hold: Hold) -> None:
        """Store an open hold with its allocations."""
        self._holds.add(hold)

    def get_hold(self, hold_id: str) -> Hold:
        """Return a hold."""
        return self._holds.get(hold_id)

    def hold_totals(self, hold_ids: Iterable[str]) -> HoldTotals:
        """Sum up holds; ids without a hold count nothing."""
        return self._holds.totals(hold_ids)

    def settle_hold(self, hold_id: str, *, state: HoldState, captured: int) -> bool:
        """End a hold in one guarded statement; False when it had ended before."""
        return self._holds.settle(hold_id, state=state, captured=captured)

    def overdue_holds(self, now: dt.datetime, *, limit: int) -> tuple[Hold, ...]:
        """Return open holds whose time is over."""
        return self._holds.overdue(now, limit=limit)

    def accounts_with_expired_lots(self, now: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return accounts that have an expired lot with free credits."""
        return self._lots.accounts_with_expired(now, limit=limit)

    def history(
        self, account_id: str, *, before: int | None, limit: int, kinds: frozenset[TxKind] = frozenset(), floor: int = 0
    ) -> tuple[tuple[LedgerTx, LedgerEntry], ...]:
        """Return customer entries with their transactions, newest first."""
        values: dict[str, Any] = {"account_id": account_id, "limit": limit, "before": before}
        statement = _HISTORY if before is None else _HISTORY_BEFORE
        if kinds or floor:
            statement = _HISTORY_OF_KINDS
            values |= {"before": MAX_SEQ if before is None else before, "floor": floor}
            values["kinds"] = sorted(kind.value for kind in kinds or TxKind)
        found_rows = self._session.all(statement, values)
        return tuple((rows.tx(row), rows.entry(row)) for row in found_rows)

    def held_by_order(self, account_id: str) -> dict[str, int]:
        """Return how many credits are reserved for which order."""
        return self._holds.held_by_order(account_id)

    def orders_of(self, hold_ids: Iterable[str]) -> dict[str, str]:
        """Return the order for which each hold reserved credits."""
        return self._holds.orders_of(hold_ids)

    def balance_at(self, account_id: str, at: dt.datetime) -> int:
        """Return the posted balance at a past moment, from entries alone."""
        return int(self._session.scalar(_BALANCE_AT, {"account_id": account_id, "at": at}))

    def books(self) -> Books:
        """Return everything, for an audit; call it in a reading unit of work to get one consistent state."""
        return Books(
            accounts=tuple(rows.account(row) for row in self._session.all(_ACCOUNTS)),
            lots=self._lots.all(),
            transactions=tuple(rows.tx(row) for row in self._session.all(_TRANSACTIONS)),
            entries=tuple(rows.entry(row) for row in self._session.all(_ALL_ENTRIES)),
            holds=self._holds.all(),
        )
