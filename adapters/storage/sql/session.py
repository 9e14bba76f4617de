"""What repositories see of a transaction: statements in, rows and counts out, errors translated."""

import enum
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.errors import ReadingWorkError, missing
from adapters.storage.sql.errors import translate

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
        self._is_reading = is_reading
        self._dialect = dialect
        self.locks_rows = dialect is Dialect.POSTGRESQL and not is_reading

    def all(self, statement: Executable, values: Values | None = None) -> Rows:
        """Return all rows of a query."""
        try:
            return self._connection.execute(statement, values).all()
        except SQLAlchemyError as error:
            raise translate(error) from error

    def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """Return the first row of a query, if any."""
        try:
            return self._connection.execute(statement, values).first()
        except SQLAlchemyError as error:
            raise translate(error) from error

    def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        """Return the first column of the first row, None without rows."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def change(self, statement: Executable, values: Values | None = None, *, conflict: str = "integrity") -> int:
        """Run a statement that writes and return how many rows it touched.

        Args:
            conflict: code of the ConflictError for a broken constraint.
        """
        self._writes()
        try:
            return self._connection.execute(statement, values).rowcount
        except SQLAlchemyError as error:
            raise translate(error, conflict=conflict) from error

    def returning(self, statement: Executable, values: Values | None = None) -> Rows:
        """Run a statement that writes and return the rows that it gives back."""
        self._writes()
        return self.all(statement, values)

    def many(self, statement: Executable, rows: Sequence[Values], *, conflict: str = "integrity") -> None:
        """Run a statement that writes once per set of values; nothing for none."""
        self._writes()
        if not rows:
            return
        try:
            self._connection.execute(statement, rows)
        except SQLAlchemyError as error:
            raise translate(error, conflict=conflict) from error

    def add(self, insert: UniqueInsert, values: Values) -> bool:
        """Insert a row; False (and no change) when a row with one of its unique values is there."""
        return self.change(insert.statements[self._dialect], values) == 1

    def _writes(self) -> None:
        if self._is_reading:
            raise ReadingWorkError


def found(row: Row[Any] | None, what: str) -> Row[Any]:
    """Return the row, or raise NotFoundError."""
    if row is None:
        raise missing(what)
    return row
