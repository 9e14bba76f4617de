"""SQLite: one writer at a time, readers undisturbed, every commit on the disk."""

import random
import sqlite3
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from adapters.storage.documents import read_json, write_json
from adapters.storage.errors import busy

BUSY_MS = 5000
POOL = 8
OVERFLOW = 32
PAUSE = (0.0005, 0.003)


class WriterLock:
    """The right to write to one file, within this process; waiting here is fairer than in SQLite's busy handler."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, seconds: float) -> None:
        """Wait for the right to write.

        Raises:
            ProviderUnavailableError: code ``storage_busy``, after so many seconds.
        """
        if not self._lock.acquire(timeout=seconds):
            raise busy()

    def release(self) -> None:
        """Let the next one write."""
        self._lock.release()


_locks: "weakref.WeakValueDictionary[Path, WriterLock]" = weakref.WeakValueDictionary()
_locks_guard = threading.Lock()


def writer_lock(path: Path) -> WriterLock:
    """Return the lock of a database file, the same one for every handle in this process."""
    with _locks_guard:
        return _locks.setdefault(path.resolve(), WriterLock())


def create(url: URL) -> Engine:
    """Return an engine whose transactions are begun by hand (``begin_writing``, ``begin_reading``)."""
    engine = create_engine(
        url,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=10,
        hide_parameters=True,
        execution_options={"preserve_rowcount": True},  # insertions that change nothing are told apart by it
        json_serializer=write_json,
        json_deserializer=read_json,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def begin_writing(connection: Connection, deadline: float) -> None:
    """Take the write lock of the file.

    SQLite's own waiting backs off to 100 ms and so starves whoever waited longest; short pauses of random length
    give every waiting process the same chance.

    Args:
        deadline: moment of ``time.monotonic`` at which to give up.

    Raises:
        ProviderUnavailableError: code ``storage_busy``.
    """
    raw = _raw(connection)
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() >= deadline:
                    raise busy() from error
            time.sleep(random.uniform(*PAUSE))  # noqa: S311 - not a secret
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def begin_reading(connection: Connection) -> None:
    """Begin a transaction that sees one state and locks nothing."""
    _raw(connection).execute("BEGIN")


def _raw(connection: Connection) -> sqlite3.Connection:
    raw: Any = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing on its own
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -8000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
