"""Port: new identifiers and secrets."""

from typing import Protocol


class IdGenerator(Protocol):
    """Makes identifiers and secrets that nobody can guess."""

    def new(self) -> str:
        """Return a fresh 26-character id that sorts after all earlier ones of this process."""
        ...

    def secret(self) -> str:
        """Return 256 random bits as URL-safe text."""
        ...
