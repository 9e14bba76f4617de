"""Triggers that refuse changes and removals in append-only tables."""

from sqlalchemy import DDL, MetaData, event

APPEND_ONLY = ("ledger_tx", "ledger_entry", "action_log", "image_version", "plan_revision")

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$
"""


def statements(dialect: str) -> list[str]:
    """Return the statements that create the triggers on a database (``sqlite`` or ``postgresql``)."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for change in ("UPDATE", "DELETE")
        ]
    rows = "CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE ON {0} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    whole = "CREATE TRIGGER {0}_no_truncate BEFORE TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    return [POSTGRES_FUNCTION, *(form.format(table) for table in APPEND_ONLY for form in (rows, whole))]


def attach(metadata: MetaData) -> None:
    """Let ``metadata.create_all`` create the triggers too."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(dialect):
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy left DDL untyped
            event.listen(metadata, "after_create", ddl)
