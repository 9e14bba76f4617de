"""Invariants of the ledger, checked over everything that is stored."""

from collections import defaultdict
from collections.abc import Iterable

import attrs

from core.domain.credits.ledger import CreditAccount, Hold, HoldState, LedgerEntry, LedgerTx, Lot, System, TxKind


@attrs.frozen(kw_only=True)
class Violation:
    """One broken invariant: its number in the design, the object, and what is wrong."""

    invariant: str
    subject: str
    message: str


@attrs.frozen(kw_only=True)
class Books:
    """Everything that an audit reads."""

    accounts: tuple[CreditAccount, ...]
    lots: tuple[Lot, ...]
    transactions: tuple[LedgerTx, ...]
    entries: tuple[LedgerEntry, ...]
    holds: tuple[Hold, ...]


@attrs.frozen(kw_only=True)
class AuditReport:
    """The result of an audit: counts, totals over all accounts, and what is broken."""

    accounts: int
    entries: int
    holds: int
    issued: int
    available: int
    held: int
    consumed: int
    expired: int
    violations: tuple[Violation, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every invariant holds."""
        return not self.violations


def audit(books: Books) -> AuditReport:
    """Check invariants I1-I4 and I7 of the ledger (see docs/explanation/ledger.md)."""
    found = [
        *_sums_to_zero(books),
        *_balances(books),
        *_reservations(books),
        *_lots(books),
        *_holds(books),
    ]
    system = _system_totals(books.entries)
    report = AuditReport(
        accounts=len(books.accounts),
        entries=len(books.entries),
        holds=len(books.holds),
        issued=-system["system:issuance"],
        available=sum(a.available for a in books.accounts),
        held=sum(a.held for a in books.accounts),
        consumed=system["system:consumed"],
        expired=system["system:breakage"],
        violations=(),
    )
    out = report.available + report.held + report.consumed + report.expired
    if report.issued != out:
        found.append(Violation(invariant="I7", subject="ledger", message=f"issued {report.issued}, found {out}"))
    return attrs.evolve(report, violations=tuple(found))


def _system_totals(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for entry in entries:
        if entry.account_id.startswith("system:"):
            totals[entry.account_id] += entry.amount
    return totals


def _sums_to_zero(books: Books) -> Iterable[Violation]:
    sums: dict[str, int] = defaultdict(int)
    for entry in books.entries:
        sums[entry.tx_id] += entry.amount
        if entry.amount == 0:
            yield Violation(invariant="I1", subject=entry.tx_id, message="an entry moves nothing")
    for tx, total in sums.items():
        if total:
            yield Violation(invariant="I1", subject=tx, message=f"entries sum to {total}")
    for transaction in books.transactions:
        if transaction.id not in sums:
            yield Violation(invariant="I1", subject=transaction.id, message="a transaction without entries")


def _balances(books: Books) -> Iterable[Violation]:
    by_account: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in books.entries:
        by_account[entry.account_id].append(entry)
    consumed = {entry.tx_id for entry in by_account[System.CONSUMED]}
    for account in books.accounts:
        rows = sorted(by_account[account.id], key=lambda e: e.seq or 0)
        if [e.seq for e in rows] != list(range(1, account.version + 1)):
            yield Violation(invariant="I2", subject=account.id, message="entry numbers are not 1..version")
        balance = 0
        for row in rows:
            balance += row.amount
            if row.balance_after != balance:
                yield Violation(invariant="I2", subject=account.id, message=f"entry {row.seq}: balance_after is wrong")
        if balance != account.posted:
            yield Violation(invariant="I2", subject=account.id, message=f"posted {account.posted}, entries {balance}")
        spent = -sum(row.amount for row in rows if row.tx_id in consumed)
        if spent != account.spent:
            yield Violation(invariant="I2", subject=account.id, message=f"spent {account.spent}, entries {spent}")


def _reservations(books: Books) -> Iterable[Violation]:
    held: dict[str, int] = defaultdict(int)
    for hold in books.holds:
        if hold.state is HoldState.HELD:
            held[hold.account_id] += hold.amount
    by_account: dict[str, list[Lot]] = defaultdict(list)
    for lot in books.lots:
        by_account[lot.account_id].append(lot)
    for account in books.accounts:
        lots = by_account[account.id]
        sums = {"open holds": held[account.id], "lots": sum(lot.held for lot in lots)}
        for name, total in sums.items():
            if total != account.held:
                yield Violation(invariant="I3", subject=account.id, message=f"held {account.held}, {name} {total}")
        remaining = sum(lot.remaining for lot in lots)
        if remaining != account.posted:
            yield Violation(invariant="I3", subject=account.id, message=f"posted {account.posted}, lots {remaining}")


def _lots(books: Books) -> Iterable[Violation]:
    for lot in books.lots:
        if not 0 <= lot.held <= lot.remaining <= lot.granted:
            yield Violation(invariant="I3", subject=lot.id, message="0 <= held <= remaining <= granted is broken")


def _holds(books: Books) -> Iterable[Violation]:
    captures: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    of_tx = {t.id: t.ref_id for t in books.transactions if t.kind is TxKind.CAPTURE and t.ref_type == "hold"}
    for ref in of_tx.values():
        captures[ref] += 1
    for entry in books.entries:
        if entry.tx_id in of_tx and entry.lot_id is not None:
            paid[of_tx[entry.tx_id]] -= entry.amount
    for hold in books.holds:
        wanted = 1 if hold.state is HoldState.CAPTURED else 0
        if captures[hold.id] != wanted:
            yield Violation(invariant="I4", subject=hold.id, message=f"{hold.state} with {captures[hold.id]} captures")
        if hold.captured_amount > hold.amount or paid[hold.id] != hold.captured_amount:
            yield Violation(
                invariant="I4", subject=hold.id, message=f"captured {hold.captured_amount}, paid {paid[hold.id]}"
            )
