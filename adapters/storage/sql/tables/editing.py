"""Plan revisions and recipes."""

from sqlalchemy import Column, PrimaryKeyConstraint, Table, UniqueConstraint

from adapters.storage.sql.columns import Count, Json, Key, Moment
from adapters.storage.sql.tables.base import metadata, reference

plan_revision = Table(
    "plan_revision",
    metadata,
    reference("order_id", "customer_order.id"),
    Column("number", Count, nullable=False),
    Column("document", Json, nullable=False),
    Column("origin", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("order_id", "number"),
)

recipe = Table(
    "recipe",
    metadata,
    Column("id", Key, primary_key=True),
    reference("owner_id", "app_user.id"),
    Column("name", Key, nullable=False),
    Column("document", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("owner_id", "name"),
)
