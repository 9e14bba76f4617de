"""Database errors in the words of the core."""

import random
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from adapters.storage.errors import ReadingWorkError, TryAgainError, broken, busy
from core.errors import I2IError, InvalidInputError, ProviderError, ProviderUnavailableError

T = TypeVar("T")

ATTEMPTS = 5
FIRST_PAUSE = 0.01

BUSY = "Another change is taking too long; try again in a moment."
FULL = "The disk of the database is full."
LOST = "The database does not answer."
UNPREPARED = "The database was not set up for this version; run `i2i db upgrade`."

# PostgreSQL error codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: dict[str, tuple[str, str]] = {
    "55P03": ("storage_busy", BUSY),
    "57014": ("storage_busy", BUSY),
    "53100": ("storage_full", FULL),
    "53300": ("storage_busy", "The database has no free connection."),
}
# Primary result codes of SQLite, https://www.sqlite.org/rescode.html
_SQLITE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("storage_busy", BUSY),
    sqlite3.SQLITE_LOCKED: ("storage_busy", BUSY),
    sqlite3.SQLITE_FULL: ("storage_full", FULL),
    sqlite3.SQLITE_READONLY: ("storage_read_only", "The database cannot be written."),
    sqlite3.SQLITE_CANTOPEN: ("storage_unavailable", "The database file cannot be opened."),
    sqlite3.SQLITE_IOERR: ("storage_unavailable", "The disk of the database failed."),
}


def translate(error: SQLAlchemyError, *, conflict: str = "integrity") -> Exception:
    """Return the error to raise instead.

    Args:
        conflict: code for a broken constraint.
    """
    if isinstance(error, IntegrityError):
        return broken(conflict)
    if isinstance(error, PoolTimeoutError):
        return busy()
    if isinstance(error, DataError):
        return InvalidInputError("A value cannot be stored.", code="invalid_value")
    if not isinstance(error, DBAPIError):
        # A mistake of the program, such as a moment without a time zone: the cause says more than its wrapping.
        return error.orig if isinstance(error, StatementError) and isinstance(error.orig, Exception) else error
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(error.orig)
    return _from_postgres(error)


def _from_sqlite(cause: sqlite3.Error) -> I2IError | ReadingWorkError:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE:
        name, message = _SQLITE[code]
        return ProviderUnavailableError(message, code=name)
    if str(cause).startswith(("no such table", "no such column")):
        return ProviderError(UNPREPARED, code="storage_not_ready")
    return ProviderError("The database refused a statement.", code="storage_failed")


def _from_postgres(error: DBAPIError) -> I2IError | ReadingWorkError:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in {"40001", "40P01"}:
        return TryAgainError("Simultaneous changes got in each other's way; try again.")
    if state in _POSTGRES:
        name, message = _POSTGRES[state]
        return ProviderUnavailableError(message, code=name)
    if state == "25006":
        return ReadingWorkError()
    if state in {"42P01", "42703"}:
        return ProviderError(UNPREPARED, code="storage_not_ready")
    if error.connection_invalidated or not state or state[:2] in {"08", "57", "28", "3D"}:
        return ProviderUnavailableError(LOST, code="storage_unavailable")
    return ProviderError("The database refused a statement.", code="storage_failed")


def retrying(work: Callable[[], T]) -> T:
    """Do a whole unit of work, again when the database undid it because of a simultaneous one, five times at most.

    Args:
        work: begins, fills and commits its own unit of work, and has no other effect.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except TryAgainError:
            # Up to 10, 20, 40, 80 ms; chance keeps those who collided from meeting again.
            time.sleep(random.uniform(0.1, 1.0) * FIRST_PAUSE * 2 ** (attempt - 1))  # noqa: S311 - not a secret
    return work()
