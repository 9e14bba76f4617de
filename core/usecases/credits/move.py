"""Grant and charge credits."""

import datetime as dt

import attrs

from core.domain.credits.ledger import CreditAccount, Source
from core.errors import InvalidInputError
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.price_catalogue import PriceCatalogue
from core.ports.repositories.idempotency import IdempotencyRecord
from core.ports.unit_of_work import NewWork
from core.usecases.credits.bookkeeper import Bookkeeper, Note, Reservation
from core.usecases.idempotent import check_key, check_same, payload_hash

GRANT_CAP = 100_000
CHARGE = "charge_credits"


@attrs.frozen(kw_only=True)
class GrantCredits:
    """Give credits to a user, with a reason."""

    new_work: NewWork
    ids: IdGenerator
    bookkeeper: Bookkeeper

    def __call__(
        self, *, actor: Actor, user_id: str, amount: int, reason: str, expires_at: dt.datetime | None = None,
        idempotency_key: str | None = None,
    ) -> CreditAccount:  # fmt: skip
        """Book the grant; the same key grants once.

        Raises:
            NotAllowedError: the actor is no administrator.
            InvalidInputError: no reason, or an amount outside 1 … 100 000.
            ConflictError: code ``idempotency_mismatch``.
        """
        actor.require_admin()
        if not reason.strip() or len(reason) > 500:
            raise InvalidInputError("Say why, in up to 500 characters.", code="reason_required")
        if amount > GRANT_CAP:
            raise InvalidInputError(
                f"At most {GRANT_CAP} credits are granted at once.", code="grant_too_large", details={"max": GRANT_CAP}
            )
        key = check_key(idempotency_key) if idempotency_key is not None else self.ids.new()
        with self.new_work() as work:
            account = work.ledger.account_of(user_id)
            self.bookkeeper.grant(
                work, account_id=account.id, amount=amount, source=Source.ADMIN, origin_key=f"admin:{user_id}:{key}",
                note=Note(actor=actor.label or actor.user_id, reason=reason.strip()), expires_at=expires_at,
            )  # fmt: skip
            granted = work.ledger.account_of(user_id)
            work.commit()
        return granted


@attrs.frozen(kw_only=True)
class ChargeCredits:
    """Charge listed operations to the own account, from a program."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator
    prices: PriceCatalogue
    bookkeeper: Bookkeeper

    def __call__(self, *, actor: Actor, operation: str, quantity: int, idempotency_key: str) -> CreditAccount:
        """Book the charge; the same key charges once.

        Raises:
            NotAllowedError: the key lacks ``credits:charge``.
            InvalidInputError: an operation that is not listed, or a quantity outside 1 … 10 000.
            InsufficientCreditsError: nothing was charged.
            ConflictError: code ``idempotency_mismatch``, when the key was used for another charge.
        """
        actor.require_scope(Scope.CREDITS_CHARGE)
        if not 1 <= quantity <= 10_000:
            raise InvalidInputError("A quantity is 1 to 10000.", code="invalid_quantity")
        wanted = payload_hash([operation, quantity])
        prices = self.prices.current(self.clock.now().date())
        total = prices.price(operation) * quantity
        note = Note(actor=actor.label or actor.user_id, reason=f"{quantity} × {operation}")
        with self.new_work() as work:
            account = work.ledger.account_of(actor.user_id)
            known = work.idempotency.find(actor.user_id, CHARGE, check_key(idempotency_key))
            if known is not None:
                check_same(known.payload_hash, wanted, key=idempotency_key)
                return account
            ref = self.ids.new()
            if total:
                asked = [Reservation(ref_type="charge", ref_id=ref, operation=operation, amount=total)]
                (hold,) = self.bookkeeper.reserve(
                    work, account_id=account.id, wanted=asked, price_version=prices.version, note=note
                )
                self.bookkeeper.capture(work, hold_id=hold.id, note=note)
            work.idempotency.add(
                IdempotencyRecord(
                    owner_id=actor.user_id, key=idempotency_key, operation=CHARGE, payload_hash=wanted, result_id=ref,
                    created_at=self.clock.now(),
                )
            )  # fmt: skip
            charged = work.ledger.account_of(actor.user_id)
            work.commit()
        return charged
