"""Orders."""

from sqlalchemy import Column, Index, Table, text

from adapters.storage.sql.columns import Count, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

customer_order = Table(
    "customer_order",
    metadata,
    Column("id", Key, primary_key=True),
    reference("owner_id", "app_user.id"),
    Column("name", Words, nullable=False),
    Column("name_folded", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("status", Key, nullable=False),
    Column("plan_revision", Count, nullable=False),
    Column("quoted", Count, nullable=False),
    Column("image_count", Count, nullable=False),
    Column("total_bytes", Count, nullable=False),
    Column("started_at", Moment),
    Column("completed_at", Moment),
    Column("deleted_at", Moment),
    Column("deleted_from", Key),
    Column("row_version", Count, nullable=False),
    # Long texts come last: SQLite reads a row from its start, and a filter must not walk through them.
    Column("brief_name", Words, nullable=False),
    Column("instruction", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("brief_text", Words, nullable=False),
    # The name is at the end of two indexes so that a search for words reads them alone.
    Index("ix_customer_order_by_status", "owner_id", "status", "created_at", "id", "name_folded"),
    Index("ix_customer_order_owner_id_status_completed_at_id", "owner_id", "status", "completed_at", "id"),
    Index("ix_customer_order_totals", "owner_id", "status", "image_count", "total_bytes"),
    Index(
        "ix_customer_order_live",
        "owner_id",
        "created_at",
        "id",
        "name_folded",
        sqlite_where=text("status <> 'deleted'"),
        postgresql_where=text("status <> 'deleted'"),
    ),
)
