"""Events: the outbox and the live feed."""

from sqlalchemy import Column, Index, Table, UniqueConstraint, text

from adapters.storage.sql.columns import Count, Json, Key, Moment, RowId
from adapters.storage.sql.tables.base import metadata

# Its row is locked while a transaction numbers its events, so that numbers appear in the order of commits.
event_topic = Table(
    "event_topic", metadata, Column("topic", Key, primary_key=True), Column("last", Count, nullable=False)
)

event = Table(
    "event",
    metadata,
    Column("row_id", RowId, primary_key=True),
    Column("topic", Key, nullable=False),
    Column("sequence", Count, nullable=False),
    Column("name", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", Json, nullable=False),
    Column("dispatched_at", Moment),
    UniqueConstraint("topic", "sequence"),
    Index(
        "ix_event_pending",
        "row_id",
        sqlite_where=text("dispatched_at IS NULL"),
        postgresql_where=text("dispatched_at IS NULL"),
    ),
)
