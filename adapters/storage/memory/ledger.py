"""The credit ledger in memory."""

import datetime as dt
from collections.abc import Iterable, Iterator
from operator import attrgetter

import attrs

from adapters.storage.balancing import check_balanced, movements
from adapters.storage.errors import broken, duplicate, missing, stale
from adapters.storage.memory.transaction import Transaction
from core.domain.credits.audit import Books
from core.domain.credits.ledger import CreditAccount, Hold, HoldState, LedgerEntry, LedgerTx, Lot, TxKind
from core.ports.repositories.ledger import HoldTotals


class MemoryLedger:
    """Accounts, lots, transactions and holds, with the checks that a database makes."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add_account(self, account: CreditAccount) -> None:
        """Store a new account."""
        self._transaction.require(users=account.owner_id)
        taken = any(known.owner_id == account.owner_id for known in self._transaction.rows("accounts"))
        if taken or not self._transaction.add("accounts", account.id, _checked(account)):
            raise stale("credit account")

    def account_of(self, owner_id: str) -> CreditAccount:
        """Return a user's account."""
        for account in self._transaction.rows("accounts"):
            if account.owner_id == owner_id:
                found: CreditAccount = account
                return found
        raise missing("credit account")

    def lock(self, account_id: str) -> CreditAccount:
        """Return the account; nobody else writes meanwhile."""
        account: CreditAccount = self._transaction.get("accounts", account_id, "credit account")
        return account

    def try_reserve(self, account_id: str, amount: int) -> bool:
        """Add to ``held``; False when available credits do not cover it."""
        account = self._transaction.read("accounts").get(account_id)
        if account is None or account.available < amount:
            return False
        self._save(attrs.evolve(account, held=account.held + amount))
        return True

    def unreserve(self, account_id: str, amount: int) -> None:
        """Take back from ``held``."""
        account = self._transaction.read("accounts").get(account_id)
        if account is None or account.held < amount:
            raise stale("credit account")
        self._save(attrs.evolve(account, held=account.held - amount))

    def post(self, tx: LedgerTx, entries: Iterable[LedgerEntry]) -> None:
        """Append a balanced transaction and bring its customer accounts up to date."""
        parts = check_balanced(entries)
        self._transaction.require(txs=tx.reverses)
        message = "This movement of credits is in the books already."
        if self.find_tx(tx.idempotency_key) is not None:
            raise duplicate("duplicate_key", message)
        if tx.reverses is not None and self.find_reversal(tx.reverses) is not None:
            raise duplicate("already_reversed", message)
        if not self._transaction.add("txs", tx.id, tx):
            raise duplicate("duplicate_key", message)
        for move in movements(parts):
            account = self._transaction.read("accounts").get(move.account_id)
            if account is None or (account.version, account.posted) != (move.version_before, move.posted_before):
                raise stale("credit account")
            spent = account.spent + move.spent
            self._save(attrs.evolve(account, posted=move.posted, version=move.version, spent=spent))
        rows = self._transaction.write("entries")
        for entry in parts:
            self._transaction.require(lots=entry.lot_id)
            if entry.amount == 0:
                raise broken("stale")
            rows[len(rows) + 1] = entry

    def find_tx(self, idempotency_key: str) -> LedgerTx | None:
        """Return the transaction with this key."""
        return next((tx for tx in self._transaction.rows("txs") if tx.idempotency_key == idempotency_key), None)

    def find_reversal(self, tx_id: str) -> LedgerTx | None:
        """Return the transaction that took this one back."""
        return next((tx for tx in self._transaction.rows("txs") if tx.reverses == tx_id), None)

    def get_tx(self, tx_id: str) -> LedgerTx:
        """Return a transaction."""
        tx: LedgerTx = self._transaction.get("txs", tx_id, "transaction")
        return tx

    def entries_of(self, tx_id: str) -> tuple[LedgerEntry, ...]:
        """Return the entries of a transaction, in the order in which they were written."""
        return tuple(entry for entry in self._transaction.rows("entries") if entry.tx_id == tx_id)

    def add_lot(self, lot: Lot) -> None:
        """Store a new lot."""
        self._transaction.require(accounts=lot.account_id)
        taken = any(known.origin_key == lot.origin_key for known in self._transaction.rows("lots"))
        if taken or not self._transaction.add("lots", lot.id, _checked_lot(lot)):
            raise duplicate("duplicate_key", "These credits were granted already.")

    def save_lots(self, lots: Iterable[Lot]) -> None:
        """Store ``remaining`` and ``held`` of lots."""
        for lot in lots:
            known = self._transaction.get("lots", lot.id, "lot")
            changed = _checked_lot(attrs.evolve(known, remaining=lot.remaining, held=lot.held))
            self._transaction.write("lots")[lot.id] = changed

    def lots(self, account_id: str) -> tuple[Lot, ...]:
        """Return the lots of an account that still hold credits, oldest first."""
        rows = self._transaction.rows("lots")
        unspent = (lot for lot in rows if lot.account_id == account_id and lot.remaining > 0)
        return tuple(sorted(unspent, key=attrgetter("created_at", "id")))

    def lots_by_id(self, lot_ids: Iterable[str]) -> dict[str, Lot]:
        """Return lots by their ids, used up ones too."""
        known = self._transaction.read("lots")
        return {lot_id: known[lot_id] for lot_id in lot_ids if lot_id in known}

    def add_hold(self, hold: Hold) -> None:
        """Store an open hold with its allocations."""
        self._transaction.require(accounts=hold.account_id)
        for part in hold.allocations:
            self._transaction.require(lots=part.lot_id)
        taken = any((known.ref_type, known.ref_id) == (hold.ref_type, hold.ref_id) for known in self._holds())
        if taken or not self._transaction.add("holds", hold.id, _checked_hold(hold)):
            raise duplicate("duplicate_key", "Credits are reserved for this already.")

    def get_hold(self, hold_id: str) -> Hold:
        """Return a hold."""
        hold: Hold = self._transaction.get("holds", hold_id, "reservation")
        return hold

    def hold_totals(self, hold_ids: Iterable[str]) -> HoldTotals:
        """Sum up holds; ids without a hold count nothing."""
        wanted = set(hold_ids)
        holds = [hold for hold in self._holds() if hold.id in wanted]
        held = sum(hold.amount for hold in holds if hold.state is HoldState.HELD)
        captured = sum(hold.captured_amount for hold in holds)
        return HoldTotals(
            held=held, captured=captured, released=sum(hold.amount for hold in holds) - held - captured
        )  # fmt: skip

    def settle_hold(self, hold_id: str, *, state: HoldState, captured: int) -> bool:
        """End a hold; False when it had ended before."""
        hold = self._transaction.read("holds").get(hold_id)
        if hold is None or hold.state is not HoldState.HELD:
            return False
        changed = _checked_hold(attrs.evolve(hold, state=state, captured_amount=captured))
        self._transaction.write("holds")[hold_id] = changed
        return True

    def overdue_holds(self, now: dt.datetime, *, limit: int) -> tuple[Hold, ...]:
        """Return open holds whose time is over, the longest overdue first."""
        overdue = (hold for hold in self._holds() if hold.state is HoldState.HELD and hold.expires_at <= now)
        return tuple(sorted(overdue, key=attrgetter("expires_at", "id"))[:limit])

    def accounts_with_expired_lots(self, now: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return accounts that have an expired lot with free credits."""
        rows = self._transaction.rows("lots")
        return tuple(sorted({lot.account_id for lot in rows if lot.is_expired(now) and lot.free > 0})[:limit])

    def history(
        self, account_id: str, *, before: int | None, limit: int, kinds: frozenset[TxKind] = frozenset(), floor: int = 0
    ) -> tuple[tuple[LedgerTx, LedgerEntry], ...]:
        """Return customer entries with their transactions, newest first."""
        mine = [
            entry
            for entry in self._entries(account_id)
            if (before is None or (entry.seq or 0) < before)
            and (entry.seq or 0) >= floor
            and (not kinds or self.get_tx(entry.tx_id).kind in kinds)
        ]
        newest = sorted(mine, key=lambda entry: entry.seq or 0, reverse=True)[:limit]
        return tuple((self.get_tx(entry.tx_id), entry) for entry in newest)

    def held_by_order(self, account_id: str) -> dict[str, int]:
        """Return how many credits are reserved for which order."""
        mine = [hold for hold in self._holds() if hold.account_id == account_id and hold.state is HoldState.HELD]
        orders = self.orders_of(hold.id for hold in mine)
        return {
            order_id: sum(hold.amount for hold in mine if orders.get(hold.id) == order_id)
            for order_id in set(orders.values())
        }

    def orders_of(self, hold_ids: Iterable[str]) -> dict[str, str]:
        """Return the order for which each hold reserved credits."""
        items, holds = self._transaction.read("run_items"), self._transaction.read("holds")
        wanted = [holds[hold_id] for hold_id in hold_ids if hold_id in holds]
        return {hold.id: items[hold.ref_id].order_id for hold in wanted if hold.ref_id in items}

    def balance_at(self, account_id: str, at: dt.datetime) -> int:
        """Return the posted balance at a past moment, from entries alone."""
        return sum(e.amount for e in self._entries(account_id) if self.get_tx(e.tx_id).created_at <= at)

    def books(self) -> Books:
        """Return everything, for an audit."""
        return Books(
            accounts=tuple(self._transaction.rows("accounts")),
            lots=tuple(self._transaction.rows("lots")),
            transactions=tuple(self._transaction.rows("txs")),
            entries=tuple(self._transaction.rows("entries")),
            holds=tuple(self._holds()),
        )

    def _entries(self, account_id: str) -> Iterator[LedgerEntry]:
        return (entry for entry in self._transaction.rows("entries") if entry.account_id == account_id)

    def _holds(self) -> Iterator[Hold]:
        return self._transaction.rows("holds")

    def _save(self, account: CreditAccount) -> None:
        self._transaction.write("accounts")[account.id] = _checked(account)


def _checked(account: CreditAccount) -> CreditAccount:
    if not 0 <= account.held <= account.posted:
        raise broken()
    return account


def _checked_lot(lot: Lot) -> Lot:
    if not 0 <= lot.held <= lot.remaining <= lot.granted:
        raise broken()
    return lot


def _checked_hold(hold: Hold) -> Hold:
    parts_are_positive = all(part.amount > 0 for part in hold.allocations)
    if not (hold.amount > 0 and 0 <= hold.captured_amount <= hold.amount and parts_are_positive):
        raise broken()
    return hold
