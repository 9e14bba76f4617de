"""What posting a transaction does to the cached balances of customer accounts."""

from collections.abc import Iterable

import attrs

from core.domain.credits.ledger import LedgerEntry


@attrs.frozen(kw_only=True)
class Movement:
    """The balance and entry number of one customer account before and after a transaction."""

    account_id: str
    version_before: int
    posted_before: int
    version: int
    posted: int


def check_balanced(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries; ValueError, a mistake of the program, when they do not sum to zero."""
    parts = list(entries)
    if not parts or sum(entry.amount for entry in parts) != 0:
        raise ValueError("the entries of a transaction sum to zero")
    return parts


def movements(entries: Iterable[LedgerEntry]) -> list[Movement]:
    """Return what changes per customer account, in the order of ids, in which accounts are locked."""
    numbered: dict[str, list[tuple[int, int, int]]] = {}
    for entry in entries:
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
            )
        )
    return found
