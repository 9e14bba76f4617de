"""Idempotency keys in SQL."""

from sqlalchemy import bindparam, select

from adapters.storage.errors import stale
from adapters.storage.sql.session import Session, unique_insert
from adapters.storage.sql.tables.idempotency import idempotency_key
from core.ports.repositories.idempotency import IdempotencyRecord

_c = idempotency_key.c
_ADD = unique_insert(idempotency_key)
_ONE = select(idempotency_key).where(
    _c.owner_id == bindparam("owner_id"), _c.operation == bindparam("operation"), _c.key == bindparam("key")
)


class SqlIdempotency:
    """Keys by owner and operation."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, owner_id: str, operation: str, key: str) -> IdempotencyRecord | None:
        """Return the record of a key."""
        row = self._session.first(_ONE, {"owner_id": owner_id, "operation": operation, "key": key})
        if row is None:
            return None
        return IdempotencyRecord(
            owner_id=row.owner_id,
            operation=row.operation,
            key=row.key,
            payload_hash=row.payload_hash,
            result_id=row.result_id,
            created_at=row.created_at,
        )

    def add(self, record: IdempotencyRecord) -> None:
        """Store a record."""
        values = {
            "owner_id": record.owner_id,
            "operation": record.operation,
            "key": record.key,
            "payload_hash": record.payload_hash,
            "result_id": record.result_id,
            "created_at": record.created_at,
        }
        if not self._session.add(_ADD, values):
            raise stale("request")
