"""What repositories see of a transaction: statements in, rows and counts out, errors translated."""

import enum
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import attrs
from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.errors import ReadingWorkError, missing
from adapters.storage.sql.errors import translate
from core.errors import InvalidInputError

T = TypeVar("T")
Values = Mapping[str, Any]
Rows = Sequence[Row[Any]]


class Dialect(enum.StrEnum):
    """The databases that are served."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@attrs.frozen
class UniqueInsert:
    """An insertion that leaves a row alone that is already there, so that the transaction stays usable."""

    statements: dict[Dialect, Executable]


def unique_insert(table: Table) -> UniqueInsert:
    """Build the statement once; it is compiled once per database."""
    return UniqueInsert(
        {
            Dialect.SQLITE: sqlite.insert(table).on_conflict_do_nothing().inline(),
            Dialect.POSTGRESQL: postgresql.insert(table).on_conflict_do_nothing().inline(),
        }
    )


class Session:
    """One transaction on one connection."""

    def __init__(self, connection: Connection, *, dialect: Dialect, is_reading: bool) -> None:
        self._connection = connection
        self.is_reading = is_reading
        self.dialect = dialect
        self._has_ended = False
        self.locks_rows = dialect is Dialect.POSTGRESQL and not is_reading

    def all(self, statement: Executable, values: Values | None = None) -> Rows:
        """Return all rows of a query."""
        return self._run(statement, values, CursorResult.all)

    def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """Return the first row of a query, if any."""
        return self._run(statement, values, CursorResult.first)

    def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        """Return the first column of the first row, None without rows."""
        return self._run(statement, values, CursorResult.scalar)

    def change(self, statement: Executable, values: Values | None = None, *, conflict: str = "integrity") -> int:
        """Run a statement that writes and return how many rows it touched.

        Args:
            conflict: code of the ConflictError for a broken constraint.
        """
        self._check_writing()
        return int(self._run(statement, values, attrgetter("rowcount"), conflict=conflict))

    def returning(self, statement: Executable, values: Values | None = None) -> Rows:
        """Run a statement that writes and return the rows that it gives back."""
        self._check_writing()
        return self.all(statement, values)

    def many(self, statement: Executable, rows: Sequence[Values], *, conflict: str = "integrity") -> None:
        """Run a statement that writes once per set of values; nothing for none."""
        self._check_writing()
        if rows:
            self._run(statement, rows, attrgetter("rowcount"), conflict=conflict)

    def add(self, insert: UniqueInsert, values: Values) -> bool:
        """Insert a row; False (and no change) when a row with one of its unique values is there."""
        return self.change(insert.statements[self.dialect], values) == 1

    def commit(self) -> None:
        """Keep everything and refuse further use."""
        self._check_writing()
        self._check_open()
        try:
            self._connection.commit()
        except SQLAlchemyError as error:
            raise translate(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Refuse further use."""
        self._has_ended = True

    def _run(
        self,
        statement: Executable,
        values: Values | Sequence[Values] | None,
        read: Callable[[CursorResult[Any]], T],
        *,
        conflict: str = "integrity",
    ) -> T:
        self._check_open()
        try:
            return read(self._connection.execute(statement, values))
        except SQLAlchemyError as error:
            raise translate(error, conflict=conflict) from error
        except UnicodeError as error:
            raise InvalidInputError("A text cannot be stored: it is not Unicode.", code="invalid_value") from error
        except OverflowError as error:
            raise InvalidInputError("A number cannot be stored: it is too large.", code="invalid_value") from error

    def _check_open(self) -> None:
        if self._has_ended:
            raise RuntimeError("the unit of work has ended")

    def _check_writing(self) -> None:
        if self.is_reading:
            raise ReadingWorkError


def found(row: Row[Any] | None, what: str) -> Row[Any]:
    """Return the row, or raise NotFoundError."""
    if row is None:
        raise missing(what)
    return row
