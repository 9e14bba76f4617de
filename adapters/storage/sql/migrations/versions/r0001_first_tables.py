"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

APPEND_ONLY = ("ledger_tx", "ledger_entry", "action_log", "image_version", "plan_revision")
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$
"""


def upgrade() -> None:
    create_app_user()
    create_api_key()
    create_asset()
    create_customer_order()
    create_order_image()
    create_plan_revision()
    create_recipe()
    create_run()
    create_run_item()
    create_image_version()
    create_action_log()
    create_event_topic()
    create_event()
    create_idempotency_key()
    create_credit_account()
    create_credit_lot()
    create_ledger_tx()
    create_ledger_entry()
    create_hold()
    create_hold_allocation()
    if op.get_bind().dialect.name == "sqlite":
        refuse_changes_on_sqlite()
    else:
        refuse_changes_on_postgresql()


def create_app_user() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("email_verified_at", MOMENT, nullable=True),
        sa.Column("is_unmetered", sa.Boolean(), nullable=False),
        sa.Column("quota_bytes", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
    )


def create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", KEY, nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_api_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_index(op.f("ix_api_key_user_id"), "api_key", ["user_id"])


def create_asset() -> None:
    op.create_table(
        "asset",
        sa.Column("id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("purpose", KEY, nullable=False),
        sa.Column("format", KEY, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("storage_key", KEY, nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_asset_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    op.create_index("ix_asset_owner_id_state_bytes", "asset", ["owner_id", "state", "bytes"])
    op.create_index("ix_asset_state_created_at_id", "asset", ["state", "created_at", "id"])
    op.create_index("ix_asset_storage_key_state", "asset", ["storage_key", "state"])


def create_customer_order() -> None:
    op.create_table(
        "customer_order",
        sa.Column("id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("plan_revision", sa.BigInteger(), nullable=False),
        sa.Column("quoted", sa.BigInteger(), nullable=False),
        sa.Column("image_count", sa.BigInteger(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("deleted_from", KEY, nullable=True),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("brief_name", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("brief_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_customer_order_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
    )
    op.create_index(
        "ix_customer_order_live",
        "customer_order",
        ["owner_id", "created_at", "id", "name_folded"],
        sqlite_where=sa.text("status <> 'deleted'"),
        postgresql_where=sa.text("status <> 'deleted'"),
    )
    op.create_index(
        "ix_customer_order_owner_id_status_completed_at_id",
        "customer_order",
        ["owner_id", "status", "completed_at", "id"],
    )
    op.create_index(
        "ix_customer_order_by_status", "customer_order", ["owner_id", "status", "created_at", "id", "name_folded"]
    )
    op.create_index("ix_customer_order_totals", "customer_order", ["owner_id", "status", "image_count", "total_bytes"])


def create_order_image() -> None:
    op.create_table(
        "order_image",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("asset_id", KEY, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("format", KEY, nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("latest_version", sa.BigInteger(), nullable=False),
        sa.Column("approved_version", sa.BigInteger(), nullable=True),
        sa.Column("resume_status", KEY, nullable=True),
        sa.Column("failure_code", KEY, nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_order_image_asset_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_image_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_image")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_image_order_id_position")),
    )
    op.create_index(op.f("ix_order_image_asset_id"), "order_image", ["asset_id"])
    op.create_index("ix_order_image_order_id_status", "order_image", ["order_id", "status"])


def create_plan_revision() -> None:
    op.create_table(
        "plan_revision",
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_plan_revision_order_id")),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_plan_revision")),
    )


def create_recipe() -> None:
    op.create_table(
        "recipe",
        sa.Column("id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_recipe_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipe")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_recipe_owner_id_name")),
    )


def create_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("price_version", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("open_items", sa.BigInteger(), nullable=False),
        sa.Column("done_items", sa.BigInteger(), nullable=False),
        sa.Column("failed_items", sa.BigInteger(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("open_items >= 0", name=op.f("ck_run_open_items")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_run_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_order_id_created_at_id", "run", ["order_id", "created_at", "id"])


def create_run_item() -> None:
    op.create_table(
        "run_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("image_id", KEY, nullable=False),
        sa.Column("base_version", sa.BigInteger(), nullable=False),
        sa.Column("plan_revision", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("available_at", MOMENT, nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["order_image.id"], name=op.f("fk_run_item_image_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_run_item_order_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_item_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_item")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_run_item_run_id_position")),
    )
    op.create_index(op.f("ix_run_item_image_id"), "run_item", ["image_id"])
    op.create_index(
        "ix_run_item_open",
        "run_item",
        ["created_at", "run_id", "position"],
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(op.f("ix_run_item_order_id"), "run_item", ["order_id"])


def create_image_version() -> None:
    op.create_table(
        "image_version",
        sa.Column("image_id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("base_version", sa.BigInteger(), nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("plan_revision", sa.BigInteger(), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=True),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("number > base_version AND base_version >= 0", name=op.f("ck_image_version_number")),
        sa.ForeignKeyConstraint(["image_id"], ["order_image.id"], name=op.f("fk_image_version_image_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_image_version_order_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_image_version_run_id")),
        sa.PrimaryKeyConstraint("image_id", "number", name=op.f("pk_image_version")),
    )
    op.create_index(op.f("ix_image_version_order_id"), "image_version", ["order_id"])
    op.create_index(op.f("ix_image_version_run_id"), "image_version", ["run_id"])


def create_action_log() -> None:
    op.create_table(
        "action_log",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("type", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("image_id", KEY, nullable=True),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_action_log_order_id")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_action_log")),
        sa.UniqueConstraint("id", name=op.f("uq_action_log_id")),
    )
    op.create_index("ix_action_log_order_id_at_row_id", "action_log", ["order_id", "at", "row_id"])


def create_event_topic() -> None:
    op.create_table(
        "event_topic",
        sa.Column("topic", KEY, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_event_topic")),
    )


def create_event() -> None:
    op.create_table(
        "event",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("dispatched_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_event")),
        sa.UniqueConstraint("topic", "sequence", name=op.f("uq_event_topic_sequence")),
    )
    op.create_index(
        "ix_event_pending",
        "event",
        ["row_id"],
        sqlite_where=sa.text("dispatched_at IS NULL"),
        postgresql_where=sa.text("dispatched_at IS NULL"),
    )


def create_idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("operation", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("payload_hash", KEY, nullable=False),
        sa.Column("result_id", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_idempotency_key_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "operation", "key", name=op.f("pk_idempotency_key")),
    )


def create_credit_account() -> None:
    op.create_table(
        "credit_account",
        sa.Column("id", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("is_unmetered", sa.Boolean(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("0 <= held AND held <= posted", name=op.f("ck_credit_account_held")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_credit_account_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_account")),
        sa.UniqueConstraint("owner_id", name=op.f("uq_credit_account_owner_id")),
    )


def create_credit_lot() -> None:
    op.create_table(
        "credit_lot",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("origin_key", KEY, nullable=False),
        sa.CheckConstraint("0 <= held AND held <= remaining AND remaining <= granted", name=op.f("ck_credit_lot_held")),
        sa.ForeignKeyConstraint(["account_id"], ["credit_account.id"], name=op.f("fk_credit_lot_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_lot")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_credit_lot_origin_key")),
    )
    op.create_index(op.f("ix_credit_lot_account_id"), "credit_lot", ["account_id"])
    op.create_index(
        "ix_credit_lot_expiring",
        "credit_lot",
        ["expires_at", "account_id"],
        sqlite_where=sa.text("remaining > held"),
        postgresql_where=sa.text("remaining > held"),
    )
    op.create_index(
        "ix_credit_lot_unspent",
        "credit_lot",
        ["account_id"],
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )


def create_ledger_tx() -> None:
    op.create_table(
        "ledger_tx",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("idempotency_key", KEY, nullable=False),
        sa.Column("payload_hash", KEY, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ref_type", KEY, nullable=False),
        sa.Column("ref_id", KEY, nullable=False),
        sa.Column("reverses", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reverses"], ["ledger_tx.id"], name=op.f("fk_ledger_tx_reverses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_tx")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ledger_tx_idempotency_key")),
        sa.UniqueConstraint("reverses", name=op.f("uq_ledger_tx_reverses")),
    )


def create_ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("tx_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("lot_id", KEY, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entry_amount")),
        sa.ForeignKeyConstraint(["lot_id"], ["credit_lot.id"], name=op.f("fk_ledger_entry_lot_id")),
        sa.ForeignKeyConstraint(["tx_id"], ["ledger_tx.id"], name=op.f("fk_ledger_entry_tx_id")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("account_id", "seq", name=op.f("uq_ledger_entry_account_id_seq")),
    )
    op.create_index(op.f("ix_ledger_entry_lot_id"), "ledger_entry", ["lot_id"])
    op.create_index(op.f("ix_ledger_entry_tx_id"), "ledger_entry", ["tx_id"])


def create_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("ref_type", KEY, nullable=False),
        sa.Column("ref_id", KEY, nullable=False),
        sa.Column("operation", KEY, nullable=False),
        sa.Column("price_version", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("captured_amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('held', 'captured', 'released', 'expired')", name=op.f("ck_hold_state")),
        sa.CheckConstraint(
            "amount > 0 AND 0 <= captured_amount AND captured_amount <= amount", name=op.f("ck_hold_amount")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["credit_account.id"], name=op.f("fk_hold_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("ref_type", "ref_id", name=op.f("uq_hold_ref_type_ref_id")),
    )
    op.create_index(op.f("ix_hold_account_id"), "hold", ["account_id"])
    op.create_index(
        "ix_hold_open",
        "hold",
        ["expires_at"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )


def create_hold_allocation() -> None:
    op.create_table(
        "hold_allocation",
        sa.Column("hold_id", KEY, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", KEY, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hold_allocation_amount")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_hold_allocation_hold_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["credit_lot.id"], name=op.f("fk_hold_allocation_lot_id")),
        sa.PrimaryKeyConstraint("hold_id", "position", name=op.f("pk_hold_allocation")),
    )
    op.create_index(op.f("ix_hold_allocation_lot_id"), "hold_allocation", ["lot_id"])


def refuse_changes_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def refuse_changes_on_postgresql() -> None:
    op.execute(REFUSE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
