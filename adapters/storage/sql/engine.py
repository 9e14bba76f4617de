"""Opening a database."""

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from adapters.storage.sql import postgres, sqlite
from adapters.storage.sql.session import Dialect
from adapters.storage.sql.sqlite import WriterLock, writer_lock
from adapters.storage.sql.unit_of_work import SqlUnitOfWork
from core.errors import InvalidInputError

LOCK_SECONDS = 5.0


class Database:
    """One database and its connections; ``new_work`` and ``new_reading`` are the factories that use cases take."""

    def __init__(self, engine: Engine, *, dialect: Dialect, writer: WriterLock | None, lock_seconds: float) -> None:
        self.engine = engine
        self.dialect = dialect
        self.writer = writer
        self.lock_seconds = lock_seconds
        self._reading = postgres.reading(engine) if dialect is Dialect.POSTGRESQL else engine

    def new_work(self) -> SqlUnitOfWork:
        """Return a unit of work that will write."""
        return SqlUnitOfWork(
            self.engine.connect, dialect=self.dialect, writer=self.writer, lock_seconds=self.lock_seconds
        )

    def new_reading(self) -> SqlUnitOfWork:
        """Return a unit of work that reads one consistent state."""
        return SqlUnitOfWork(self._reading.connect, dialect=self.dialect)

    def connect(self) -> Connection:
        """Return a bare connection, for migrations and checks."""
        return self.engine.connect()

    def close(self) -> None:
        """Close idle connections; call it before forking and at the end."""
        self.engine.dispose()


def open_database(url: str, *, lock_seconds: float = LOCK_SECONDS) -> Database:
    """Return a database; nothing is connected before the first unit of work.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql+psycopg://user:password@host/name``.
        lock_seconds: how long a write waits for others before it gives up.

    Raises:
        InvalidInputError: code ``invalid_database_url``.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == Dialect.POSTGRESQL:
        engine = postgres.create(parsed, lock_seconds=lock_seconds)
        return Database(engine, dialect=Dialect.POSTGRESQL, writer=None, lock_seconds=lock_seconds)
    lock = writer_lock(Path(str(parsed.database)))
    return Database(sqlite.create(parsed), dialect=Dialect.SQLITE, writer=lock, lock_seconds=lock_seconds)


def parse_url(url: str) -> URL:
    """Check the address of a database.

    Raises:
        InvalidInputError: code ``invalid_database_url``.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _bad_url() from error
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"} and parsed.database:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        return parsed
    raise _bad_url()


def _bad_url() -> InvalidInputError:
    return InvalidInputError(
        "A database address looks like sqlite:////folder/i2i.db or postgresql+psycopg://user:password@host/name.",
        code="invalid_database_url",
    )
