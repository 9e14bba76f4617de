"""Balance, history and the audit of the ledger."""

import datetime as dt
from collections.abc import Sequence

import attrs

from core.domain.credits.audit import AuditReport, audit
from core.domain.credits.ledger import CreditAccount, LedgerEntry, LedgerTx, TxKind
from core.errors import InvalidInputError
from core.kernel.actor import Actor, Scope
from core.kernel.paging import Page, page_limit
from core.ports.unit_of_work import NewReading, UnitOfWork

WINDOW = 1000
GRANT_CAP = 100_000
CHARGE = "charge_credits"


@attrs.frozen(kw_only=True)
class GetBalance:
    """Show a balance."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, user_id: str | None = None) -> CreditAccount:
        """Return the account of the actor, or (for an administrator) of another user.

        Raises:
            NotAllowedError: someone else's account.
        """
        _require_reader(actor, user_id)
        with self.new_reading() as work:
            return work.ledger.account_of(user_id or actor.user_id)


@attrs.frozen(kw_only=True)
class HistoryLine:
    """One movement as the customer sees it."""

    seq: int
    at: dt.datetime
    kind: str
    amount: int
    balance_after: int
    reason: str
    actor: str
    ref_type: str
    ref_id: str
    order_id: str | None = None
    order_name: str | None = None


@attrs.frozen(kw_only=True)
class ListHistory:
    """Show how a balance came about, and which order each movement paid for."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, user_id: str | None = None, kinds: frozenset[TxKind] = frozenset(),
        cursor: str | None = None, limit: int = 20,
    ) -> Page[HistoryLine]:  # fmt: skip
        """Return movements, newest first; of chosen kinds a page may be short and still have a cursor to go on.

        Args:
            kinds: only such movements; empty for all.

        Raises:
            InvalidInputError: a bad limit or cursor.
            NotAllowedError: someone else's account.
        """
        _require_reader(actor, user_id)
        page = page_limit(limit)
        before = _sequence(cursor)
        with self.new_reading() as work:
            account = work.ledger.account_of(user_id or actor.user_id)
            # Movements of one kind fit no index; so many are looked at, and then the page ends.
            last = min(before or account.version + 1, account.version + 1)
            floor = max(0, last - WINDOW) if kinds else 0
            rows = work.ledger.history(account.id, before=before, limit=page + 1, kinds=kinds, floor=floor)
            lines = _with_orders(work, [_line(tx, entry) for tx, entry in rows[:page]])
        if len(rows) > page:
            return Page(items=lines, next_cursor=str(lines[-1].seq))
        return Page(items=lines, next_cursor=str(floor) if floor > 1 else None)


@attrs.frozen(kw_only=True)
class HeldCredits:
    """Credits that are reserved for the work on an order."""

    order_id: str
    order_name: str
    amount: int


@attrs.frozen(kw_only=True)
class ListHolds:
    """Show for which orders credits are reserved now."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, user_id: str | None = None) -> tuple[HeldCredits, ...]:
        """Return the orders with what is reserved for them, the largest sum first.

        Raises:
            NotAllowedError: someone else's account.
        """
        _require_reader(actor, user_id)
        with self.new_reading() as work:
            held = work.ledger.held_by_order(work.ledger.account_of(user_id or actor.user_id).id)
            names = work.orders.names(held)
        found = [HeldCredits(order_id=o, order_name=names.get(o, ""), amount=amount) for o, amount in held.items()]
        return tuple(sorted(found, key=lambda h: (-h.amount, h.order_name, h.order_id)))


def _with_orders(work: UnitOfWork, lines: Sequence[HistoryLine]) -> tuple[HistoryLine, ...]:
    """Return the lines with the orders that they paid for."""
    orders = work.ledger.orders_of(line.ref_id for line in lines if line.ref_type == "hold")
    names = work.orders.names(set(orders.values()))
    return tuple(
        attrs.evolve(line, order_id=orders[line.ref_id], order_name=names.get(orders[line.ref_id]))
        if line.ref_id in orders
        else line
        for line in lines
    )


def _sequence(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdigit() or len(cursor) > 18:
        raise InvalidInputError("This cursor was not given by us.", code="invalid_cursor")
    return int(cursor)


def _line(tx: LedgerTx, entry: LedgerEntry) -> HistoryLine:
    return HistoryLine(
        seq=entry.seq or 0, at=tx.created_at, kind=tx.kind.value, amount=entry.amount,
        balance_after=entry.balance_after or 0, reason=tx.reason, actor=tx.actor, ref_type=tx.ref_type,
        ref_id=tx.ref_id,
    )  # fmt: skip


def _require_reader(actor: Actor, user_id: str | None) -> None:
    actor.require_scope(Scope.CREDITS_READ)
    if user_id not in (None, actor.user_id):
        actor.require_admin()


@attrs.frozen(kw_only=True)
class AuditLedger:
    """Check the whole ledger: every invariant, over every row."""

    new_reading: NewReading

    def __call__(self) -> AuditReport:
        """Return totals and everything that is broken."""
        with self.new_reading() as work:
            books = work.ledger.books()
        return audit(books)
