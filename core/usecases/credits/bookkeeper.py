"""How credits move inside a unit of work: grant, reserve, capture, release, refund, expire."""

import datetime as dt
from collections.abc import Sequence

import attrs

from core.domain.credits.ledger import (
    Allocation,
    CreditAccount,
    Hold,
    HoldState,
    LedgerEntry,
    LedgerTx,
    Lot,
    Source,
    System,
    TxKind,
    allocate,
    balanced,
    split_capture,
)
from core.errors import ConflictError, InsufficientCreditsError, InvalidInputError
from core.kernel.credits import positive_credits
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import UnitOfWork
from core.usecases.idempotent import check_same, payload_hash

HOLD_HOURS = 24
REFUND_GRACE_DAYS = 30


@attrs.frozen(kw_only=True)
class Reservation:
    """What a hold is wanted for: one piece of work at a frozen unit price."""

    ref_type: str
    ref_id: str
    operation: str
    amount: int


@attrs.frozen(kw_only=True)
class Note:
    """Who moved credits and why."""

    actor: str
    reason: str


@attrs.frozen(kw_only=True)
class Bookkeeper:
    """Moves credits; every method works inside the caller's unit of work and leaves the books balanced."""

    clock: Clock
    ids: IdGenerator

    def open_account(self, work: UnitOfWork, *, owner_id: str, is_unmetered: bool) -> CreditAccount:
        """Open a user's account."""
        account = CreditAccount(id=self.ids.new(), owner_id=owner_id, is_unmetered=is_unmetered)
        work.ledger.add_account(account)
        return account

    def grant(
        self, work: UnitOfWork, *, account_id: str, amount: int, source: Source, origin_key: str, note: Note,
        expires_at: dt.datetime | None = None,
    ) -> LedgerTx:  # fmt: skip
        """Bring credits in; the same origin key grants once.

        Raises:
            ConflictError: code ``idempotency_mismatch``, when the key was used for another grant.
        """
        positive_credits(amount)
        wanted = payload_hash([account_id, amount, source, str(expires_at)])
        account = work.ledger.lock(account_id)
        known = work.ledger.find_tx(f"grant:{origin_key}")
        if known is not None:
            check_same(known.payload_hash, wanted, key=origin_key)
            return known
        now = self.clock.now()
        lot = Lot(
            id=self.ids.new(), account_id=account_id, source=source, granted=amount, remaining=amount, created_at=now,
            origin_key=origin_key, effective_at=now, expires_at=expires_at,
        )  # fmt: skip
        work.ledger.add_lot(lot)
        tx = self._tx(TxKind.GRANT, f"grant:{origin_key}", wanted, note=note, ref=("lot", lot.id))
        work.ledger.post(tx, _entries(tx, account, System.ISSUANCE, [Allocation(lot_id=lot.id, amount=amount)]))
        return tx

    def reserve(
        self, work: UnitOfWork, *, account_id: str, wanted: Sequence[Reservation], price_version: str, note: Note
    ) -> tuple[Hold, ...]:
        """Reserve credits for several pieces of work, all or none.

        Raises:
            InsufficientCreditsError: the available credits do not cover the sum.
        """
        total = sum(positive_credits(w.amount) for w in wanted)
        account = self._ready_account(work, account_id, need=total, note=note)
        if not work.ledger.try_reserve(account_id, total):
            raise InsufficientCreditsError(available=account.available, required=total)
        lots = {lot.id: lot for lot in work.ledger.lots(account_id)}
        now = self.clock.now()
        holds = []
        for item in wanted:
            parts = allocate(lots.values(), item.amount, now)
            for part in parts:
                lot = lots[part.lot_id]
                lots[part.lot_id] = attrs.evolve(lot, held=lot.held + part.amount)
            holds.append(self._hold(account_id, item, parts, price_version))
            work.ledger.add_hold(holds[-1])
        touched = {part.lot_id for hold in holds for part in hold.allocations}
        work.ledger.save_lots(lots[lot_id] for lot_id in sorted(touched))
        return tuple(holds)

    def capture(self, work: UnitOfWork, *, hold_id: str, note: Note, amount: int | None = None) -> LedgerTx | None:
        """Take the reserved credits (or part of them; the rest returns).

        Returns:
            The transaction, or None when the hold had ended before.
        """
        hold = work.ledger.get_hold(hold_id)
        captured = hold.amount if amount is None else positive_credits(amount)
        if captured > hold.amount:
            raise InvalidInputError("A hold cannot be captured above its amount.", code="invalid_amount")
        account = work.ledger.lock(hold.account_id)
        if not work.ledger.settle_hold(hold_id, state=HoldState.CAPTURED, captured=captured):
            return None
        paid = split_capture(hold.allocations, captured)
        lots = work.ledger.lots_by_id(a.lot_id for a in hold.allocations)
        work.ledger.unreserve(account.id, hold.amount)
        work.ledger.save_lots(
            attrs.evolve(
                lots[a.lot_id], held=lots[a.lot_id].held - a.amount, remaining=lots[a.lot_id].remaining - p.amount
            )
            for a, p in zip(hold.allocations, paid, strict=True)
        )
        tx = self._tx(TxKind.CAPTURE, f"capture:{hold_id}", payload_hash(captured), note=note, ref=("hold", hold_id))
        out = [attrs.evolve(p, amount=-p.amount) for p in paid]
        work.ledger.post(tx, _entries(tx, account, System.CONSUMED, out))
        if captured < hold.amount:
            self.expire(work, account_id=account.id)
        return tx

    def release(self, work: UnitOfWork, *, hold_id: str, state: HoldState = HoldState.RELEASED) -> bool:
        """Give reserved credits back, into breakage where their lot expired; False when the hold had ended before."""
        hold = work.ledger.get_hold(hold_id)
        work.ledger.lock(hold.account_id)
        if not work.ledger.settle_hold(hold_id, state=state, captured=0):
            return False
        lots = work.ledger.lots_by_id(a.lot_id for a in hold.allocations)
        work.ledger.unreserve(hold.account_id, hold.amount)
        freed = [attrs.evolve(lots[a.lot_id], held=lots[a.lot_id].held - a.amount) for a in hold.allocations]
        work.ledger.save_lots(freed)
        if any(lot.is_expired(self.clock.now()) for lot in freed):
            self.expire(work, account_id=hold.account_id)
        return True

    def refund(self, work: UnitOfWork, *, tx_id: str, note: Note) -> LedgerTx:
        """Take a capture back into the lots that paid it; an expired lot is replaced by one with a grace of 30 days.

        Raises:
            ConflictError: code ``not_refundable``, for anything but a capture.
        """
        original = work.ledger.get_tx(tx_id)
        if original.kind is not TxKind.CAPTURE:
            raise ConflictError("Only spent credits can be refunded.", code="not_refundable")
        paid = [(e, e.lot_id) for e in work.ledger.entries_of(tx_id) if e.lot_id is not None]
        account = work.ledger.lock(paid[0][0].account_id)
        known = work.ledger.find_reversal(tx_id)
        if known is not None:
            return known
        back = [self._returned(work, entry, lot_id) for entry, lot_id in reversed(paid)]
        tx = self._tx(TxKind.REFUND, f"refund:{tx_id}", payload_hash(tx_id), note=note, ref=("tx", tx_id))
        tx = attrs.evolve(tx, reverses=tx_id)
        work.ledger.post(tx, _entries(tx, account, System.CONSUMED, back))
        return tx

    def expire(self, work: UnitOfWork, *, account_id: str) -> LedgerTx | None:
        """Move the free credits of lapsed lots to breakage; None when there are none."""
        account = work.ledger.lock(account_id)
        now = self.clock.now()
        lapsed = [lot for lot in work.ledger.lots(account_id) if lot.is_expired(now) and lot.free > 0]
        if not lapsed:
            return None
        work.ledger.save_lots(attrs.evolve(lot, remaining=lot.held) for lot in lapsed)
        note = Note(actor="system", reason="Credits expired")
        key = f"expiry:{account_id}:{account.version + 1}"
        tx = self._tx(TxKind.EXPIRY, key, payload_hash(key), note=note, ref=("account", account_id))
        out = [Allocation(lot_id=lot.id, amount=-lot.free) for lot in lapsed]
        work.ledger.post(tx, _entries(tx, account, System.BREAKAGE, out))
        return tx

    def _ready_account(self, work: UnitOfWork, account_id: str, *, need: int, note: Note) -> CreditAccount:
        """Lock the account, expire what lapsed, and let an unmetered account grow by what is missing."""
        self.expire(work, account_id=account_id)
        account = work.ledger.lock(account_id)
        missing = need - account.available
        if account.is_unmetered and missing > 0:
            key = f"unmetered:{account_id}:{account.version + 1}"
            self.grant(
                work, account_id=account_id, amount=missing, source=Source.UNMETERED, origin_key=key, note=note
            )  # fmt: skip
            return work.ledger.lock(account_id)
        return account

    def _returned(self, work: UnitOfWork, entry: LedgerEntry, lot_id: str) -> Allocation:
        lot = work.ledger.lots_by_id([lot_id])[lot_id]
        amount, now = -entry.amount, self.clock.now()
        if not lot.is_expired(now):
            work.ledger.save_lots([attrs.evolve(lot, remaining=lot.remaining + amount)])
            return Allocation(lot_id=lot.id, amount=amount)
        grace = Lot(
            id=self.ids.new(), account_id=lot.account_id, source=Source.REFUND, granted=amount, remaining=amount,
            created_at=now, origin_key=f"refund:{entry.tx_id}:{lot.id}", effective_at=now,
            expires_at=now + dt.timedelta(days=REFUND_GRACE_DAYS),
        )  # fmt: skip
        work.ledger.add_lot(grace)
        return Allocation(lot_id=grace.id, amount=amount)

    def _hold(self, account_id: str, item: Reservation, parts: tuple[Allocation, ...], price_version: str) -> Hold:
        now = self.clock.now()
        return Hold(
            id=self.ids.new(), account_id=account_id, ref_type=item.ref_type, ref_id=item.ref_id,
            operation=item.operation, price_version=price_version, unit_price=item.amount, amount=item.amount,
            allocations=parts, created_at=now, expires_at=now + dt.timedelta(hours=HOLD_HOURS),
        )  # fmt: skip

    def _tx(self, kind: TxKind, key: str, digest: str, *, note: Note, ref: tuple[str, str]) -> LedgerTx:
        return LedgerTx(
            id=self.ids.new(), kind=kind, idempotency_key=key, payload_hash=digest, actor=note.actor,
            reason=note.reason, ref_type=ref[0], ref_id=ref[1], created_at=self.clock.now(),
        )  # fmt: skip


def _entries(tx: LedgerTx, account: CreditAccount, counter: System, parts: Sequence[Allocation]) -> list[LedgerEntry]:
    return balanced(tx.id, account=account, counter=counter, parts=parts)
