"""Users and API keys in memory."""

from operator import attrgetter

import attrs

from adapters.storage.errors import duplicate, stale
from adapters.storage.memory.transaction import Transaction
from core.domain.accounts import ApiKey, User

TAKEN = "There is an account with this e-mail address."


class MemoryUsers:
    """Users by id and by e-mail."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, user: User) -> None:
        """Store a new user."""
        if self.find_by_email(user.email) or not self._transaction.add("users", user.id, user):
            raise duplicate("email_taken", TAKEN)

    def get(self, user_id: str) -> User:
        """Return a user."""
        user: User = self._transaction.get("users", user_id, "user")
        return user

    def find_by_email(self, email: str) -> User | None:
        """Return the user with this address."""
        return next((user for user in self.list() if user.email == email), None)

    def save(self, user: User) -> User:
        """Store a changed user."""
        if self.get(user.id).row_version != user.row_version:
            raise stale("user")
        other = self.find_by_email(user.email)
        if other is not None and other.id != user.id:
            raise duplicate("email_taken", TAKEN)
        saved = attrs.evolve(user, row_version=user.row_version + 1)
        self._transaction.write("users")[user.id] = saved
        return saved

    def list(self) -> tuple[User, ...]:
        """Return all users, oldest first."""
        return tuple(sorted(self._transaction.rows("users"), key=attrgetter("created_at", "id")))


class MemoryApiKeys:
    """API keys by id and by secret."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        self._transaction.require(users=key.user_id)
        if self.find_by_hash(key.secret_hash) or not self._transaction.add("api_keys", key.id, key):
            raise stale("key")

    def get(self, key_id: str) -> ApiKey:
        """Return a key."""
        key: ApiKey = self._transaction.get("api_keys", key_id, "key")
        return key

    def find_by_hash(self, secret_hash: str) -> ApiKey | None:
        """Return the key whose secret has this digest."""
        return next((key for key in self._transaction.rows("api_keys") if key.secret_hash == secret_hash), None)

    def save(self, key: ApiKey) -> None:
        """Store revocation or last use; a revocation stays."""
        known = self.get(key.id)
        changed = attrs.evolve(known, revoked_at=known.revoked_at or key.revoked_at, last_used_at=key.last_used_at)
        self._transaction.write("api_keys")[key.id] = changed

    def list(self, user_id: str) -> tuple[ApiKey, ...]:
        """Return a user's keys, oldest first."""
        mine = (key for key in self._transaction.rows("api_keys") if key.user_id == user_id)
        return tuple(sorted(mine, key=attrgetter("created_at", "id")))
