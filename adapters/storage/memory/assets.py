"""Stored files in memory."""

from collections.abc import Iterable, Iterator

import attrs

from adapters.storage.errors import stale
from adapters.storage.memory.transaction import Transaction
from core.domain.assets import Asset, AssetState


class MemoryAssets:
    """Files by id."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, asset: Asset) -> None:
        """Store a new asset."""
        self._transaction.require(users=asset.owner_id)
        if not self._transaction.add("assets", asset.id, asset):
            raise stale("file")

    def get(self, asset_id: str) -> Asset:
        """Return an asset."""
        asset: Asset = self._transaction.get("assets", asset_id, "file")
        return asset

    def save(self, asset: Asset) -> None:
        """Store a changed state."""
        known = self.get(asset.id)
        self._transaction.write("assets")[asset.id] = attrs.evolve(known, state=asset.state)

    def used_bytes(self, owner_id: str) -> int:
        """Return how much an account stores."""
        return sum(asset.bytes for asset in self._live() if asset.owner_id == owner_id)

    def referenced_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of the storage keys that a live asset still uses."""
        return frozenset(keys) & {asset.storage_key for asset in self._live()}

    def _live(self) -> Iterator[Asset]:
        return (asset for asset in self._transaction.rows("assets") if asset.state is AssetState.READY)
