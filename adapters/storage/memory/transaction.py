"""Tables in memory, and a view of them that is kept or thrown away as a whole."""

from collections.abc import Iterator
from typing import Any

from adapters.storage.errors import ReadingWorkError, broken, missing

Tables = dict[str, dict[Any, Any]]


class Transaction:
    """What one unit of work sees: the committed tables, with copies of those that it writes.

    Committed tables are never changed in place, so a view stays as it was when it began.
    """

    def __init__(self, committed: Tables, *, is_reading: bool) -> None:
        self._committed = committed
        self._is_reading = is_reading
        self._has_ended = False
        self._written: Tables = {}

    def read(self, table: str) -> dict[Any, Any]:
        """Return a table to read."""
        self.check_open()
        return self._written.get(table, self._committed.get(table, {}))

    def write(self, table: str) -> dict[Any, Any]:
        """Return a table to change."""
        if self._is_reading:
            raise ReadingWorkError
        self.check_open()
        if table not in self._written:
            self._written[table] = dict(self._committed.get(table, {}))
        return self._written[table]

    def close(self) -> Tables:
        """Return the tables that were written and refuse further use."""
        written, self._written = self._written, {}
        self._has_ended = True
        return written

    def get(self, table: str, key: Any, what: str) -> Any:
        """Return a row.

        Raises:
            NotFoundError: there is none.
        """
        row = self.read(table).get(key)
        if row is None:
            raise missing(what)
        return row

    def rows(self, table: str) -> Iterator[Any]:
        """Iterate over the rows of a table in the order in which they came."""
        return iter(self.read(table).values())

    def add(self, table: str, key: Any, row: Any) -> bool:
        """Store a new row; False (and no change) when the key is taken."""
        rows = self.write(table)
        is_new = key not in rows
        if is_new:
            rows[key] = row
        return is_new

    def require(self, **references: str | None) -> None:
        """Check that the named rows exist, as a database checks foreign keys (``table=key``; None refers to nothing).

        Raises:
            ConflictError: code ``integrity``.
        """
        for table, key in references.items():
            if key is not None and key not in self.read(table):
                raise broken()

    def check_open(self) -> None:
        """Raise RuntimeError, for a mistake of the program, when the transaction has ended."""
        if self._has_ended:
            raise RuntimeError("the unit of work has ended")
