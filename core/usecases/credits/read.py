"""Balance, history and the audit of the ledger."""

import datetime as dt

import attrs

from core.domain.credits.audit import AuditReport, audit
from core.domain.credits.ledger import CreditAccount, LedgerEntry, LedgerTx
from core.errors import InvalidInputError
from core.kernel.actor import Actor, Scope
from core.kernel.paging import Page, page_limit
from core.ports.unit_of_work import NewReading

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


@attrs.frozen(kw_only=True)
class ListHistory:
    """Show how a balance came about."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, user_id: str | None = None, cursor: str | None = None, limit: int = 20
    ) -> Page[HistoryLine]:
        """Return movements, newest first.

        Raises:
            InvalidInputError: a bad limit or cursor.
            NotAllowedError: someone else's account.
        """
        _require_reader(actor, user_id)
        page = page_limit(limit)
        before = _sequence(cursor)
        with self.new_reading() as work:
            account = work.ledger.account_of(user_id or actor.user_id)
            rows = work.ledger.history(account.id, before=before, limit=page + 1)
        lines = tuple(_line(tx, entry) for tx, entry in rows[:page])
        more = len(rows) > page
        return Page(items=lines, next_cursor=str(lines[-1].seq) if more else None)


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
