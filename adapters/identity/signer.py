"""Signatures on mailed links, by HMAC-SHA256."""

import base64
import hashlib
import hmac


class HmacSigner:
    """Signs with one key; a signature for one purpose is none for another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, token_id: str, *, purpose: str) -> str:
        """Return ``<id>.<signature>``."""
        return f"{token_id}.{self._signature(token_id, purpose)}"

    def read(self, text: str, *, purpose: str) -> str | None:
        """Return the id of a text that was signed here for this purpose."""
        token_id, _, signature = text.partition(".")
        right = self._signature(token_id, purpose)
        is_right = hmac.compare_digest(signature.encode("utf-8", "replace"), right.encode())
        return token_id if is_right and token_id else None

    def _signature(self, token_id: str, purpose: str) -> str:
        message = f"{purpose}\0{token_id}".encode("utf-8", "replace")
        return base64.urlsafe_b64encode(hmac.digest(self._key, message, hashlib.sha256)).rstrip(b"=").decode()
