"""Repository of stored files."""

from collections.abc import Iterable
from typing import Protocol

from core.domain.assets import Asset


class AssetRepository(Protocol):
    """Files by id."""

    def add(self, asset: Asset) -> None:
        """Store a new asset."""
        ...

    def get(self, asset_id: str) -> Asset:
        """Return an asset."""
        ...

    def save(self, asset: Asset) -> None:
        """Store a changed state."""
        ...

    def used_bytes(self, owner_id: str) -> int:
        """Return how much an account stores (files that are not deleted)."""
        ...

    def referenced_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of the storage keys that a live asset still uses."""
        ...
