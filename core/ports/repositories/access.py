"""Repositories of passwords, sessions, one-time tokens and spent proofs."""

import datetime as dt
from typing import Protocol

from core.domain.access import Credential, OneTimeToken, Purpose, Session


class CredentialRepository(Protocol):
    """Passwords by user."""

    def find(self, user_id: str) -> Credential | None:
        """Return the password of a user, if one was ever set."""
        ...

    def put(self, credential: Credential) -> None:
        """Store a password in place of an earlier one."""
        ...


class SessionRepository(Protocol):
    """Sessions by id and by secret."""

    def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    def get(self, session_id: str) -> Session:
        """Return a session."""
        ...

    def find_by_hash(self, secret_hash: str) -> Session | None:
        """Return the session whose secret has this digest."""
        ...

    def list(self, user_id: str, *, now: dt.datetime) -> tuple[Session, ...]:
        """Return a user's sessions that are valid, last seen first."""
        ...

    def renew(self, session_id: str, *, known_hash: str, secret_hash: str, expires_at: dt.datetime) -> bool:
        """Replace the secret of a session that is still valid; False when somebody else was first."""
        ...

    def see(self, session_id: str, *, at: dt.datetime) -> None:
        """Remember when a session was last used."""
        ...

    def revoke(self, user_id: str, *, at: dt.datetime, only: str | None = None, keep: str | None = None) -> int:
        """End sessions of a user for good and return how many ended.

        Args:
            only: end this one.
            keep: end all but this one.
        """
        ...

    def forget(self, *, before: dt.datetime) -> int:
        """Remove sessions that expired before a moment and return how many there were."""
        ...


class TokenRepository(Protocol):
    """One-time tokens by id."""

    def add(self, token: OneTimeToken) -> None:
        """Store a new token; older ones of the same user and purpose stop working."""
        ...

    def find(self, token_id: str) -> OneTimeToken | None:
        """Return a token."""
        ...

    def use(self, token_id: str, *, at: dt.datetime) -> bool:
        """Mark a token as used; False when it was used before."""
        ...

    def count(self, user_id: str, purpose: Purpose, *, since: dt.datetime) -> int:
        """Count the tokens that were made for a user since a moment."""
        ...


class ProofRepository(Protocol):
    """Solved riddles that were taken."""

    def spend(self, key: str, *, expires_at: dt.datetime, now: dt.datetime) -> bool:
        """Remember a proof until it expires; False when it was spent before."""
        ...
