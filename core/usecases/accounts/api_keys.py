"""Create, list, revoke and check API keys."""

import datetime as dt
import hashlib
from collections.abc import Iterable

import attrs

from core.domain.accounts import MAX_API_KEYS, ApiKey, UserStatus, clean_name
from core.errors import InvalidInputError, LimitReachedError, NotAllowedError, NotAuthenticatedError, NotFoundError
from core.kernel.actor import Actor, Channel, Scope
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, NewWork
from core.usecases.accounts.users import find_user

PREFIX = "i2i_"
USED_EVERY = dt.timedelta(minutes=5)


@attrs.frozen(kw_only=True)
class NewApiKey:
    """A key with its secret, which is shown this once."""

    key: ApiKey
    secret: str


def hash_secret(secret: str) -> str:
    """Return the digest under which a secret is kept (256 random bits need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@attrs.frozen(kw_only=True)
class CreateApiKey:
    """Create a key for programs; its secret is shown once."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator

    def __call__(
        self, *, actor: Actor, name: str, scopes: Iterable[Scope], user: str = "me",
        expires_at: dt.datetime | None = None,
    ) -> NewApiKey:  # fmt: skip
        """Create the key for the actor, or (for an administrator) for another user.

        Raises:
            NotAllowedError: another user's key, or one with more scopes or a longer life than the actor's own.
            LimitReachedError: code ``too_many_keys``.
            InvalidInputError: no scope, a bad name or an end in the past.
        """
        wanted, now = frozenset(scopes), self.clock.now()
        _check_scopes(actor, wanted)
        if actor.expires_at is not None and (expires_at is None or expires_at > actor.expires_at):
            raise NotAllowedError("A key cannot make one that outlives it.", code="scope_escalation")
        if expires_at is not None and expires_at <= now:
            raise InvalidInputError("The end lies in the past.", code="invalid_expiry")
        if user not in ("me", actor.user_id):
            actor.require_admin()
        secret = PREFIX + self.ids.secret()
        with self.new_work() as work:
            owner = find_user(work, actor.user_id if user == "me" else user)
            live = [k for k in work.api_keys.list(owner.id) if k.is_valid(now)]
            if len(live) >= MAX_API_KEYS:
                raise LimitReachedError(f"A user has at most {MAX_API_KEYS} keys.", code="too_many_keys")
            key = ApiKey(
                id=self.ids.new(), user_id=owner.id, name=clean_name(name, low=1), prefix=secret[:12],
                secret_hash=hash_secret(secret), scopes=wanted, created_at=now, expires_at=expires_at,
            )  # fmt: skip
            work.api_keys.add(key)
            work.commit()
        return NewApiKey(key=key, secret=secret)


def _check_scopes(actor: Actor, wanted: frozenset[Scope]) -> None:
    if not wanted:
        raise InvalidInputError("Name at least one scope.", code="no_scope")
    if actor.scopes is not None and not wanted <= actor.scopes:
        raise NotAllowedError("A key cannot make a stronger key.", code="scope_escalation")
    if Scope.ADMIN in wanted:
        actor.require_admin()


@attrs.frozen(kw_only=True)
class ListApiKeys:
    """List keys, without their secrets."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, user: str = "me") -> tuple[ApiKey, ...]:
        """Return the keys, oldest first.

        Raises:
            NotAllowedError: another user's keys.
        """
        if user not in ("me", actor.user_id):
            actor.require_admin()
        with self.new_reading() as work:
            return work.api_keys.list(find_user(work, actor.user_id if user == "me" else user).id)


@attrs.frozen(kw_only=True)
class RevokeApiKey:
    """Revoke a key at once."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor, key_id: str) -> ApiKey:
        """Revoke the key; doing it twice is fine.

        Raises:
            NotFoundError: no such key of this user.
        """
        with self.new_work() as work:
            key = work.api_keys.get(key_id)
            if key.user_id != actor.user_id and not actor.is_admin:
                raise NotFoundError("There is no such key.", details={"what": "api key"})
            revoked = key if key.revoked_at else attrs.evolve(key, revoked_at=self.clock.now())
            work.api_keys.save(revoked)
            work.commit()
        return revoked


@attrs.frozen(kw_only=True)
class Authenticate:
    """Find out who holds a secret."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock

    def __call__(self, *, secret: str) -> Actor:
        """Return the actor behind an API key.

        Raises:
            NotAuthenticatedError: unknown, revoked or expired, or the account is not active.
        """
        now = self.clock.now()
        with self.new_reading() as work:
            key = work.api_keys.find_by_hash(hash_secret(secret))
            user = work.users.get(key.user_id) if key is not None else None
        if key is None or user is None or not key.is_valid(now) or user.status is not UserStatus.ACTIVE:
            raise NotAuthenticatedError("This key is unknown, expired or revoked.")
        if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
            with self.new_work() as work:
                work.api_keys.save(attrs.evolve(key, last_used_at=now))
                work.commit()
        return Actor(
            user_id=user.id, roles=user.roles, scopes=key.scopes, channel=Channel.API, label=key.prefix,
            expires_at=key.expires_at,
        )  # fmt: skip
