"""One database transaction as a unit of work."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from adapters.storage.sql import sqlite
from adapters.storage.sql.access import SqlCredentials, SqlProofs, SqlSessions, SqlTokens
from adapters.storage.sql.accounts import SqlApiKeys, SqlUsers
from adapters.storage.sql.action_log import SqlActionLog
from adapters.storage.sql.assets import SqlAssets
from adapters.storage.sql.conversations import SqlConversations
from adapters.storage.sql.editing import SqlPlans, SqlRecipes
from adapters.storage.sql.errors import translate
from adapters.storage.sql.events import SqlEvents
from adapters.storage.sql.idempotency import SqlIdempotency
from adapters.storage.sql.images import SqlImages
from adapters.storage.sql.ledger import SqlLedger
from adapters.storage.sql.orders import SqlOrders
from adapters.storage.sql.runs import SqlRuns
from adapters.storage.sql.session import Dialect, Session
from adapters.storage.sql.tally import Tally


class SqlUnitOfWork:
    """A transaction; without ``writer`` and ``lock_seconds`` one that only reads."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        dialect: Dialect,
        writer: sqlite.WriterLock | None = None,
        lock_seconds: float | None = None,
    ) -> None:
        self._connect = connect
        self._dialect = dialect
        self._writer = writer
        self._lock_seconds = lock_seconds
        self._connection: Connection | None = None
        self._session: Session | None = None

    def __enter__(self) -> Self:
        if self._connection is not None:
            raise RuntimeError("a unit of work is used once")
        deadline = time.monotonic() + (self._lock_seconds or 0.0)
        if self._writer is not None:
            self._writer.acquire(self._lock_seconds or 0.0)
        try:
            self._connection = self._begin(deadline)
        except BaseException:
            if self._writer is not None:
                self._writer.release()
            raise
        self._session = Session(self._connection, dialect=self._dialect, is_reading=self._lock_seconds is None)
        self._offer(self._session)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._session is not None:
                self._session.close()
            if self._connection is not None:
                # A connection that is lost rolls back by itself; the error that brought us here matters more.
                with suppress(DBAPIError):
                    self._connection.close()
        finally:
            if self._writer is not None:
                self._writer.release()

    def commit(self) -> None:
        """Keep everything; the unit of work has ended then."""
        if self._session is None:
            raise RuntimeError("the unit of work has not begun")
        self.events.flush()
        self._tally.flush()
        self._session.commit()

    def _begin(self, deadline: float) -> Connection:
        connection: Connection | None = None
        try:
            connection = self._connect()
            connection.begin()
            if self._dialect is Dialect.SQLITE and self._lock_seconds is None:
                sqlite.begin_reading(connection)
            elif self._dialect is Dialect.SQLITE:
                sqlite.begin_writing(connection, deadline)
            return connection
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, sqlite3.Error):
                error = DBAPIError("BEGIN", None, error)
            if isinstance(error, SQLAlchemyError):
                raise translate(error) from error
            raise

    def _offer(self, session: Session) -> None:
        self.users = SqlUsers(session)
        self.api_keys = SqlApiKeys(session)
        self.credentials = SqlCredentials(session)
        self.sessions = SqlSessions(session)
        self.tokens = SqlTokens(session)
        self.proofs = SqlProofs(session)
        self.assets = SqlAssets(session)
        self._tally = Tally(session)
        self.orders = SqlOrders(session, self._tally)
        self.images = SqlImages(session, self._tally)
        self.plans = SqlPlans(session)
        self.recipes = SqlRecipes(session)
        self.runs = SqlRuns(session)
        self.conversations = SqlConversations(session)
        self.log = SqlActionLog(session)
        self.ledger = SqlLedger(session)
        self.events = SqlEvents(session)
        self.idempotency = SqlIdempotency(session)
