"""Conversations and their messages."""

from sqlalchemy import Column, Table, UniqueConstraint

from adapters.storage.sql.columns import Count, Json, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

conversation = Table(
    "conversation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Key, nullable=False),
    reference("owner_id", "app_user.id", index=True),
    reference("order_id", "customer_order.id"),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("order_id", "kind"),
)

conversation_message = Table(
    "conversation_message",
    metadata,
    Column("id", Key, primary_key=True),
    reference("conversation_id", "conversation.id"),
    Column("sequence", Count, nullable=False),
    Column("author", Key, nullable=False),
    Column("state", Key, nullable=False),
    Column("by", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Column("blocks", Json, nullable=False),
    UniqueConstraint("conversation_id", "sequence"),
)
