"""The action log in SQL."""

from typing import Any

from sqlalchemy import Row, bindparam, select

from adapters.storage.errors import stale
from adapters.storage.sql.session import Session, unique_insert
from adapters.storage.sql.tables.action_log import action_log
from core.domain.action_log import ActionLogEntry, LogType

_c = action_log.c
_ADD = unique_insert(action_log)
_NEWEST = (
    select(action_log)
    .where(_c.order_id == bindparam("order_id"))
    .order_by(_c.at.desc(), _c.row_id.desc())
    .limit(bindparam("limit"))
)


class SqlActionLog:
    """Append-only: the database refuses changes and removals."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: ActionLogEntry) -> None:
        """Append an entry."""
        if not self._session.add(_ADD, _values(entry)):
            raise stale("log")

    def list(self, order_id: str, *, limit: int = 1000) -> tuple[ActionLogEntry, ...]:
        """Return the newest entries of an order, oldest first."""
        rows = self._session.all(_NEWEST, {"order_id": order_id, "limit": limit})
        return tuple(_entry(row) for row in reversed(rows))


def _values(entry: ActionLogEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "order_id": entry.order_id,
        "type": entry.type.value,
        "message": entry.message,
        "at": entry.at,
        "actor": entry.actor,
        "image_id": entry.image_id,
        "run_id": entry.run_id,
        "version": entry.version,
        "prompt": entry.prompt,
        "model": entry.model,
        "duration_ms": entry.duration_ms,
        "data": entry.data,
    }


def _entry(row: Row[Any]) -> ActionLogEntry:
    return ActionLogEntry(
        id=row.id,
        order_id=row.order_id,
        type=LogType(row.type),
        message=row.message,
        at=row.at,
        actor=row.actor,
        image_id=row.image_id,
        run_id=row.run_id,
        version=row.version,
        prompt=row.prompt,
        model=row.model,
        duration_ms=row.duration_ms,
        data=row.data,
    )
