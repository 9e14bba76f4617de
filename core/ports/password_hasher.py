"""Port: hashing of passwords."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Turns passwords into hashes that cannot be turned back; slow on purpose, and few at a time.

    A call that cannot be begun within some seconds raises ``LimitReachedError`` with ``retry_after``.
    """

    @property
    def dummy(self) -> str:
        """A hash that no password fits, to spend the same time where there is no account."""
        ...

    def hash(self, password: str) -> str:
        """Return a new hash, which carries its salt and parameters."""
        ...

    def verify(self, password_hash: str, password: str) -> bool:
        """Tell whether this is the password behind a hash."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        ...
