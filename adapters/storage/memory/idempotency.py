"""Idempotency keys in memory."""

from adapters.storage.errors import stale
from adapters.storage.memory.transaction import Transaction
from core.ports.repositories.idempotency import IdempotencyRecord


class MemoryIdempotency:
    """Keys by owner and operation."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, owner_id: str, operation: str, key: str) -> IdempotencyRecord | None:
        """Return the record of a key."""
        return self._transaction.read("idempotency").get((owner_id, operation, key))

    def add(self, record: IdempotencyRecord) -> None:
        """Store a record."""
        self._transaction.require(users=record.owner_id)
        if not self._transaction.add("idempotency", (record.owner_id, record.operation, record.key), record):
            raise stale("request")
