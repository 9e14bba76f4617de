"""Users and API keys."""

from sqlalchemy import Boolean, Column, Table, UniqueConstraint

from adapters.storage.sql.columns import Count, Key, Moment, Words
from adapters.storage.sql.tables.base import metadata, reference

app_user = Table(
    "app_user",
    metadata,
    Column("id", Key, primary_key=True),
    Column("email", Key, nullable=False),
    Column("name", Words, nullable=False),
    Column("company_name", Words, nullable=False),
    Column("roles", Words, nullable=False),
    Column("status", Key, nullable=False),
    Column("email_verified_at", Moment),
    Column("is_unmetered", Boolean, nullable=False),
    Column("quota_bytes", Count),
    Column("created_at", Moment, nullable=False),
    Column("row_version", Count, nullable=False),
    UniqueConstraint("email"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Key, primary_key=True),
    reference("user_id", "app_user.id", index=True),
    Column("name", Words, nullable=False),
    Column("prefix", Words, nullable=False),
    Column("secret_hash", Key, nullable=False),
    Column("scopes", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
    UniqueConstraint("secret_hash"),
)
