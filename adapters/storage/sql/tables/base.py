"""The collection of all tables, with one naming rule for constraints so that migrations can name them."""

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData

from adapters.storage.sql.columns import Key

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def reference(name: str, target: str, **options: Any) -> Column[Any]:
    """Return a required column that names a row of another table; the caller adds its index."""
    return Column(name, Key, ForeignKey(target), **{"nullable": False, **options})
