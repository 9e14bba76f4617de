"""Lists of orders by every column, kept sums, and the removal of what lay in the bin for long."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
LIVE = "status <> 'deleted'"
SORTS = {
    "created": ["created_at", "id", "name_folded"],
    "name": ["name_folded", "id", "created_at"],
    "images": ["image_count", "id", "created_at", "name_folded"],
    "size": ["total_bytes", "id", "created_at", "name_folded"],
}
HISTORIES = ("action_log", "image_version", "plan_revision")
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS > 0 THEN
        IF EXISTS (SELECT 1 FROM customer_order WHERE id = OLD.order_id AND status = 'deleted') THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$
"""
IS_KEPT = "NOT EXISTS (SELECT 1 FROM customer_order WHERE id = OLD.order_id AND status = 'deleted')"
COVERS = """
UPDATE customer_order SET cover_image_id = (
    SELECT id FROM order_image WHERE order_id = customer_order.id ORDER BY position LIMIT 1
)
"""
TOTALS = """
INSERT INTO order_total (owner_id, status, orders, images, bytes, busy, finished, failed)
SELECT o.owner_id, o.status, count(*), sum(o.image_count), sum(o.total_bytes),
    coalesce(sum(p.busy), 0), coalesce(sum(p.finished), 0), coalesce(sum(p.failed), 0)
FROM customer_order o LEFT JOIN (
    SELECT order_id,
        sum(CASE WHEN status IN ('queued', 'processing') THEN 1 ELSE 0 END) AS busy,
        sum(CASE WHEN status IN ('completed', 'needs_retouch', 'approved') THEN 1 ELSE 0 END) AS finished,
        sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed
    FROM order_image GROUP BY order_id
) p ON p.order_id = o.id
GROUP BY o.owner_id, o.status
"""
SPENT = """
UPDATE credit_account SET spent = coalesce((
    SELECT -sum(e.amount) FROM ledger_entry e JOIN ledger_entry c ON c.tx_id = e.tx_id
    WHERE e.account_id = credit_account.id AND c.account_id = 'system:consumed'
), 0)
"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    sort_orders(is_postgresql=is_postgresql)
    binned = sa.text("status = 'deleted'")
    op.create_index(
        "ix_customer_order_deleted", "customer_order", ["deleted_at"], sqlite_where=binned, postgresql_where=binned
    )
    op.add_column("customer_order", sa.Column("cover_image_id", KEY, nullable=True))
    op.execute(COVERS)
    keep_totals()
    op.add_column("credit_account", sa.Column("spent", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute(SPENT)
    held = sa.text("state = 'held'")
    op.create_index("ix_hold_held", "hold", ["account_id"], sqlite_where=held, postgresql_where=held)
    if is_postgresql:
        let_histories_go_on_postgresql()
    else:
        let_histories_go_on_sqlite()


def sort_orders(*, is_postgresql: bool) -> None:
    for name in ("live", "by_status", "totals"):
        op.drop_index(f"ix_customer_order_{name}", "customer_order")
    if is_postgresql:
        # Lists sorted by name come in the order of code points, as on SQLite.
        op.alter_column("customer_order", "name_folded", type_=sa.Text(collation="C"))
    for sort, columns in SORTS.items():
        op.create_index(
            f"ix_customer_order_live_{sort}",
            "customer_order",
            ["owner_id", *columns],
            sqlite_where=sa.text(LIVE),
            postgresql_where=sa.text(LIVE),
        )
        op.create_index(f"ix_customer_order_status_{sort}", "customer_order", ["owner_id", "status", *columns])


def keep_totals() -> None:
    op.create_table(
        "order_total",
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("images", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("busy", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_order_total_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "status", name=op.f("pk_order_total")),
    )
    op.execute(TOTALS)


def let_histories_go_on_sqlite() -> None:
    for table in HISTORIES:
        op.execute(f"DROP TRIGGER {table}_no_delete")
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {IS_KEPT} {refuse}")


def let_histories_go_on_postgresql() -> None:
    op.execute(REFUSE)
    for table in HISTORIES:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change('order')"
        )
