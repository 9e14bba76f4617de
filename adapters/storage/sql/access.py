"""Passwords, sessions, one-time tokens and spent proofs in SQL."""

import datetime as dt
from typing import Any

import attrs
from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from adapters.storage.errors import stale
from adapters.storage.sql.columns import Moment
from adapters.storage.sql.session import Session as Transaction
from adapters.storage.sql.session import found, unique_insert
from adapters.storage.sql.tables.access import credential, one_time_token, spent_proof, web_session
from core.domain.access import Credential, OneTimeToken, Purpose, Session

_NOW = bindparam("now", type_=Moment())
_PASSWORD = select(credential).where(credential.c.user_id == bindparam("user_id"))
_ADD_PASSWORD = unique_insert(credential)
_CHANGE_PASSWORD = update(credential).where(credential.c.user_id == bindparam("b_user"))

_s = web_session.c
_ADD_SESSION = unique_insert(web_session)
_SESSION = select(web_session).where(_s.id == bindparam("id"))
_SESSION_BY_HASH = select(web_session).where(_s.secret_hash == bindparam("secret_hash"))
_SESSIONS = (
    select(web_session)
    .where(_s.user_id == bindparam("user_id"), _s.revoked_at.is_(None), _s.expires_at > _NOW)
    .order_by(_s.last_seen_at.desc(), _s.id.desc())
)
_RENEW = (
    update(web_session)
    .where(_s.id == bindparam("b_id"), _s.secret_hash == bindparam("b_known"), _s.revoked_at.is_(None))
    .values(secret_hash=bindparam("secret"), expires_at=bindparam("until", type_=Moment()))
)
_SEE = update(web_session).where(_s.id == bindparam("b_id"), _s.last_seen_at < _NOW).values(last_seen_at=_NOW)
_REVOKE = (
    update(web_session)
    .where(
        _s.user_id == bindparam("b_user"),
        _s.revoked_at.is_(None),
        or_(bindparam("only", type_=_s.id.type).is_(None), _s.id == bindparam("only", type_=_s.id.type)),
        or_(bindparam("keep", type_=_s.id.type).is_(None), _s.id != bindparam("keep", type_=_s.id.type)),
    )
    .values(revoked_at=_NOW)
)
_FORGET = delete(web_session).where(_s.expires_at < _NOW)

_t = one_time_token.c
_ADD_TOKEN = unique_insert(one_time_token)
_TOKEN = select(one_time_token).where(_t.id == bindparam("id"))
_USE = update(one_time_token).where(_t.id == bindparam("b_id"), _t.used_at.is_(None)).values(used_at=_NOW)
_VOID = (
    update(one_time_token)
    .where(_t.user_id == bindparam("b_user"), _t.purpose == bindparam("b_purpose"), _t.used_at.is_(None))
    .values(used_at=_NOW)
)
_COUNT = (
    select(func.count())
    .select_from(one_time_token)
    .where(_t.user_id == bindparam("user_id"), _t.purpose == bindparam("purpose"), _t.created_at >= _NOW)
)

_SPEND = unique_insert(spent_proof)
_FORGET_PROOFS = delete(spent_proof).where(spent_proof.c.expires_at < _NOW)


class SqlCredentials:
    """Passwords by user."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def find(self, user_id: str) -> Credential | None:
        """Return the password of a user."""
        row = self._session.first(_PASSWORD, {"user_id": user_id})
        return None if row is None else Credential(**row._asdict())

    def put(self, credential: Credential) -> None:
        """Store a password in place of an earlier one."""
        values = attrs.asdict(credential)
        if not self._session.add(_ADD_PASSWORD, values):
            values["b_user"] = values.pop("user_id")
            self._session.change(_CHANGE_PASSWORD, values)


class SqlSessions:
    """Sessions by id and by secret."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def add(self, session: Session) -> None:
        """Store a new session."""
        if not self._session.add(_ADD_SESSION, attrs.asdict(session)):
            raise stale("session")

    def get(self, session_id: str) -> Session:
        """Return a session."""
        return _session(found(self._session.first(_SESSION, {"id": session_id}), "session"))

    def find_by_hash(self, secret_hash: str) -> Session | None:
        """Return the session whose secret has this digest."""
        row = self._session.first(_SESSION_BY_HASH, {"secret_hash": secret_hash})
        return None if row is None else _session(row)

    def list(self, user_id: str, *, now: dt.datetime) -> tuple[Session, ...]:
        """Return a user's valid sessions, last seen first."""
        return tuple(_session(row) for row in self._session.all(_SESSIONS, {"user_id": user_id, "now": now}))

    def renew(self, session_id: str, *, known_hash: str, secret_hash: str, expires_at: dt.datetime) -> bool:
        """Replace the secret."""
        values = {"b_id": session_id, "b_known": known_hash, "secret": secret_hash, "until": expires_at}
        return self._session.change(_RENEW, values) == 1

    def see(self, session_id: str, *, at: dt.datetime) -> None:
        """Remember the last use."""
        self._session.change(_SEE, {"b_id": session_id, "now": at})

    def revoke(self, user_id: str, *, at: dt.datetime, only: str | None = None, keep: str | None = None) -> int:
        """End sessions of a user."""
        return self._session.change(_REVOKE, {"b_user": user_id, "only": only, "keep": keep, "now": at})

    def forget(self, *, before: dt.datetime) -> int:
        """Remove what expired long ago."""
        return self._session.change(_FORGET, {"now": before})


class SqlTokens:
    """One-time tokens by id."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def add(self, token: OneTimeToken) -> None:
        """Store a new token and void older ones."""
        void = {"b_user": token.user_id, "b_purpose": token.purpose.value, "now": token.created_at}
        self._session.change(_VOID, void)
        if not self._session.add(_ADD_TOKEN, {**attrs.asdict(token), "purpose": token.purpose.value}):
            raise stale("token")

    def find(self, token_id: str) -> OneTimeToken | None:
        """Return a token."""
        row = self._session.first(_TOKEN, {"id": token_id})
        return None if row is None else OneTimeToken(**{**row._asdict(), "purpose": Purpose(row.purpose)})

    def use(self, token_id: str, *, at: dt.datetime) -> bool:
        """Mark a token as used."""
        return self._session.change(_USE, {"b_id": token_id, "now": at}) == 1

    def count(self, user_id: str, purpose: Purpose, *, since: dt.datetime) -> int:
        """Count recent tokens."""
        values = {"user_id": user_id, "purpose": purpose.value, "now": since}
        return int(self._session.scalar(_COUNT, values))


class SqlProofs:
    """Riddles that were solved and taken."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def spend(self, key: str, *, expires_at: dt.datetime, now: dt.datetime) -> bool:
        """Remember a proof until it expires."""
        self._session.change(_FORGET_PROOFS, {"now": now})
        return self._session.add(_SPEND, {"key": key, "expires_at": expires_at})


def _session(row: Row[Any]) -> Session:
    return Session(**row._asdict())
