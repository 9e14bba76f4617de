"""Triggers that refuse changes and removals in append-only tables."""

from sqlalchemy import DDL, MetaData, event

APPEND_ONLY = ("ledger_tx", "ledger_entry", "action_log", "image_version", "plan_revision")
# What belongs to an order may go together with it, once it lies in the bin.
HISTORIES = frozenset({"action_log", "image_version", "plan_revision"})

POSTGRES_FUNCTION = """
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


def statements(dialect: str) -> list[str]:
    """Return the statements that create the triggers on a database (``sqlite`` or ``postgresql``)."""
    each = _on_sqlite if dialect == "sqlite" else _on_postgresql
    return [*([] if dialect == "sqlite" else [POSTGRES_FUNCTION]), *(s for table in APPEND_ONLY for s in each(table))]


def _on_sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    kept = "WHEN NOT EXISTS (SELECT 1 FROM customer_order WHERE id = OLD.order_id AND status = 'deleted') "
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {kept if table in HISTORIES else ''}{refuse}",
    ]


def _on_postgresql(table: str) -> list[str]:
    argument = "'order'" if table in HISTORIES else ""
    rows = f"{table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
    whole = f"{table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
    return [
        f"CREATE TRIGGER {rows} EXECUTE FUNCTION refuse_change({argument})",
        f"CREATE TRIGGER {whole} EXECUTE FUNCTION refuse_change()",
    ]


def attach(metadata: MetaData) -> None:
    """Let ``metadata.create_all`` create the triggers too."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(dialect):
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy left DDL untyped
            event.listen(metadata, "after_create", ddl)
