"""Storage in SQLite or PostgreSQL."""

from adapters.storage.errors import TryAgainError
from adapters.storage.sql.engine import Database, open_database
from adapters.storage.sql.errors import retrying

__all__ = ["Database", "TryAgainError", "open_database", "retrying"]
