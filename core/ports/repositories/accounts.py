"""Repositories of users and their API keys."""

from typing import Protocol

from core.domain.accounts import ApiKey, User


class UserRepository(Protocol):
    """Users by id and by e-mail."""

    def add(self, user: User) -> None:
        """Store a new user.

        Raises:
            ConflictError: code ``email_taken``.
        """
        ...

    def get(self, user_id: str) -> User:
        """Return a user."""
        ...

    def find_by_email(self, email: str) -> User | None:
        """Return the user with this (cleaned) address."""
        ...

    def save(self, user: User) -> User:
        """Store a changed user."""
        ...

    def list(self) -> tuple[User, ...]:
        """Return all users, oldest first."""
        ...


class ApiKeyRepository(Protocol):
    """API keys by id and by secret."""

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        ...

    def get(self, key_id: str) -> ApiKey:
        """Return a key."""
        ...

    def find_by_hash(self, secret_hash: str) -> ApiKey | None:
        """Return the key whose secret has this digest."""
        ...

    def save(self, key: ApiKey) -> None:
        """Store revocation or last use; a revocation that is stored is never taken back."""
        ...

    def list(self, user_id: str) -> tuple[ApiKey, ...]:
        """Return a user's keys, oldest first."""
        ...
