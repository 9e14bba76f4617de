"""Storage in SQLite or PostgreSQL."""

from adapters.storage.sql.engine import Database, open_database
from adapters.storage.sql.errors import TryAgainError, retrying

__all__ = ["Database", "TryAgainError", "open_database", "retrying"]
