"""Repository of idempotency keys."""

import datetime as dt
from typing import Protocol

import attrs


@attrs.frozen(kw_only=True)
class IdempotencyRecord:
    """The first answer to a request that a client marked with a key.

    Args:
        operation: the use case.
        payload_hash: digest of the request; the same key with another one is refused.
        result_id: id of what the first request made.
    """

    owner_id: str
    key: str
    operation: str
    payload_hash: str
    result_id: str
    created_at: dt.datetime


class IdempotencyRepository(Protocol):
    """Keys by owner and operation."""

    def find(self, owner_id: str, operation: str, key: str) -> IdempotencyRecord | None:
        """Return the record of a key."""
        ...

    def add(self, record: IdempotencyRecord) -> None:
        """Store a record.

        Raises:
            ConflictError: code ``stale``, when another request with this key won.
        """
        ...
