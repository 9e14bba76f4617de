"""Idempotency keys."""

from sqlalchemy import Column, PrimaryKeyConstraint, Table

from adapters.storage.sql.columns import Key, Moment
from adapters.storage.sql.tables.base import metadata, reference

idempotency_key = Table(
    "idempotency_key",
    metadata,
    reference("owner_id", "app_user.id"),
    Column("operation", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("payload_hash", Key, nullable=False),
    Column("result_id", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("owner_id", "operation", "key"),
)
