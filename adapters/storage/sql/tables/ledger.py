"""The credit ledger; the checks hold whatever a program does."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from adapters.storage.sql.columns import Count, Key, Moment, RowId, Words
from adapters.storage.sql.tables.base import metadata, reference

credit_account = Table(
    "credit_account",
    metadata,
    Column("id", Key, primary_key=True),
    reference("owner_id", "app_user.id"),
    Column("is_unmetered", Boolean, nullable=False),
    Column("posted", Count, nullable=False),
    Column("held", Count, nullable=False),
    Column("version", Count, nullable=False),
    Column("spent", Count, nullable=False, server_default=text("0")),
    UniqueConstraint("owner_id"),
    CheckConstraint("0 <= held AND held <= posted", name="held"),
)

credit_lot = Table(
    "credit_lot",
    metadata,
    Column("id", Key, primary_key=True),
    reference("account_id", "credit_account.id", index=True),
    Column("source", Key, nullable=False),
    Column("granted", Count, nullable=False),
    Column("remaining", Count, nullable=False),
    Column("held", Count, nullable=False),
    Column("priority", Count, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("origin_key", Key, nullable=False),
    UniqueConstraint("origin_key"),
    CheckConstraint("0 <= held AND held <= remaining AND remaining <= granted", name="held"),
    Index(
        "ix_credit_lot_unspent",
        "account_id",
        sqlite_where=text("remaining > 0"),
        postgresql_where=text("remaining > 0"),
    ),
    Index(
        "ix_credit_lot_expiring",
        "expires_at",
        "account_id",
        sqlite_where=text("remaining > held"),
        postgresql_where=text("remaining > held"),
    ),
)

ledger_tx = Table(
    "ledger_tx",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("idempotency_key", Key, nullable=False),
    Column("payload_hash", Key, nullable=False),
    Column("actor", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("ref_type", Key, nullable=False),
    Column("ref_id", Key, nullable=False),
    reference("reverses", "ledger_tx.id", nullable=True),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("idempotency_key"),
    UniqueConstraint("reverses"),
)

# No foreign key on the account: the counter-accounts of the system have no row that everyone would have to lock.
ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("row_id", RowId, primary_key=True),
    reference("tx_id", "ledger_tx.id", index=True),
    Column("account_id", Key, nullable=False),
    reference("lot_id", "credit_lot.id", nullable=True, index=True),
    Column("amount", Count, nullable=False),
    Column("seq", Count),
    Column("balance_after", Count),
    UniqueConstraint("account_id", "seq"),
    CheckConstraint("amount <> 0", name="amount"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Key, primary_key=True),
    reference("account_id", "credit_account.id", index=True),
    Column("ref_type", Key, nullable=False),
    Column("ref_id", Key, nullable=False),
    Column("operation", Key, nullable=False),
    Column("price_version", Words, nullable=False),
    Column("unit_price", Count, nullable=False),
    Column("amount", Count, nullable=False),
    Column("state", Key, nullable=False),
    Column("captured_amount", Count, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    UniqueConstraint("ref_type", "ref_id"),
    CheckConstraint("amount > 0 AND 0 <= captured_amount AND captured_amount <= amount", name="amount"),
    CheckConstraint("state IN ('held', 'captured', 'released', 'expired')", name="state"),
    Index(
        "ix_hold_held",
        "account_id",
        sqlite_where=text("state = 'held'"),
        postgresql_where=text("state = 'held'"),
    ),
    Index(
        "ix_hold_open",
        "expires_at",
        sqlite_where=text("state = 'held'"),
        postgresql_where=text("state = 'held'"),
    ),
)

hold_allocation = Table(
    "hold_allocation",
    metadata,
    reference("hold_id", "hold.id"),
    Column("position", Count, nullable=False),
    reference("lot_id", "credit_lot.id", index=True),
    Column("amount", Count, nullable=False),
    PrimaryKeyConstraint("hold_id", "position"),
    CheckConstraint("amount > 0", name="amount"),
)
