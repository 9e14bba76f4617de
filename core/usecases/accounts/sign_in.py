"""Signing in with a password."""

import attrs

from core.domain.access import Credential
from core.domain.accounts import User, UserStatus, clean_email
from core.errors import InvalidInputError, NotAllowedError, NotAuthenticatedError
from core.kernel.events import DomainEvent
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading, NewWork
from core.usecases.accounts.passwords import PasswordKeeper
from core.usecases.accounts.sessions import UNKNOWN, NewSession, SessionOpener, Visit


@attrs.frozen(kw_only=True)
class SignIn:
    """Sign in with an address and a password."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    keeper: PasswordKeeper
    session_opener: SessionOpener
    require_verified_email: bool

    def __call__(self, *, email: str, password: str, remember: bool = False, visit: Visit = UNKNOWN) -> NewSession:
        """Return a new session; only whoever knows the password learns anything about the account.

        Raises:
            NotAuthenticatedError: code ``invalid_credentials``, for an unknown address and a wrong password alike.
            NotAllowedError: code ``email_unverified``, ``account_suspended`` or ``account_deleted``.
        """
        user, credential = self._find(email)
        if not self.keeper.fits(credential, password) or user is None or credential is None:
            self._note(user, "SignInFailed")
            raise NotAuthenticatedError("The e-mail address or the password is not right.", code="invalid_credentials")
        self._check(user)
        outdated = self.keeper.hasher.is_outdated(credential.password_hash)
        hashed = self.keeper.hasher.hash(password) if outdated else None
        with self.new_work() as work:
            if hashed is not None and work.credentials.find(user.id) == credential:
                work.credentials.put(attrs.evolve(credential, password_hash=hashed))
            opened = self.session_opener.open(work, user, is_remembered=remember, visit=visit)
            work.events.add(self._event(user, "SignedIn"))
            work.commit()
        return opened

    def _find(self, email: str) -> tuple[User | None, Credential | None]:
        try:
            address = clean_email(email)
        except InvalidInputError:
            return None, None
        with self.new_reading() as work:
            user = work.users.find_by_email(address)
            # Asked for in any case: an unknown address takes as many queries as a known one.
            return user, work.credentials.find(user.id if user is not None else "")

    def _check(self, user: User) -> None:
        if user.status is UserStatus.DELETED:
            raise NotAllowedError("This account was deleted.", code="account_deleted")
        if user.status is UserStatus.SUSPENDED:
            raise NotAllowedError("This account is suspended; ask your administrator.", code="account_suspended")
        if self.require_verified_email and user.email_verified_at is None:
            raise NotAllowedError("Open the link in the mail we sent you first.", code="email_unverified")

    def _note(self, user: User | None, name: str) -> None:
        with self.new_work() as work:
            work.events.add(self._event(user, name))
            work.commit()

    def _event(self, user: User | None, name: str) -> DomainEvent:
        user_id = user.id if user is not None else None
        return DomainEvent(
            name=name, topic=f"account/{user_id or 'nobody'}", at=self.clock.now(), data={"user": user_id}
        )
