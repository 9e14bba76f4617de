"""Users and API keys in SQL."""

from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import Row, bindparam, func, select, update

from adapters.storage.errors import duplicate, missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.accounts import api_key, app_user
from core.domain.accounts import ApiKey, User, UserStatus
from core.kernel.actor import Role, Scope

_ADD_USER = unique_insert(app_user)
_USER = select(app_user).where(app_user.c.id == bindparam("id"))
_USER_BY_EMAIL = select(app_user).where(app_user.c.email == bindparam("email"))
_USERS = select(app_user).order_by(app_user.c.created_at, app_user.c.id)
_SAVE_USER = update(app_user).where(app_user.c.id == bindparam("b_id"), app_user.c.row_version == bindparam("b_known"))

_ADD_KEY = unique_insert(api_key)
_KEY = select(api_key).where(api_key.c.id == bindparam("id"))
_KEY_BY_HASH = select(api_key).where(api_key.c.secret_hash == bindparam("secret_hash"))
_KEYS = select(api_key).where(api_key.c.user_id == bindparam("user_id")).order_by(api_key.c.created_at, api_key.c.id)
# A revocation is never taken back, not even by one who read the key before it.
_SAVE_KEY = (
    update(api_key)
    .where(api_key.c.id == bindparam("b_id"))
    .values(
        revoked_at=func.coalesce(api_key.c.revoked_at, bindparam("revoked", type_=api_key.c.revoked_at.type)),
        last_used_at=bindparam("used"),
    )
)


class SqlUsers:
    """Users by id and by e-mail."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, user: User) -> None:
        """Store a new user."""
        if not self._session.add(_ADD_USER, {"id": user.id, "row_version": user.row_version, **_user_values(user)}):
            raise duplicate("email_taken", "There is an account with this e-mail address.")

    def get(self, user_id: str) -> User:
        """Return a user."""
        return _user(found(self._session.first(_USER, {"id": user_id}), "user"))

    def find_by_email(self, email: str) -> User | None:
        """Return the user with this address."""
        row = self._session.first(_USER_BY_EMAIL, {"email": email})
        return None if row is None else _user(row)

    def save(self, user: User) -> User:
        """Store a changed user."""
        values = {"b_id": user.id, "b_known": user.row_version, "row_version": user.row_version + 1}
        if self._session.change(_SAVE_USER, {**values, **_user_values(user)}, conflict="email_taken") != 1:
            found(self._session.first(_USER, {"id": user.id}), "user")
            raise stale("user")
        return attrs.evolve(user, row_version=user.row_version + 1)

    def list(self) -> tuple[User, ...]:
        """Return all users, oldest first."""
        return tuple(_user(row) for row in self._session.all(_USERS))


class SqlApiKeys:
    """API keys by id and by secret."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        if not self._session.add(_ADD_KEY, {"id": key.id, **_key_values(key)}):
            raise stale("key")

    def get(self, key_id: str) -> ApiKey:
        """Return a key."""
        return _key(found(self._session.first(_KEY, {"id": key_id}), "key"))

    def find_by_hash(self, secret_hash: str) -> ApiKey | None:
        """Return the key whose secret has this digest."""
        row = self._session.first(_KEY_BY_HASH, {"secret_hash": secret_hash})
        return None if row is None else _key(row)

    def save(self, key: ApiKey) -> None:
        """Store revocation or last use; a revocation stays."""
        values = {"b_id": key.id, "revoked": key.revoked_at, "used": key.last_used_at}
        if self._session.change(_SAVE_KEY, values) != 1:
            raise missing("key")

    def list(self, user_id: str) -> tuple[ApiKey, ...]:
        """Return a user's keys, oldest first."""
        return tuple(_key(row) for row in self._session.all(_KEYS, {"user_id": user_id}))


def _words(values: Iterable[str]) -> str:
    return " ".join(sorted(values))


def _user_values(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "company_name": user.company_name,
        "roles": _words(user.roles),
        "status": user.status.value,
        "email_verified_at": user.email_verified_at,
        "is_unmetered": user.is_unmetered,
        "quota_bytes": user.quota_bytes,
        "created_at": user.created_at,
    }


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        company_name=row.company_name,
        roles=frozenset(map(Role, row.roles.split())),
        status=UserStatus(row.status),
        email_verified_at=row.email_verified_at,
        is_unmetered=row.is_unmetered,
        quota_bytes=row.quota_bytes,
        created_at=row.created_at,
        row_version=row.row_version,
    )


def _key_values(key: ApiKey) -> dict[str, Any]:
    return {
        "user_id": key.user_id,
        "name": key.name,
        "prefix": key.prefix,
        "secret_hash": key.secret_hash,
        "scopes": _words(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        prefix=row.prefix,
        secret_hash=row.secret_hash,
        scopes=frozenset(map(Scope, row.scopes.split())),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
