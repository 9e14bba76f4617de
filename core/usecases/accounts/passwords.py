"""Passwords: setting, forgetting and replacing them."""

import hashlib

import attrs

from core.domain.access import Credential, OneTimeToken, Purpose
from core.domain.accounts import OPERATOR_EMAIL, User, UserStatus, clean_email
from core.domain.passwords import check_password, readable_password
from core.errors import InvalidInputError, WrongPasswordError
from core.kernel.actor import Actor, Role
from core.kernel.events import DomainEvent
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.password_hasher import PasswordHasher
from core.ports.password_meter import PasswordMeter
from core.ports.token_signer import TokenSigner
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.accounts.users import find_user

MAX_TYPED = 1000


@attrs.frozen(kw_only=True)
class PasswordKeeper:
    """Measures, hashes, stores and compares passwords."""

    clock: Clock
    hasher: PasswordHasher
    meter: PasswordMeter

    def hash(self, password: str, *, words: tuple[str, ...]) -> str:
        """Return the hash of an acceptable password.

        Raises:
            WeakPasswordError: it breaks a rule or is easy to guess.
        """
        strength = self.meter.measure(password, words=words)
        return self.hasher.hash(check_password(password, score=strength.score, hint=strength.hint, words=words))

    def fits(self, credential: Credential | None, password: str) -> bool:
        """Compare a password; without one to compare with, the same time is spent."""
        known = credential.password_hash if credential is not None else self.hasher.dummy
        return self.hasher.verify(known, password[:MAX_TYPED]) and credential is not None

    def put(
        self, work: UnitOfWork, user: User, password_hash: str, *, event: str = "PasswordChanged", **facts: str
    ) -> None:
        """Store a hash, and an event with further facts that says why."""
        now = self.clock.now()
        work.credentials.put(Credential(user_id=user.id, password_hash=password_hash, changed_at=now))
        data = {"user": user.id, **facts}
        work.events.add(DomainEvent(name=event, topic=f"account/{user.id}", at=now, data=data))


@attrs.frozen(kw_only=True)
class TokenIssuer:
    """Makes the tokens behind mailed links; the link itself is signed when the letter is written."""

    clock: Clock
    ids: IdGenerator

    def issue(self, work: UnitOfWork, user: User, purpose: Purpose, *, event: str) -> None:
        """Store a token and an event that names it; older ones of the purpose stop working."""
        now = self.clock.now()
        token = OneTimeToken(
            id=self.ids.new(), user_id=user.id, purpose=purpose, created_at=now, expires_at=now + purpose.lifetime
        )
        work.tokens.add(token)
        data = {"user": user.id, "token": token.id}
        work.events.add(DomainEvent(name=event, topic=f"account/{user.id}", at=now, data=data))


@attrs.frozen(kw_only=True)
class TokenTaker:
    """Checks and uses up the token of a link."""

    clock: Clock
    signer: TokenSigner

    def take(self, work: UnitOfWork, text: str, purpose: Purpose) -> str:
        """Return whose token this is; it does not work again.

        Raises:
            InvalidInputError: code ``token_invalid`` or ``token_expired``.
        """
        token = self.check(work, text, purpose)
        if not work.tokens.use(token.id, at=self.clock.now()):
            raise _invalid()
        return token.user_id

    def check(self, work: UnitOfWork, text: str, purpose: Purpose) -> OneTimeToken:
        """Return the token behind a link that still works.

        Raises:
            InvalidInputError: code ``token_invalid`` or ``token_expired``.
        """
        token_id = self.signer.read(text[:200], purpose=purpose)
        token = work.tokens.find(token_id) if token_id is not None else None
        if token is None or token.purpose is not purpose or token.used_at is not None:
            raise _invalid()
        if self.clock.now() >= token.expires_at:
            raise InvalidInputError("This link has expired; ask for a new one.", code="token_expired")
        return token


def _invalid() -> InvalidInputError:
    return InvalidInputError("This link does not work, or was used before; ask for a new one.", code="token_invalid")


@attrs.frozen(kw_only=True)
class RequestPasswordReset:
    """Mail a link with which a forgotten password is replaced."""

    new_work: NewWork
    clock: Clock
    keeper: PasswordKeeper
    issuer: TokenIssuer

    def __call__(self, *, email: str) -> None:
        """Mail the link, or do nothing that can be seen from outside: the answer is the same for every address.

        Raises:
            InvalidInputError: code ``invalid_email``.
        """
        address = clean_email(email)
        with self.new_work() as work:
            user = work.users.find_by_email(address)
            if user is not None and user.status is UserStatus.ACTIVE:
                self.issuer.issue(work, user, Purpose.RESET_PASSWORD, event="PasswordResetRequested")
            else:
                # As much is written as for a known address, so that nobody learns from the time which it was.
                note_nobody(work, "PasswordResetRequested", self.clock)
            work.commit()


def note_nobody(work: UnitOfWork, name: str, clock: Clock) -> None:
    """Store an event about nobody."""
    work.events.add(DomainEvent(name=name, topic="account/nobody", at=clock.now(), data={"user": None}))


@attrs.frozen(kw_only=True)
class CheckResetLink:
    """Tell whether a link for a new password still works, before somebody thinks of one."""

    new_reading: NewReading
    taker: TokenTaker

    def __call__(self, *, token: str) -> None:
        """Do nothing when it works.

        Raises:
            InvalidInputError: code ``token_invalid`` or ``token_expired``.
        """
        with self.new_reading() as work:
            self.taker.check(work, token, Purpose.RESET_PASSWORD)


@attrs.frozen(kw_only=True)
class ResetPassword:
    """Replace a forgotten password with the help of a mailed link."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    keeper: PasswordKeeper
    taker: TokenTaker

    def __call__(self, *, token: str, password: str) -> User:
        """Store the password and end all sessions; whoever opened the link has shown that the address is theirs.

        Raises:
            InvalidInputError: code ``token_invalid`` or ``token_expired``.
            WeakPasswordError: it breaks a rule or is easy to guess; the link still works.
        """
        with self.new_reading() as work:
            user = work.users.get(self.taker.check(work, token, Purpose.RESET_PASSWORD).user_id)
        hashed = self.keeper.hash(password, words=(user.name, user.email))
        with self.new_work() as work:
            user = work.users.get(self.taker.take(work, token, Purpose.RESET_PASSWORD))
            self.keeper.put(work, user, hashed)
            work.sessions.revoke(user.id, at=self.clock.now())
            if user.email_verified_at is None:
                user = work.users.save(attrs.evolve(user, email_verified_at=self.clock.now()))
            work.commit()
        return user


@attrs.frozen(kw_only=True)
class ChangePassword:
    """Change one's own password."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    keeper: PasswordKeeper

    def __call__(self, *, actor: Actor, current: str, new: str) -> None:
        """Store the password, and end all other sessions.

        Raises:
            NotAllowedError: the actor is a key.
            WrongPasswordError: it is not the current one.
            WeakPasswordError: the new one breaks a rule or is easy to guess.
        """
        actor.require_person()
        with self.new_reading() as work:
            user, credential = work.users.get(actor.user_id), work.credentials.find(actor.user_id)
        if not self.keeper.fits(credential, current):
            raise WrongPasswordError("The current password is not right.")
        hashed = self.keeper.hash(new, words=(user.name, user.email))
        with self.new_work() as work:
            self.keeper.put(work, user, hashed)
            work.sessions.revoke(user.id, at=self.clock.now(), keep=actor.session_id)
            work.commit()


@attrs.frozen(kw_only=True)
class NewPassword:
    """A password that was set for somebody; it is shown once, and only when it was made here."""

    user: User
    password: str | None = attrs.field(repr=False)
    ended_sessions: int


@attrs.frozen(kw_only=True)
class SetPassword:
    """Set a user's password and end their sessions."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    ids: IdGenerator
    keeper: PasswordKeeper

    def __call__(self, *, actor: Actor, user: str, password: str | None = None) -> NewPassword:
        """Store the password; without one a random one is made and returned.

        Raises:
            NotAllowedError: the actor is no administrator.
            NotFoundError: no such user.
            WeakPasswordError: it breaks a rule or is easy to guess.
        """
        actor.require_admin()
        with self.new_reading() as work:
            found = find_user(work, user)
        made = readable_password(_seed(self.ids)) if password is None else None
        hashed = self.keeper.hash(made or password or "", words=(found.name, found.email))
        with self.new_work() as work:
            found = work.users.get(found.id)
            if found.email_verified_at is None:  # whoever hands a password over knows who gets it
                found = work.users.save(attrs.evolve(found, email_verified_at=self.clock.now()))
            self.keeper.put(work, found, hashed)
            ended = work.sessions.revoke(found.id, at=self.clock.now())
            work.commit()
        return NewPassword(user=found, password=made, ended_sessions=ended)


@attrs.frozen(kw_only=True)
class EnsureAdministrator:
    """Give the operator a password when no administrator has one, so that a new installation can be entered."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    ids: IdGenerator
    keeper: PasswordKeeper

    def __call__(self, *, actor: Actor) -> NewPassword | None:
        """Return the new password, this once; None when an administrator can sign in already.

        Raises:
            NotAllowedError: the actor is no administrator.
        """
        actor.require_admin()
        with self.new_reading() as work:
            if _somebody_can_enter(work):
                return None
        made = readable_password(_seed(self.ids))
        hashed = self.keeper.hash(made, words=())
        with self.new_work() as work:
            operator = work.users.find_by_email(OPERATOR_EMAIL)
            if operator is None or _somebody_can_enter(work):  # another process was first
                return None
            self.keeper.put(work, operator, hashed)
            work.commit()
        return NewPassword(user=operator, password=made, ended_sessions=0)


def _somebody_can_enter(work: UnitOfWork) -> bool:
    admins = [u for u in work.users.list() if Role.ADMIN in u.roles and u.status is UserStatus.ACTIVE]
    return any(work.credentials.find(u.id) for u in admins)


def _seed(ids: IdGenerator) -> bytes:
    return hashlib.sha512(ids.secret().encode()).digest()
