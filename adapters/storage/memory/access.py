"""Passwords, sessions, one-time tokens and spent proofs in memory."""

import datetime as dt
from operator import attrgetter

import attrs

from adapters.storage.errors import stale
from adapters.storage.memory.transaction import Transaction
from core.domain.access import Credential, OneTimeToken, Purpose, Session


class MemoryCredentials:
    """Passwords by user."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, user_id: str) -> Credential | None:
        """Return the password of a user."""
        return self._transaction.read("credentials").get(user_id)

    def put(self, credential: Credential) -> None:
        """Store a password in place of an earlier one."""
        self._transaction.require(users=credential.user_id)
        self._transaction.write("credentials")[credential.user_id] = credential


class MemorySessions:
    """Sessions by id and by secret."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, session: Session) -> None:
        """Store a new session."""
        self._transaction.require(users=session.user_id)
        if self.find_by_hash(session.secret_hash) or not self._transaction.add("sessions", session.id, session):
            raise stale("session")

    def get(self, session_id: str) -> Session:
        """Return a session."""
        session: Session = self._transaction.get("sessions", session_id, "session")
        return session

    def find_by_hash(self, secret_hash: str) -> Session | None:
        """Return the session whose secret has this digest."""
        return next((s for s in self._transaction.rows("sessions") if s.secret_hash == secret_hash), None)

    def list(self, user_id: str, *, now: dt.datetime) -> tuple[Session, ...]:
        """Return a user's valid sessions, last seen first."""
        mine = (s for s in self._transaction.rows("sessions") if s.user_id == user_id and s.is_valid(now))
        return tuple(sorted(mine, key=attrgetter("last_seen_at", "id"), reverse=True))

    def renew(self, session_id: str, *, known_hash: str, secret_hash: str, expires_at: dt.datetime) -> bool:
        """Replace the secret."""
        known = self._transaction.read("sessions").get(session_id)
        if known is None or known.secret_hash != known_hash or known.revoked_at is not None:
            return False
        self._put(attrs.evolve(known, secret_hash=secret_hash, expires_at=expires_at))
        return True

    def see(self, session_id: str, *, at: dt.datetime) -> None:
        """Remember the last use."""
        known = self._transaction.read("sessions").get(session_id)
        if known is not None:
            self._put(attrs.evolve(known, last_seen_at=max(at, known.last_seen_at)))

    def revoke(self, user_id: str, *, at: dt.datetime, only: str | None = None, keep: str | None = None) -> int:
        """End sessions of a user."""
        ended = [
            s
            for s in self._transaction.rows("sessions")
            if s.user_id == user_id and s.revoked_at is None and only in (None, s.id) and s.id != keep
        ]
        for session in ended:
            self._put(attrs.evolve(session, revoked_at=at))
        return len(ended)

    def forget(self, *, before: dt.datetime) -> int:
        """Remove what expired long ago."""
        old = [s.id for s in self._transaction.rows("sessions") if s.expires_at < before]
        for session_id in old:
            del self._transaction.write("sessions")[session_id]
        return len(old)

    def _put(self, session: Session) -> None:
        self._transaction.write("sessions")[session.id] = session


class MemoryTokens:
    """One-time tokens by id."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, token: OneTimeToken) -> None:
        """Store a new token and void older ones."""
        self._transaction.require(users=token.user_id)
        for old in list(self._of(token.user_id, token.purpose)):
            if old.used_at is None:
                self._transaction.write("tokens")[old.id] = attrs.evolve(old, used_at=token.created_at)
        if not self._transaction.add("tokens", token.id, token):
            raise stale("token")

    def find(self, token_id: str) -> OneTimeToken | None:
        """Return a token."""
        return self._transaction.read("tokens").get(token_id)

    def use(self, token_id: str, *, at: dt.datetime) -> bool:
        """Mark a token as used."""
        known = self.find(token_id)
        if known is None or known.used_at is not None:
            return False
        self._transaction.write("tokens")[token_id] = attrs.evolve(known, used_at=at)
        return True

    def count(self, user_id: str, purpose: Purpose, *, since: dt.datetime) -> int:
        """Count recent tokens."""
        return sum(token.created_at >= since for token in self._of(user_id, purpose))

    def _of(self, user_id: str, purpose: Purpose) -> list[OneTimeToken]:
        rows = self._transaction.rows("tokens")
        return [token for token in rows if token.user_id == user_id and token.purpose is purpose]


class MemoryProofs:
    """Riddles that were solved and taken."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def spend(self, key: str, *, expires_at: dt.datetime, now: dt.datetime) -> bool:
        """Remember a proof until it expires."""
        rows = self._transaction.write("proofs")
        for old in [k for k, end in rows.items() if end < now]:
            del rows[old]
        return self._transaction.add("proofs", key, expires_at)
