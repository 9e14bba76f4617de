"""Runs and their items, which are the jobs."""

from sqlalchemy import CheckConstraint, Column, Index, Table, UniqueConstraint, text

from adapters.storage.sql.columns import Count, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

run = Table(
    "run",
    metadata,
    Column("id", Key, primary_key=True),
    reference("order_id", "customer_order.id"),
    Column("kind", Key, nullable=False),
    Column("requested_by", Words, nullable=False),
    Column("price_version", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("open_items", Count, nullable=False),
    Column("done_items", Count, nullable=False),
    Column("failed_items", Count, nullable=False),
    Column("state", Key, nullable=False),
    Column("finished_at", Moment),
    CheckConstraint("open_items >= 0", name="open_items"),
    Index("ix_run_order_id_created_at_id", "order_id", "created_at", "id"),
)

run_item = Table(
    "run_item",
    metadata,
    Column("id", Key, primary_key=True),
    reference("run_id", "run.id"),
    Column("position", Count, nullable=False),
    reference("order_id", "customer_order.id", index=True),
    reference("image_id", "order_image.id", index=True),
    Column("base_version", Count, nullable=False),
    Column("plan_revision", Count, nullable=False),
    Column("hold_id", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("available_at", Moment, nullable=False),
    Column("instruction", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("attempts", Count, nullable=False),
    Column("lease_until", Moment),
    Column("fence", Count, nullable=False),
    Column("last_error", Words, nullable=False),
    UniqueConstraint("run_id", "position"),
    # Only work that has not ended: the search for something to do stays small however long the history is.
    Index(
        "ix_run_item_open",
        "created_at",
        "run_id",
        "position",
        sqlite_where=text("state IN ('queued', 'running')"),
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
)
