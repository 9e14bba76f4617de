"""Sessions: who is signed in where, and the end of it."""

import datetime as dt

import attrs

from core.domain.access import SEEN_EVERY, Session, clean_agent, coarse_address, session_lifetime
from core.domain.accounts import User, UserStatus
from core.errors import InvalidInputError, NotAuthenticatedError, NotFoundError
from core.kernel.actor import Actor, Channel
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.accounts.api_keys import hash_secret

SESSION_PREFIX = "i2s_"
KEPT_FOR = dt.timedelta(days=30)


@attrs.frozen(kw_only=True)
class Visit:
    """Where a session is begun, in the words of the browser and the network."""

    user_agent: str = ""
    address: str = ""


UNKNOWN = Visit()


@attrs.frozen(kw_only=True)
class NewSession:
    """A session with its secret, which is given out this once."""

    user: User
    session: Session
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SessionOpener:
    """Begins sessions."""

    clock: Clock
    ids: IdGenerator

    def open(self, work: UnitOfWork, user: User, *, is_remembered: bool, visit: Visit) -> NewSession:
        """Store a session for a user who proved who they are."""
        now, secret = self.clock.now(), SESSION_PREFIX + self.ids.secret()
        session = Session(
            id=self.ids.new(), user_id=user.id, secret_hash=hash_secret(secret), created_at=now, last_seen_at=now,
            expires_at=now + session_lifetime(is_remembered=is_remembered), is_remembered=is_remembered,
            user_agent=clean_agent(visit.user_agent), address=coarse_address(visit.address),
        )  # fmt: skip
        work.sessions.add(session)
        return NewSession(user=user, session=session, secret=secret)


@attrs.frozen(kw_only=True)
class AuthenticateSession:
    """Find out who is signed in with a session's secret."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock

    def __call__(self, *, secret: str) -> Actor:
        """Return the actor behind a session.

        Raises:
            NotAuthenticatedError: code ``session_expired``: unknown, ended or too old, or the account is not active.
        """
        now = self.clock.now()
        with self.new_reading() as work:
            session = work.sessions.find_by_hash(hash_secret(secret))
            user = work.users.get(session.user_id) if session is not None else None
        if session is None or user is None or not session.is_valid(now) or user.status is not UserStatus.ACTIVE:
            raise NotAuthenticatedError("This session has ended; sign in again.", code="session_expired")
        if now - session.last_seen_at > SEEN_EVERY:
            with self.new_work() as work:
                work.sessions.see(session.id, at=now)
                work.commit()
        return Actor(user_id=user.id, roles=user.roles, channel=Channel.WEB, label=user.email, session_id=session.id)


@attrs.frozen(kw_only=True)
class ListSessions:
    """List where one is signed in."""

    new_reading: NewReading
    clock: Clock

    def __call__(self, *, actor: Actor, user_id: str | None = None) -> tuple[Session, ...]:
        """Return the sessions that are valid, last seen first.

        Raises:
            NotAllowedError: another user's sessions, or the actor is a key.
        """
        actor.require_person()
        if user_id not in (None, actor.user_id):
            actor.require_admin()
        with self.new_reading() as work:
            return work.sessions.list(user_id or actor.user_id, now=self.clock.now())


@attrs.frozen(kw_only=True)
class GetSession:
    """Show the session of this request."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor) -> Session | None:
        """Return it; None for a key."""
        with self.new_reading() as work:
            return None if actor.session_id is None else work.sessions.get(actor.session_id)


@attrs.frozen(kw_only=True)
class RevokeSession:
    """End a session, or all of one's sessions but this one."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor, session_id: str | None = None, user_id: str | None = None) -> int:
        """End sessions at once and return how many.

        Args:
            session_id: this one; None for all but that of the request.
            user_id: another user's, for administrators.

        Raises:
            NotFoundError: the user has no such session.
            NotAllowedError: another user's sessions, or the actor is a key.
        """
        actor.require_person()
        if user_id not in (None, actor.user_id):
            actor.require_admin()
        with self.new_work() as work:
            ended = work.sessions.revoke(
                user_id or actor.user_id, at=self.clock.now(), only=session_id,
                keep=actor.session_id if session_id is None else None,
            )  # fmt: skip
            if session_id is not None and not ended:
                raise NotFoundError("There is no such session.", details={"what": "session"})
            work.commit()
        return ended


@attrs.frozen(kw_only=True)
class SignOut:
    """End the session of this request."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor) -> None:
        """End it; doing it twice is fine, and a key stays as it is."""
        if actor.session_id is None:
            return
        with self.new_work() as work:
            work.sessions.revoke(actor.user_id, at=self.clock.now(), only=actor.session_id)
            work.commit()


@attrs.frozen(kw_only=True)
class RefreshSession:
    """Replace the secret of one's session and begin its lifetime anew."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator

    def __call__(self, *, actor: Actor, secret: str) -> NewSession:
        """Return the session with its new secret; the old one stops working at once.

        Args:
            secret: the one that was shown; of several requests that show it at once, one gets the next.

        Raises:
            NotAllowedError: code ``person_required``, for a key.
            InvalidInputError: code ``no_session``, where nobody signed in, as on the command line.
            NotAuthenticatedError: code ``session_expired``, when somebody else was first.
        """
        actor.require_person()
        if actor.session_id is None:
            raise InvalidInputError("There is no session to refresh.", code="no_session")
        fresh = SESSION_PREFIX + self.ids.secret()
        with self.new_work() as work:
            known = work.sessions.get(actor.session_id)
            renewed = attrs.evolve(
                known, secret_hash=hash_secret(fresh),
                expires_at=self.clock.now() + session_lifetime(is_remembered=known.is_remembered),
            )  # fmt: skip
            if not work.sessions.renew(
                known.id, known_hash=hash_secret(secret), secret_hash=renewed.secret_hash, expires_at=renewed.expires_at
            ):
                raise NotAuthenticatedError("This session has ended; sign in again.", code="session_expired")
            user = work.users.get(actor.user_id)
            work.commit()
        return NewSession(user=user, session=renewed, secret=fresh)


@attrs.frozen(kw_only=True)
class ForgetSessions:
    """Remove sessions that expired a month ago."""

    new_work: NewWork
    clock: Clock

    def __call__(self) -> int:
        """Return how many were removed."""
        with self.new_work() as work:
            count = work.sessions.forget(before=self.clock.now() - KEPT_FOR)
            work.commit()
        return count
