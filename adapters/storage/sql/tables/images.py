"""Pictures and their versions."""

from sqlalchemy import CheckConstraint, Column, Float, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from adapters.storage.sql.columns import Count, Json, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

order_image = Table(
    "order_image",
    metadata,
    Column("id", Key, primary_key=True),
    reference("order_id", "customer_order.id"),
    Column("position", Count, nullable=False),
    Column("original_name", Words, nullable=False),
    reference("asset_id", "asset.id", index=True),
    Column("bytes", Count, nullable=False),
    Column("sha256", Key, nullable=False),
    Column("format", Key, nullable=False),
    Column("width", Count, nullable=False),
    Column("height", Count, nullable=False),
    Column("status", Key, nullable=False),
    Column("latest_version", Count, nullable=False),
    Column("approved_version", Count),
    Column("resume_status", Key),
    Column("failure_code", Key),
    Column("failure_message", Words),
    Column("note", Words, nullable=False),
    Column("tags", Json, nullable=False, server_default="[]"),
    Column("row_version", Count, nullable=False),
    UniqueConstraint("order_id", "position"),
    Index("ix_order_image_order_id_status", "order_id", "status"),
)

image_version = Table(
    "image_version",
    metadata,
    reference("image_id", "order_image.id"),
    Column("number", Count, nullable=False),
    reference("order_id", "customer_order.id", index=True),
    Column("base_version", Count, nullable=False),
    reference("run_id", "run.id", index=True),
    Column("plan_revision", Count, nullable=False),
    Column("files", Json, nullable=False),
    Column("flags", Json, nullable=False),
    Column("confidence", Float(53)),
    Column("engine", Words, nullable=False),
    Column("duration_ms", Count, nullable=False),
    Column("credits", Count, nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("image_id", "number"),
    CheckConstraint("number > base_version AND base_version >= 0", name="number"),
)
