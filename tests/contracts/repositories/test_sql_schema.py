"""The schema: migrations lead to the tables of the program, and append-only tables refuse changes."""

import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from adapters.storage.sql import Database, migrations
from adapters.storage.sql.migrations import upgrading
from adapters.storage.sql.tables import metadata
from adapters.storage.sql.tables.triggers import APPEND_ONLY
from core.errors import ProviderError, ProviderUnavailableError
from tests.factories import Seed, make_log_entry, make_revision, make_version
from tests.support import databases

CATALOGUE = """
SELECT 'column', table_name, column_name,
       concat_ws(' ', data_type, collation_name, is_nullable, column_default, character_maximum_length)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', '', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def schema(connection: Connection) -> set[Any]:
    """Describe everything in a database but Alembic's own table."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(text(CATALOGUE)).all()
        return {tuple(row) for row in rows if "alembic_version" not in str(row)}
    rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
    return {
        (kind, name, frozenset(parts(sql or "")))
        for kind, name, sql in rows
        if "alembic" not in name and not name.startswith("sqlite_autoindex")
    }


def parts(statement: str) -> list[str]:
    """Split a statement at the commas outside of inner brackets: columns and constraints may come in any order."""
    head, _, body = " ".join(statement.split()).partition("(")
    found, depth = [""], 0
    for letter in body.strip().removesuffix(")"):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [head.strip(), *(part.strip() for part in found)]


def test_migrating_leads_to_the_tables_of_the_program(sql_url: str) -> None:
    with databases.opened(sql_url) as database, database.connect() as connection:
        migrated = schema(connection)
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        metadata.create_all(connection)
        created = schema(connection)
        connection.commit()
        metadata.drop_all(connection)
        connection.commit()
    assert migrations.current(sql_url) is None
    assert migrated == created
    assert len(created) > 50
    migrations.upgrade(sql_url)
    with databases.opened(sql_url) as database, database.connect() as connection:
        assert schema(connection) == created


def test_a_missing_index_is_seen(sqlite_database: Database) -> None:
    """The comparison above can fail."""
    with sqlite_database.connect() as connection:
        before = schema(connection)
        connection.execute(text("DROP INDEX ix_hold_open"))
        assert schema(connection) != before


def test_every_foreign_key_has_an_index(sqlite_database: Database) -> None:
    with sqlite_database.connect() as connection:
        look = inspect(connection)
        for table in metadata.sorted_tables:
            leading = {tuple(i["column_names"][:1]) for i in look.get_indexes(table.name)}
            leading |= {tuple(u["column_names"][:1]) for u in look.get_unique_constraints(table.name)}
            leading.add(tuple(look.get_pk_constraint(table.name)["constrained_columns"][:1]))
            for key in look.get_foreign_keys(table.name):
                assert tuple(key["constrained_columns"]) in leading, f"{table.name}: {key['constrained_columns']}"


def test_the_version_is_known_and_alembic_stays_unloaded(sql_url: str, tmp_path: Path) -> None:
    assert migrations.current(sql_url) == migrations.HEAD
    assert migrations.is_current(sql_url)
    assert not migrations.upgrade(sql_url)
    assert ScriptDirectory.from_config(upgrading.configuration()).get_heads() == [migrations.HEAD]
    program = (
        "import sys; from adapters.storage.sql.migrations import is_current, upgrade;"
        "url = sys.argv[1]; print(is_current(url), upgrade(url), 'alembic' in sys.modules)"
    )
    done = run([sys.executable, "-c", program, sql_url], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path / "100%" / "new folder" / "i2i.db")
    assert migrations.current(url) is None
    assert not (tmp_path / "100%").exists(), "asking makes nothing"
    assert migrations.upgrade(url)
    assert migrations.is_current(url)
    with databases.opened(url) as database, database.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_two_processes_migrate_one_after_the_other(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = databases.sqlite_url(tmp_path / "i2i.db")
    program = "import sys; from adapters.storage.sql.migrations import upgrade; print(upgrade(sys.argv[1]))"

    def migrate(_: int) -> str:
        return run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True).stdout.strip()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(migrate, range(3))) == ["False", "False", "True"]


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    url = databases.sqlite_url(tmp_path / "i2i.db")
    create = Operations.create_table

    def fail_late(self: Operations, name: str, *columns: Any, **options: Any) -> Any:
        if name == "hold":
            raise OSError("the power went off")
        return create(self, name, *columns, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", fail_late)
        with pytest.raises(OSError, match="power"):
            migrations.upgrade(url)
    with databases.opened(url) as database, database.connect() as connection:
        assert schema(connection) == set()
    assert migrations.upgrade(url)


def test_a_database_of_a_later_version_is_left_alone(sql_url: str) -> None:
    with databases.opened(sql_url) as database, database.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
        try:
            with pytest.raises(ProviderError) as refused:
                migrations.upgrade(sql_url)
            assert refused.value.code == "storage_too_new"
        finally:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.HEAD})
            connection.commit()


def test_a_database_that_was_never_set_up_says_what_to_do(tmp_path: Path) -> None:
    with databases.opened(databases.sqlite_url(tmp_path / "i2i.db")) as database, database.new_reading() as work:
        with pytest.raises(ProviderError, match="i2i db upgrade") as refused:
            work.users.list()
        assert refused.value.code == "storage_not_ready"


@pytest.fixture
def full(sql_database: Database) -> Database:
    """Return a database with a row in every append-only table."""
    with sql_database.new_work() as work:
        seed = Seed(work)
        order = seed.order()
        image = seed.image(order)
        run_, _ = seed.run(image)
        work.images.add_version(make_version(image, run_.id))
        work.plans.add(make_revision(order.id))
        work.log.add(make_log_entry(order.id))
        seed.account(10)
        work.commit()
    return sql_database


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_refuse_changes(full: Database, table: str) -> None:
    column = next(iter(metadata.tables[table].columns)).name
    changes = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    if full.engine.dialect.name == "postgresql":
        changes.append(f"TRUNCATE {table} CASCADE")
    for change in changes:
        with full.connect() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() >= 1
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(change))


def test_other_tables_accept_changes(full: Database) -> None:
    """The test above refuses because of the triggers, not because of its statements."""
    with full.connect() as connection:
        assert connection.execute(text("UPDATE customer_order SET id = id")).rowcount == 1
        assert connection.execute(text("DELETE FROM event")).rowcount == 0


def test_a_lost_server_is_reported_as_such() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    with databases.opened(url) as database:
        for new in (database.new_work, database.new_reading):
            with pytest.raises(ProviderUnavailableError) as refused, new():
                pass
            assert refused.value.code == "storage_unavailable"
    with pytest.raises(ProviderUnavailableError):
        migrations.upgrade(url)
