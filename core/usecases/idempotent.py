"""Repeating a request: the same key with the same payload is answered with the first result."""

import hashlib
import json
from typing import Any

from core.errors import ConflictError, InvalidInputError

MAX_KEY = 200


def payload_hash(payload: Any) -> str:
    """Return the SHA-256 of a JSON-ready payload in canonical form."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def check_key(key: str) -> str:
    """Check a client's idempotency key.

    Raises:
        InvalidInputError: code ``invalid_idempotency_key``.
    """
    if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
        raise InvalidInputError(
            f"An idempotency key has 1 to {MAX_KEY} printable characters.", code="invalid_idempotency_key"
        )
    return key


def check_same(known: str, wanted: str, *, key: str) -> None:
    """Refuse a known key that comes with another payload.

    Raises:
        ConflictError: code ``idempotency_mismatch``.
    """
    if known != wanted:
        raise ConflictError(
            "This key was used for a different request.", code="idempotency_mismatch", details={"key": key}
        )
