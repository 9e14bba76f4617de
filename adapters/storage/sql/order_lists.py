"""Queries of lists of orders: every page is read along an index, and a search ends with its window."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, bindparam, literal_column, select, tuple_, union_all

from adapters.storage.search import fold, from_cursor, to_cursor
from adapters.storage.sql.tables.orders import customer_order
from core.ports.repositories.orders import OrderFilter

_c = customer_order.c
# Written into the statement, not bound: only so do both databases see that the partial index applies.
_IS_LIVE = literal_column("customer_order.status") != literal_column("'deleted'")
_KEYS = {"created": _c.created_at, "name": _c.name_folded, "images": _c.image_count, "size": _c.total_bytes}
_ESCAPES = str.maketrans({"/": "//", "%": "/%", "_": "/_"})


class OrderQuery:
    """One page of a list: its statements, and the values that they bind."""

    def __init__(self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int, window: int) -> None:
        self._wanted = wanted
        self._has_place = cursor is not None
        self._key = _KEYS[wanted.sort.key]
        self.values: dict[str, Any] = {"owner_id": owner_id, "limit": limit + 1}
        if cursor is not None:
            self.values["c_key"], self.values["c_id"] = from_cursor(cursor, wanted.sort)
        if wanted.since is not None:
            self.values["since"] = wanted.since
        if wanted.until is not None:
            self.values["until"] = wanted.until
        if wanted.query:
            self.values["words"] = "%" + fold(wanted.query).translate(_ESCAPES) + "%"
        if wanted.is_search:
            self.values |= {"window": window, "last": window - 1}

    def page(self) -> Select[Any]:
        """Return the query of the rows of the page, and one more that tells whether there is another page."""
        wanted = self._wanted
        if not wanted.is_search and not wanted.statuses:
            return self._sorted(self._walk(select(customer_order), _IS_LIVE), self._key, _c.id).limit(
                bindparam("limit")
            )
        # The ids are found in indexes alone, one short walk per state, before any row is read.
        walk = self._merged("window") if wanted.is_search else self._merged("limit")
        ids = select(walk.c.id)
        if wanted.is_search:
            ids = self._sorted(ids.where(*self._matches(walk)), walk.c.key, walk.c.id).limit(bindparam("limit"))
        rows = select(customer_order).where(_c.id.in_(ids))
        return self._sorted(rows, self._key, _c.id).limit(bindparam("limit"))

    def end_of_window(self) -> Select[Any]:
        """Return the query of the last row that a search looked at; no row when it came to the end of the list."""
        walk = self._merged("window")
        place = select(walk.c.id, walk.c.key)
        return self._sorted(place, walk.c.key, walk.c.id).limit(1).offset(bindparam("last"))

    def cursor_after(self, row: Row[Any]) -> str:
        """Return where to go on after a row."""
        name = self._key.name if self._key.name in row._mapping else "key"  # noqa: SLF001 - the documented mapping
        return to_cursor(self._wanted.sort, (row._mapping[name], row.id))  # noqa: SLF001

    def _merged(self, length: str) -> Subquery:
        """Return the beginning of the list over all wanted states, from one walk of this length per state."""
        columns = select(_c.id, self._key.label("key"), _c.created_at, _c.name_folded)
        states = [_c.status == status.value for status in sorted(self._wanted.statuses)] or [_IS_LIVE]
        walks = [
            self._sorted(self._walk(columns, state), self._key, _c.id).limit(bindparam(length)).subquery()
            for state in states
        ]
        if len(walks) == 1:
            return walks[0]
        both = union_all(*(select(walk) for walk in walks)).subquery()
        return self._sorted(select(both), both.c.key, both.c.id).limit(bindparam(length)).subquery()

    def _walk(self, start: Select[Any], state: ColumnElement[bool]) -> Select[Any]:
        statement = start.where(_c.owner_id == bindparam("owner_id"), state)
        if self._has_place:
            here = tuple_(self._key, _c.id)
            place = tuple_(bindparam("c_key", type_=self._key.type), bindparam("c_id", type_=_c.id.type))
            statement = statement.where(here < place if self._wanted.sort.is_descending else here > place)
        return statement.where(*self._period(_c.created_at)) if self._is_by_time else statement

    def _matches(self, walk: Subquery) -> Sequence[ColumnElement[bool]]:
        found = [] if self._is_by_time else self._period(walk.c.created_at)
        if self._wanted.query:
            found.append(walk.c.name_folded.like(bindparam("words", type_=_c.name.type), escape="/"))
        return found

    @property
    def _is_by_time(self) -> bool:
        return self._wanted.sort.key == "created"

    def _period(self, created_at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        bounds = []
        if self._wanted.since is not None:
            bounds.append(created_at >= bindparam("since"))
        if self._wanted.until is not None:
            bounds.append(created_at < bindparam("until"))
        return bounds

    def _sorted(self, statement: Select[Any], key: ColumnElement[Any], row_id: ColumnElement[Any]) -> Select[Any]:
        if self._wanted.sort.is_descending:
            return statement.order_by(key.desc(), row_id.desc())
        return statement.order_by(key, row_id)
