"""The account that a first look at an installation is taken with."""

import hashlib

import attrs

from core.domain.accounts import User
from core.domain.credits.ledger import Source
from core.domain.passwords import readable_password
from core.errors import ConflictError
from core.kernel.actor import Actor, Role
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, NewWork
from core.usecases.accounts.passwords import PasswordKeeper
from core.usecases.accounts.users import UserOpener
from core.usecases.credits.bookkeeper import Bookkeeper, Note

DEMO_EMAIL = "demo@i2i.example"
DEMO_NAME = "Demo"
DEMO_CREDITS = 50


@attrs.frozen(kw_only=True)
class EnsureDemo:
    """Make sure that the demo customer exists and has credits to try things with; doing it again changes nothing."""

    new_work: NewWork
    new_reading: NewReading
    ids: IdGenerator
    opener: UserOpener
    bookkeeper: Bookkeeper

    def __call__(self, *, actor: Actor) -> User:
        """Return the account: a customer whose address counts as verified, without a password of its own.

        Raises:
            NotAllowedError: the actor is no administrator.
        """
        actor.require_admin()
        with self.new_reading() as work:
            user = work.users.find_by_email(DEMO_EMAIL)
        if user is None:
            user = self._open()
        self._top_up(user)
        return user

    def _open(self) -> User:
        try:
            with self.new_work() as work:
                user = self.opener.open(work, email=DEMO_EMAIL, name=DEMO_NAME, roles=frozenset({Role.CUSTOMER}))
                work.commit()
        except ConflictError:
            # Another process was first.
            with self.new_reading() as work:
                found = work.users.find_by_email(DEMO_EMAIL)
            if found is None:
                raise
            return found
        return user

    def _top_up(self, user: User) -> None:
        with self.new_work() as work:
            account = work.ledger.account_of(user.id)
            missing = DEMO_CREDITS - account.available
            if missing <= 0:
                return
            self.bookkeeper.grant(
                work, account_id=account.id, amount=missing, source=Source.PROMO,
                origin_key=f"demo:{user.id}:{self.ids.new()}", note=Note(actor="system", reason="Demo"),
            )  # fmt: skip
            work.commit()


@attrs.frozen(kw_only=True)
class RenewDemo:
    """Give the demo account a new password, which ends its sessions; nobody is written to about it."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator
    keeper: PasswordKeeper

    def __call__(self, *, actor: Actor, user: User) -> str:
        """Return the new password, this once.

        Raises:
            NotAllowedError: the actor is no administrator.
        """
        actor.require_admin()
        made = readable_password(hashlib.sha512(self.ids.secret().encode()).digest())
        hashed = self.keeper.hash(made, words=())
        with self.new_work() as work:
            self.keeper.put(work, user, hashed, event="DemoPasswordRenewed")
            work.sessions.revoke(user.id, at=self.clock.now())
            work.commit()
        return made
