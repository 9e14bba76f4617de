"""Orders, and the sums over them."""

from sqlalchemy import Column, Index, Table, text

from adapters.storage.sql.columns import Count, Folded, Json, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

# Each list that can be asked for is read along one of these; names and dates at the end let a search read it alone.
SORTS = {
    "created": ("created_at", "id", "name_folded"),
    "name": ("name_folded", "id", "created_at"),
    "images": ("image_count", "id", "created_at", "name_folded"),
    "size": ("total_bytes", "id", "created_at", "name_folded"),
}
LIVE = text("status <> 'deleted'")


def _indexes() -> list[Index]:
    live = [
        Index(f"ix_customer_order_live_{sort}", "owner_id", *columns, sqlite_where=LIVE, postgresql_where=LIVE)
        for sort, columns in SORTS.items()
    ]
    return [
        *live,
        *(Index(f"ix_customer_order_status_{sort}", "owner_id", "status", *cols) for sort, cols in SORTS.items()),
    ]


customer_order = Table(
    "customer_order",
    metadata,
    Column("id", Key, primary_key=True),
    reference("owner_id", "app_user.id"),
    Column("name", Words, nullable=False),
    Column("name_folded", Folded, nullable=False),
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
    Column("cover_image_id", Key),
    Column("summary_by", Words, nullable=False, server_default=""),
    Column("summary_at", Moment),
    Column("brief_pages", Json, nullable=False, server_default="[]"),
    Column("brief_asset_id", Key),
    Index(
        "ix_customer_order_deleted",
        "deleted_at",
        sqlite_where=text("status = 'deleted'"),
        postgresql_where=text("status = 'deleted'"),
    ),
    Index("ix_customer_order_owner_id_status_completed_at_id", "owner_id", "status", "completed_at", "id"),
    *_indexes(),
)

# No constraint guards these: a statistic that is wrong must not stop anybody's work; the audit finds it.
order_total = Table(
    "order_total",
    metadata,
    reference("owner_id", "app_user.id", primary_key=True),
    Column("status", Key, primary_key=True),
    Column("orders", Count, nullable=False),
    Column("images", Count, nullable=False),
    Column("bytes", Count, nullable=False),
    Column("busy", Count, nullable=False),
    Column("finished", Count, nullable=False),
    Column("failed", Count, nullable=False),
)
