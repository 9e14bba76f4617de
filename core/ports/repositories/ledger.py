"""Repository of the credit ledger: guarded updates and append-only entries."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

import attrs

from core.domain.credits.audit import Books
from core.domain.credits.ledger import CreditAccount, Hold, HoldState, LedgerEntry, LedgerTx, Lot, TxKind


@attrs.frozen(kw_only=True)
class HoldTotals:
    """What some holds amount to: still reserved, paid, and given back."""

    held: int = 0
    captured: int = 0
    released: int = 0


class Ledger(Protocol):
    """Accounts, lots, transactions and holds.

    Every method that changes an account must follow ``lock`` (or ``try_reserve``) of that account in the same
    transaction; accounts are locked in the order of their ids.
    """

    def add_account(self, account: CreditAccount) -> None:
        """Store a new account.

        Raises:
            ConflictError: code ``stale``, when the owner has one.
        """
        ...

    def account_of(self, owner_id: str) -> CreditAccount:
        """Return a user's account.

        Raises:
            NotFoundError: the user has none.
        """
        ...

    def lock(self, account_id: str) -> CreditAccount:
        """Return the account and keep others from changing it until the transaction ends."""
        ...

    def try_reserve(self, account_id: str, amount: int) -> bool:
        """Add to ``held`` in one guarded statement; False (and no change) when available credits do not cover it."""
        ...

    def unreserve(self, account_id: str, amount: int) -> None:
        """Take back from ``held``."""
        ...

    def post(self, tx: LedgerTx, entries: Iterable[LedgerEntry]) -> None:
        """Append a balanced transaction and bring ``posted`` and ``version`` of its customer accounts up to date.

        Raises:
            ConflictError: code ``duplicate_key``, when the idempotency key is taken.
        """
        ...

    def find_tx(self, idempotency_key: str) -> LedgerTx | None:
        """Return the transaction with this key."""
        ...

    def find_reversal(self, tx_id: str) -> LedgerTx | None:
        """Return the transaction that took this one back."""
        ...

    def get_tx(self, tx_id: str) -> LedgerTx:
        """Return a transaction."""
        ...

    def entries_of(self, tx_id: str) -> tuple[LedgerEntry, ...]:
        """Return the entries of a transaction."""
        ...

    def add_lot(self, lot: Lot) -> None:
        """Store a new lot.

        Raises:
            ConflictError: code ``duplicate_key``, when its origin key is taken.
        """
        ...

    def save_lots(self, lots: Iterable[Lot]) -> None:
        """Store ``remaining`` and ``held`` of lots."""
        ...

    def lots(self, account_id: str) -> tuple[Lot, ...]:
        """Return the lots of an account that still hold credits."""
        ...

    def lots_by_id(self, lot_ids: Iterable[str]) -> dict[str, Lot]:
        """Return lots by their ids, used up ones too."""
        ...

    def add_hold(self, hold: Hold) -> None:
        """Store an open hold with its allocations.

        Raises:
            ConflictError: code ``duplicate_key``, when there is one for the same reference.
        """
        ...

    def get_hold(self, hold_id: str) -> Hold:
        """Return a hold."""
        ...

    def hold_totals(self, hold_ids: Iterable[str]) -> HoldTotals:
        """Sum up holds; ids without a hold count nothing."""
        ...

    def settle_hold(self, hold_id: str, *, state: HoldState, captured: int) -> bool:
        """End a hold in one guarded statement; False when it had ended before."""
        ...

    def overdue_holds(self, now: dt.datetime, *, limit: int) -> tuple[Hold, ...]:
        """Return open holds whose time is over."""
        ...

    def accounts_with_expired_lots(self, now: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return accounts that have an expired lot with free credits."""
        ...

    def history(
        self, account_id: str, *, before: int | None, limit: int, kinds: frozenset[TxKind] = frozenset(), floor: int = 0
    ) -> tuple[tuple[LedgerTx, LedgerEntry], ...]:
        """Return customer entries with their transactions, newest first.

        Args:
            before, floor: bounds of the sequence; the floor belongs to it.
            kinds: only such movements; empty for all.
        """
        ...

    def held_by_order(self, account_id: str) -> Mapping[str, int]:
        """Return how many credits are reserved for which order."""
        ...

    def orders_of(self, hold_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the order for which each hold reserved credits, where it is still known."""
        ...

    def balance_at(self, account_id: str, at: dt.datetime) -> int:
        """Return the posted balance at a past moment, from entries alone."""
        ...

    def books(self) -> Books:
        """Return everything, for an audit."""
        ...
