"""Conversations about orders, and who wrote the summary of an order when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("customer_order", sa.Column("summary_by", sa.Text(), server_default="", nullable=False))
    op.add_column("customer_order", sa.Column("summary_at", MOMENT, nullable=True))
    create_conversation()
    create_conversation_message()


def create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_conversation_owner_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_conversation_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("order_id", "kind", name=op.f("uq_conversation_order_id_kind")),
    )
    op.create_index(op.f("ix_conversation_owner_id"), "conversation", ["owner_id"])


def create_conversation_message() -> None:
    op.create_table(
        "conversation_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_message_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_message")),
        sa.UniqueConstraint(
            "conversation_id", "sequence", name=op.f("uq_conversation_message_conversation_id_sequence")
        ),
    )
