"""Stored files."""

from sqlalchemy import Column, Index, Table

from adapters.storage.sql.columns import Count, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

asset = Table(
    "asset",
    metadata,
    Column("id", Key, primary_key=True),
    reference("owner_id", "app_user.id"),
    Column("purpose", Key, nullable=False),
    Column("format", Key, nullable=False),
    Column("bytes", Count, nullable=False),
    Column("width", Count, nullable=False),
    Column("height", Count, nullable=False),
    Column("sha256", Key, nullable=False),
    Column("storage_key", Key, nullable=False),
    Column("original_name", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    # Holds all that the sum of stored bytes needs, so that the table itself is not read.
    Index("ix_asset_owner_id_state_bytes", "owner_id", "state", "bytes"),
    Index("ix_asset_storage_key_state", "storage_key", "state"),
    Index("ix_asset_state_created_at_id", "state", "created_at", "id"),
)
