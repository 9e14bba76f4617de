"""Programmatic migrations; no alembic.ini is needed at run time."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from adapters.storage.sql import sqlite
from adapters.storage.sql.engine import Database, open_database
from adapters.storage.sql.errors import translate
from adapters.storage.sql.session import Dialect
from core.errors import ProviderError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
LOCK_SECONDS = 60.0
# Any number that other programs do not take: two processes must not migrate one database at once.
ADVISORY_LOCK = 4_961_736_204

_VERSION = text("SELECT version_num FROM alembic_version")
_HAS_VERSION = {
    Dialect.SQLITE: text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"),
    Dialect.POSTGRESQL: text("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"),
}


def current(url: str) -> str | None:
    """Return the version of a database, None when it was never set up.

    Raises:
        ProviderUnavailableError: the database does not answer.
    """
    database = open_database(url)
    try:
        if _file_is_missing(database):
            return None
        with database.connect() as connection:
            return _version(connection, database.dialect)
    except DBAPIError as error:
        raise translate(error) from error
    finally:
        database.close()


def is_current(url: str) -> bool:
    """Tell whether a database fits this version of i2i."""
    return current(url) == HEAD


def upgrade(url: str) -> bool:
    """Bring a database up to date, in one transaction; create the file or the tables when there are none.

    Returns:
        Whether there was anything to do.

    Raises:
        ProviderError: code ``storage_too_new``, when a later version of i2i has used this database.
        ProviderUnavailableError: the database does not answer.
    """
    database = open_database(url, lock_seconds=LOCK_SECONDS)
    try:
        if database.dialect is Dialect.SQLITE:
            Path(str(database.engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
        with database.connect() as connection:
            known = _version(connection, database.dialect)
            connection.rollback()
            if known == HEAD:
                return False
            return _migrate(connection, database)
    except DBAPIError as error:
        raise translate(error) from error
    finally:
        database.close()


def configuration() -> "Config":
    """Return Alembic's configuration; also for those who write migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _migrate(connection: Connection, database: Database) -> bool:
    from alembic import command
    from alembic.util.exc import CommandError

    with connection.begin():
        if database.dialect is Dialect.SQLITE:
            sqlite.begin_writing(connection, time.monotonic() + LOCK_SECONDS)
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        known = _version(connection, database.dialect)
        if known == HEAD:  # another process was faster
            return False
        config = configuration()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ProviderError(
                f"The database has version {known}, which this i2i does not know; use a later i2i.",
                code="storage_too_new",
                details={"version": known, "known": HEAD},
            ) from error
    return True


def _version(connection: Connection, dialect: Dialect) -> str | None:
    if connection.execute(_HAS_VERSION[dialect]).first() is None:
        return None
    row = connection.execute(_VERSION).first()
    return None if row is None else str(row[0])


def _file_is_missing(database: Database) -> bool:
    return database.dialect is Dialect.SQLITE and not Path(str(database.engine.url.database)).exists()
