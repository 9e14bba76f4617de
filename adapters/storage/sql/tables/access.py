"""Passwords, sessions, one-time tokens and spent proofs."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, UniqueConstraint

from adapters.storage.sql.columns import Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

credential = Table(
    "credential",
    metadata,
    Column("user_id", Key, ForeignKey("app_user.id"), primary_key=True),
    Column("password_hash", Words, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id", Key, primary_key=True),
    reference("user_id", "app_user.id", index=True),
    Column("secret_hash", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("is_remembered", Boolean, nullable=False),
    Column("user_agent", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("revoked_at", Moment),
    UniqueConstraint("secret_hash"),
)

one_time_token = Table(
    "one_time_token",
    metadata,
    Column("id", Key, primary_key=True),
    reference("user_id", "app_user.id"),
    Column("purpose", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_one_time_token_user_id_purpose", "user_id", "purpose"),
)

spent_proof = Table(
    "spent_proof",
    metadata,
    Column("key", Key, primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)
