"""Repository of the action log."""

from typing import Protocol

from core.domain.action_log import ActionLogEntry


class ActionLog(Protocol):
    """Append-only: the database refuses changes and removals."""

    def add(self, entry: ActionLogEntry) -> None:
        """Append an entry."""
        ...

    def list(self, order_id: str, *, limit: int = 1000) -> tuple[ActionLogEntry, ...]:
        """Return the entries of an order, oldest first (the newest ``limit`` of them)."""
        ...
