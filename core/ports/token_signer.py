"""Port: signatures on the links that are mailed."""

from typing import Protocol


class TokenSigner(Protocol):
    """Signs the ids of one-time tokens with the key of this installation."""

    def sign(self, token_id: str, *, purpose: str) -> str:
        """Return the id with its signature, fit for a URL."""
        ...

    def read(self, text: str, *, purpose: str) -> str | None:
        """Return the id of a text that was signed for this purpose here; None for any other text."""
        ...
