"""Bringing a database up to this version of i2i.

Alembic is loaded only when there is something to do: asking whether a database is current costs one query.
"""

from adapters.storage.sql.migrations.upgrading import HEAD, current, is_current, upgrade

__all__ = ["HEAD", "current", "is_current", "upgrade"]
