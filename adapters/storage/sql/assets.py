"""Stored files in SQL."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from adapters.storage.errors import missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.assets import asset
from core.domain.assets import Asset, AssetState, Purpose

BATCH = 500

_ADD = unique_insert(asset)
_ONE = select(asset).where(asset.c.id == bindparam("id"))
_SAVE = update(asset).where(asset.c.id == bindparam("b_id"))
_USED = select(func.coalesce(func.sum(asset.c.bytes), 0)).where(
    asset.c.owner_id == bindparam("owner_id"), asset.c.state == AssetState.READY.value
)
_REFERENCED = (
    select(asset.c.storage_key)
    .where(asset.c.storage_key.in_(bindparam("keys", expanding=True)), asset.c.state == AssetState.READY.value)
    .distinct()
)


class SqlAssets:
    """Files by id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, asset: Asset) -> None:
        """Store a new asset."""
        if not self._session.add(_ADD, _values(asset)):
            raise stale("file")

    def get(self, asset_id: str) -> Asset:
        """Return an asset."""
        return _asset(found(self._session.first(_ONE, {"id": asset_id}), "file"))

    def save(self, asset: Asset) -> None:
        """Store a changed state."""
        if self._session.change(_SAVE, {"b_id": asset.id, "state": asset.state.value}) != 1:
            raise missing("file")

    def used_bytes(self, owner_id: str) -> int:
        """Return how much an account stores."""
        return int(self._session.scalar(_USED, {"owner_id": owner_id}))

    def referenced_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of the storage keys that a live asset still uses."""
        wanted = list(keys)
        parts = (wanted[i : i + BATCH] for i in range(0, len(wanted), BATCH))
        return frozenset(row[0] for part in parts for row in self._session.all(_REFERENCED, {"keys": part}))


def _values(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "owner_id": asset.owner_id,
        "purpose": asset.purpose.value,
        "format": asset.format,
        "bytes": asset.bytes,
        "width": asset.width,
        "height": asset.height,
        "sha256": asset.sha256,
        "storage_key": asset.storage_key,
        "original_name": asset.original_name,
        "state": asset.state.value,
        "created_at": asset.created_at,
    }


def _asset(row: Row[Any]) -> Asset:
    return Asset(
        id=row.id,
        owner_id=row.owner_id,
        purpose=Purpose(row.purpose),
        format=row.format,
        bytes=row.bytes,
        width=row.width,
        height=row.height,
        sha256=row.sha256,
        storage_key=row.storage_key,
        original_name=row.original_name,
        state=AssetState(row.state),
        created_at=row.created_at,
    )
