"""Accounts, lots, transactions, entries and holds, and the rules by which credits move."""

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from core.errors import ConflictError


class System(enum.StrEnum):
    """Counter-accounts of the ledger; their balances are summed from entries, never stored."""

    ISSUANCE = "system:issuance"
    CONSUMED = "system:consumed"
    BREAKAGE = "system:breakage"


class Source(enum.StrEnum):
    """Where the credits of a lot came from."""

    PLAN = "plan"
    ROLLOVER = "rollover"
    PURCHASE = "purchase"
    PROMO = "promo"
    ADMIN = "admin"
    REFUND = "refund"
    UNMETERED = "unmetered"


class TxKind(enum.StrEnum):
    """Why credits moved."""

    GRANT = "grant"
    CAPTURE = "capture"
    REFUND = "refund"
    EXPIRY = "expiry"


class HoldState(enum.StrEnum):
    """Where a hold stands; every state but held is final."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


@attrs.frozen(kw_only=True)
class CreditAccount:
    """The cached balance of one customer: 0 <= held <= posted.

    Args:
        posted: sum of all entries.
        held: reserved by open holds.
        version: number of the last entry.
        spent: what was captured, less what was refunded.
    """

    id: str
    owner_id: str
    is_unmetered: bool = False
    posted: int = 0
    held: int = 0
    version: int = 0
    spent: int = 0

    @property
    def available(self) -> int:
        """Credits that can still be reserved."""
        return self.posted - self.held


@attrs.frozen(kw_only=True)
class Lot:
    """Credits that came in together: 0 <= held <= remaining <= granted.

    Args:
        priority: lots of a lower number are used first.
        expires_at: end of use; None for never.
        origin_key: what caused the grant; unique, so that one cause grants once.
    """

    id: str
    account_id: str
    source: Source
    granted: int
    remaining: int
    created_at: dt.datetime
    origin_key: str
    held: int = 0
    priority: int = 50
    effective_at: dt.datetime
    expires_at: dt.datetime | None = None

    @property
    def free(self) -> int:
        """Credits of this lot that no hold has reserved."""
        return self.remaining - self.held

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether credits of this lot may be reserved at this moment."""
        return self.effective_at <= now and not self.is_expired(now)

    def is_expired(self, now: dt.datetime) -> bool:
        """Whether the lot's time is over."""
        return self.expires_at is not None and self.expires_at <= now


@attrs.frozen(kw_only=True)
class LedgerTx:
    """One movement of credits; its entries sum to zero.

    Args:
        idempotency_key: unique; the same key with the same payload is answered with the first result.
        payload_hash: digest of what was asked, to tell a repeat from a different request.
        reverses: the transaction that this one takes back, at most one per transaction.
    """

    id: str
    kind: TxKind
    idempotency_key: str
    payload_hash: str
    actor: str
    reason: str
    ref_type: str
    ref_id: str
    created_at: dt.datetime
    reverses: str | None = None


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One side of a transaction; never changed.

    Args:
        account_id: a customer account or one of ``System``.
        lot_id: the lot for customer entries, None for system accounts.
        amount: signed, never 0.
        seq: 1, 2, 3 … within a customer account; None for system accounts.
        balance_after: posted balance of the customer account; None for system accounts.
    """

    tx_id: str
    account_id: str
    amount: int
    lot_id: str | None = None
    seq: int | None = None
    balance_after: int | None = None


@attrs.frozen(kw_only=True)
class Allocation:
    """How much of a hold comes from which lot, in burn order."""

    lot_id: str
    amount: int


@attrs.frozen(kw_only=True)
class Hold:
    """Credits reserved for one piece of work, later captured or released, once.

    Args:
        ref_type, ref_id: what the credits are reserved for, e.g. ``run_item`` and its id.
        operation: price-list key; ``unit_price`` and ``price_version`` are frozen with it.
        allocations: lots in burn order; they sum to ``amount``.
        expires_at: when it is released if nobody settled it.
    """

    id: str
    account_id: str
    ref_type: str
    ref_id: str
    operation: str
    price_version: str
    unit_price: int
    amount: int
    allocations: tuple[Allocation, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    state: HoldState = HoldState.HELD
    captured_amount: int = 0


def burn_order(lots: Iterable[Lot], now: dt.datetime) -> list[Lot]:
    """Return usable lots as they are spent: lower priority number, then earlier expiry, then older."""
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    usable = [lot for lot in lots if lot.is_usable(now) and lot.free > 0]
    return sorted(usable, key=lambda lot: (lot.priority, lot.expires_at or far, lot.created_at, lot.id))


def allocate(lots: Iterable[Lot], amount: int, now: dt.datetime) -> tuple[Allocation, ...]:
    """Choose the lots from which an amount is reserved.

    Raises:
        ConflictError: code ``lots_short``, when the usable lots hold less (the balance counts a lot that expired).
    """
    chosen: list[Allocation] = []
    missing = amount
    for lot in burn_order(lots, now):
        part = min(lot.free, missing)
        chosen.append(Allocation(lot_id=lot.id, amount=part))
        missing -= part
        if missing == 0:
            return tuple(chosen)
    raise ConflictError("The usable credits do not cover this.", code="lots_short", details={"missing": missing})


def split_capture(allocations: Iterable[Allocation], captured: int) -> tuple[Allocation, ...]:
    """Return how much each lot pays when only part of a hold is captured, in burn order (0 for untouched lots)."""
    parts: list[Allocation] = []
    left = captured
    for allocation in allocations:
        part = min(allocation.amount, left)
        parts.append(Allocation(lot_id=allocation.lot_id, amount=part))
        left -= part
    return tuple(parts)


def balanced(tx_id: str, *, account: CreditAccount, counter: System, parts: Iterable[Allocation]) -> list[LedgerEntry]:
    """Build the entries of one transaction: one per lot for the customer, one for the counter-account.

    Args:
        parts: signed amount per lot (positive comes in, negative goes out); zero parts are left out.
    """
    entries: list[LedgerEntry] = []
    seq, balance = account.version, account.posted
    for part in parts:
        if part.amount == 0:
            continue
        seq, balance = seq + 1, balance + part.amount
        entries.append(
            LedgerEntry(
                tx_id=tx_id, account_id=account.id, lot_id=part.lot_id, amount=part.amount, seq=seq,
                balance_after=balance,
            )
        )  # fmt: skip
    total = sum(e.amount for e in entries)
    return [*entries, LedgerEntry(tx_id=tx_id, account_id=counter, amount=-total)] if total else entries
