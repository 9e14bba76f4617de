"""What posting a transaction does to the cached balances of customer accounts."""

from collections.abc import Iterable

import attrs

from core.domain.credits.ledger import LedgerEntry, System


@attrs.frozen(kw_only=True)
class Movement:
    """The balance and entry number of one customer account before and after a transaction, and what it spent."""

    account_id: str
    version_before: int
    posted_before: int
    version: int
    posted: int
    spent: int


def check_balanced(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries; ValueError, a mistake of the program, when they do not sum to zero."""
    parts = list(entries)
    if not parts or sum(entry.amount for entry in parts) != 0:
        raise ValueError("the entries of a transaction sum to zero")
    return parts


def movements(entries: Iterable[LedgerEntry]) -> list[Movement]:
    """Return what changes per customer account, in the order of ids, in which accounts are locked."""
    numbered: dict[str, list[tuple[int, int, int]]] = {}
    parts = list(entries)
    is_spending = any(entry.account_id == System.CONSUMED for entry in parts)
    for entry in parts:
        if entry.seq is not None and entry.balance_after is not None:
            numbered.setdefault(entry.account_id, []).append((entry.seq, entry.balance_after, entry.amount))
    found = []
    for account_id, rows in sorted(numbered.items()):
        (first, first_balance, first_amount), (last, last_balance, _) = min(rows), max(rows)
        found.append(
            Movement(
                account_id=account_id,
                version_before=first - 1,
                posted_before=first_balance - first_amount,
                version=last,
                posted=last_balance,
                spent=-sum(amount for *_, amount in rows) if is_spending else 0,
            )
        )
    return found
