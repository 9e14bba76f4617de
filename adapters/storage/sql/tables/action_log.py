"""The action log."""

from sqlalchemy import Column, Index, Table, UniqueConstraint

from adapters.storage.sql.columns import Count, Json, Key, Moment, RowId, Words
from adapters.storage.sql.tables.base import metadata, reference

# Pictures and runs are named without a foreign key: the history outlives what it tells about.
action_log = Table(
    "action_log",
    metadata,
    Column("row_id", RowId, primary_key=True),
    Column("id", Key, nullable=False),
    reference("order_id", "customer_order.id"),
    Column("type", Key, nullable=False),
    Column("message", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Words, nullable=False),
    Column("image_id", Key),
    Column("run_id", Key),
    Column("version", Count),
    Column("prompt", Words, nullable=False),
    Column("model", Words, nullable=False),
    Column("duration_ms", Count),
    Column("data", Json, nullable=False),
    UniqueConstraint("id"),
    Index("ix_action_log_order_id_at_row_id", "order_id", "at", "row_id"),
)
