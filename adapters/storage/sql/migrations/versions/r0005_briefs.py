"""The pages of a brief, and the document itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("customer_order", sa.Column("brief_pages", JSON, server_default="[]", nullable=False))
    op.add_column("customer_order", sa.Column("brief_asset_id", KEY, nullable=True))
