"""Rows of the ledger as entities, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from core.domain.credits.ledger import (
    Allocation,
    CreditAccount,
    Hold,
    HoldState,
    LedgerEntry,
    LedgerTx,
    Lot,
    Source,
    TxKind,
)


def account_values(account: CreditAccount) -> dict[str, Any]:
    """Return the columns of an account."""
    return {
        "id": account.id,
        "owner_id": account.owner_id,
        "is_unmetered": account.is_unmetered,
        "posted": account.posted,
        "held": account.held,
        "version": account.version,
        "spent": account.spent,
    }


def account(row: Row[Any]) -> CreditAccount:
    """Return the account of a row."""
    return CreditAccount(
        id=row.id,
        owner_id=row.owner_id,
        is_unmetered=row.is_unmetered,
        posted=row.posted,
        held=row.held,
        version=row.version,
        spent=row.spent,
    )


def lot_values(lot: Lot) -> dict[str, Any]:
    """Return the columns of a lot."""
    return {
        "id": lot.id,
        "account_id": lot.account_id,
        "source": lot.source.value,
        "granted": lot.granted,
        "remaining": lot.remaining,
        "held": lot.held,
        "priority": lot.priority,
        "effective_at": lot.effective_at,
        "expires_at": lot.expires_at,
        "created_at": lot.created_at,
        "origin_key": lot.origin_key,
    }


def lot(row: Row[Any]) -> Lot:
    """Return the lot of a row."""
    return Lot(
        id=row.id,
        account_id=row.account_id,
        source=Source(row.source),
        granted=row.granted,
        remaining=row.remaining,
        held=row.held,
        priority=row.priority,
        effective_at=row.effective_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        origin_key=row.origin_key,
    )


def tx_values(tx: LedgerTx) -> dict[str, Any]:
    """Return the columns of a transaction."""
    return {
        "id": tx.id,
        "kind": tx.kind.value,
        "idempotency_key": tx.idempotency_key,
        "payload_hash": tx.payload_hash,
        "actor": tx.actor,
        "reason": tx.reason,
        "ref_type": tx.ref_type,
        "ref_id": tx.ref_id,
        "reverses": tx.reverses,
        "created_at": tx.created_at,
    }


def tx(row: Row[Any]) -> LedgerTx:
    """Return the transaction of a row."""
    return LedgerTx(
        id=row.id,
        kind=TxKind(row.kind),
        idempotency_key=row.idempotency_key,
        payload_hash=row.payload_hash,
        actor=row.actor,
        reason=row.reason,
        ref_type=row.ref_type,
        ref_id=row.ref_id,
        reverses=row.reverses,
        created_at=row.created_at,
    )


def entry_values(entry: LedgerEntry) -> dict[str, Any]:
    """Return the columns of an entry."""
    return {
        "tx_id": entry.tx_id,
        "account_id": str(entry.account_id),
        "lot_id": entry.lot_id,
        "amount": entry.amount,
        "seq": entry.seq,
        "balance_after": entry.balance_after,
    }


def entry(row: Row[Any]) -> LedgerEntry:
    """Return the entry of a row."""
    return LedgerEntry(
        tx_id=row.tx_id,
        account_id=row.account_id,
        lot_id=row.lot_id,
        amount=row.amount,
        seq=row.seq,
        balance_after=row.balance_after,
    )


def hold_values(hold: Hold) -> dict[str, Any]:
    """Return the columns of a hold, without its allocations."""
    return {
        "id": hold.id,
        "account_id": hold.account_id,
        "ref_type": hold.ref_type,
        "ref_id": hold.ref_id,
        "operation": hold.operation,
        "price_version": hold.price_version,
        "unit_price": hold.unit_price,
        "amount": hold.amount,
        "state": hold.state.value,
        "captured_amount": hold.captured_amount,
        "created_at": hold.created_at,
        "expires_at": hold.expires_at,
    }


def hold(row: Row[Any], allocations: Iterable[Allocation]) -> Hold:
    """Return the hold of a row."""
    return Hold(
        id=row.id,
        account_id=row.account_id,
        ref_type=row.ref_type,
        ref_id=row.ref_id,
        operation=row.operation,
        price_version=row.price_version,
        unit_price=row.unit_price,
        amount=row.amount,
        allocations=tuple(allocations),
        state=HoldState(row.state),
        captured_amount=row.captured_amount,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def allocations_by_hold(rows: Iterable[Row[Any]]) -> Mapping[str, list[Allocation]]:
    """Group allocation rows, which come in burn order, by hold."""
    grouped: dict[str, list[Allocation]] = {}
    for row in rows:
        grouped.setdefault(row.hold_id, []).append(Allocation(lot_id=row.lot_id, amount=row.amount))
    return grouped
