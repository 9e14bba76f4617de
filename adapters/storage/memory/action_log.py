"""The action log in memory."""

import copy
from operator import attrgetter

import attrs

from adapters.storage.documents import read_json, write_json
from adapters.storage.errors import stale
from adapters.storage.memory.transaction import Transaction
from core.domain.action_log import ActionLogEntry


class MemoryActionLog:
    """Append-only."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, entry: ActionLogEntry) -> None:
        """Append an entry."""
        self._transaction.require(orders=entry.order_id)
        kept = attrs.evolve(entry, data=read_json(write_json(entry.data)))
        if not self._transaction.add("log", entry.id, kept):
            raise stale("log")

    def list(self, order_id: str, *, limit: int = 1000) -> tuple[ActionLogEntry, ...]:
        """Return the newest entries of an order, oldest first."""
        of_order = (entry for entry in self._transaction.rows("log") if entry.order_id == order_id)
        newest = sorted(of_order, key=attrgetter("at"))[-limit:]
        return tuple(attrs.evolve(entry, data=copy.deepcopy(entry.data)) for entry in newest)
