"""Repository of pictures and versions."""

from collections.abc import Iterable
from typing import Protocol

from core.domain.images import ImageStatus, ImageVersion, OrderImage


class ImageRepository(Protocol):
    """Pictures by order; versions by picture."""

    def add(self, image: OrderImage) -> None:
        """Store a new picture.

        Raises:
            ConflictError: code ``stale``, when its position is taken.
        """
        ...

    def get(self, image_id: str, *, for_update: bool = False) -> OrderImage:
        """Return a picture."""
        ...

    def save(self, image: OrderImage) -> OrderImage:
        """Store a changed picture."""
        ...

    def list(self, order_id: str) -> tuple[OrderImage, ...]:
        """Return the pictures of an order by position."""
        ...

    def delete(self, image_id: str) -> None:
        """Remove a picture that has no version."""
        ...

    def reorder(self, order_id: str, image_ids: Iterable[str]) -> None:
        """Give the named pictures the positions 1, 2, 3 … in this order."""
        ...

    def count_by_status(self, order_id: str) -> dict[ImageStatus, int]:
        """Return how many pictures are in each state."""
        ...

    def add_version(self, version: ImageVersion) -> None:
        """Store a new version.

        Raises:
            ConflictError: code ``stale``, when the number is taken.
        """
        ...

    def get_version(self, image_id: str, number: int) -> ImageVersion:
        """Return a version (1 or higher)."""
        ...

    def list_versions(self, image_id: str) -> tuple[ImageVersion, ...]:
        """Return the versions of a picture, oldest first."""
        ...

    def latest_versions(self, order_id: str) -> dict[str, ImageVersion]:
        """Return the newest version of every picture of an order that has one, by picture id."""
        ...
