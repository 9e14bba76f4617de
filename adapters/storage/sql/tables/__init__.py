"""Tables, one module per context."""

from adapters.storage.sql.tables import (
    access,
    accounts,
    action_log,
    assets,
    conversations,
    editing,
    events,
    idempotency,
    images,
    ledger,
    orders,
    runs,
    triggers,
)
from adapters.storage.sql.tables.base import metadata

triggers.attach(metadata)

__all__ = [
    "access",
    "accounts",
    "action_log",
    "assets",
    "conversations",
    "editing",
    "events",
    "idempotency",
    "images",
    "ledger",
    "metadata",
    "orders",
    "runs",
]
