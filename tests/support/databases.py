"""Databases for contract and fault tests: in memory, a SQLite file, PostgreSQL; each test finds them empty."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from adapters.storage.memory import MemoryDatabase
from adapters.storage.sql import Database, open_database
from adapters.storage.sql.migrations import upgrade
from adapters.storage.sql.tables import metadata

AnyDatabase = MemoryDatabase | Database


def sqlite_url(path: Path) -> str:
    """Return the URL of a file."""
    return f"sqlite:///{path}"


def copy_template(template: Path, folder: Path) -> str:
    """Copy a migrated database file, which is much faster than migrating another, and return its URL."""
    target = folder / "i2i.db"
    shutil.copy(template, target)
    return sqlite_url(target)


def migrated_file(folder: Path) -> Path:
    """Return a migrated database file to copy."""
    path = folder / "template.db"
    upgrade(sqlite_url(path))
    return path


def empty(url: str) -> None:
    """Remove all rows of a PostgreSQL database; only a superuser can pass the triggers that refuse it."""
    upgrade(url)
    with opened(url) as database, database.connect() as connection:
        deletions = "; ".join(f"DELETE FROM {table.name}" for table in metadata.sorted_tables)
        connection.execute(text(f"SET LOCAL session_replication_role = replica; {deletions}"))
        connection.commit()


@contextmanager
def opened(url: str, *, lock_seconds: float = 5.0) -> Iterator[Database]:
    """Open a database and close its connections at the end."""
    database = open_database(url, lock_seconds=lock_seconds)
    try:
        yield database
    finally:
        database.close()
