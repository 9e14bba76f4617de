"""Pictures and versions in memory."""

import copy
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

import attrs

from adapters.storage.documents import read_json, write_json
from adapters.storage.errors import broken, missing, stale
from adapters.storage.memory.transaction import Transaction
from adapters.storage.version_documents import read_file, write_file
from core.domain.images import ImageStatus, ImageVersion, OrderImage


class MemoryImages:
    """Pictures by order; versions by picture."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, image: OrderImage) -> None:
        """Store a new picture."""
        self._transaction.require(orders=image.order_id, assets=image.asset_id)
        if self._is_taken(image) or not self._transaction.add("images", image.id, image):
            raise stale("order")

    def get(self, image_id: str, *, for_update: bool = False) -> OrderImage:
        """Return a picture."""
        image: OrderImage = self._transaction.get("images", image_id, "picture")
        return image

    def save(self, image: OrderImage) -> OrderImage:
        """Store a changed picture."""
        if self.get(image.id).row_version != image.row_version or self._is_taken(image):
            raise stale("picture")
        saved = attrs.evolve(image, row_version=image.row_version + 1)
        self._transaction.write("images")[image.id] = saved
        return saved

    def list(self, order_id: str) -> tuple[OrderImage, ...]:
        """Return the pictures of an order by position."""
        of_order = (image for image in self._transaction.rows("images") if image.order_id == order_id)
        return tuple(sorted(of_order, key=attrgetter("position")))

    def delete(self, image_id: str) -> None:
        """Remove a picture that nothing refers to; ConflictError code ``in_use`` otherwise."""
        self.get(image_id)
        items = self._transaction.rows("run_items")
        if self.list_versions(image_id) or any(item.image_id == image_id for item in items):
            raise broken("in_use")
        del self._transaction.write("images")[image_id]

    def reorder(self, order_id: str, image_ids: Iterable[str]) -> None:
        """Give the named pictures the positions 1, 2, 3 …; what others read of them before is stale then."""
        known = {image.id: image for image in self.list(order_id)}
        ids = list(image_ids)
        if len(set(ids) & known.keys()) != len(ids):
            raise missing("picture")
        if {image.position for image in known.values() if image.id not in ids} & set(range(1, len(ids) + 1)):
            raise stale("order")
        rows = self._transaction.write("images")
        for place, image_id in enumerate(ids, 1):
            image = known[image_id]
            rows[image_id] = attrs.evolve(image, position=place, row_version=image.row_version + 1)

    def count_by_status(self, order_id: str) -> dict[ImageStatus, int]:
        """Return how many pictures are in each state."""
        return dict(Counter(image.status for image in self.list(order_id)))

    def add_version(self, version: ImageVersion) -> None:
        """Store a new version."""
        self._transaction.require(images=version.image_id, orders=version.order_id, runs=version.run_id)
        if not version.number > version.base_version >= 0:
            raise broken()
        files = tuple(read_file(read_json(write_json(write_file(file)))) for file in version.files)
        kept = attrs.evolve(version, files=files)
        if not self._transaction.add("versions", (version.image_id, version.number), kept):
            raise stale("picture")

    def get_version(self, image_id: str, number: int) -> ImageVersion:
        """Return a version."""
        return _copied(self._transaction.get("versions", (image_id, number), "version"))

    def list_versions(self, image_id: str) -> tuple[ImageVersion, ...]:
        """Return the versions of a picture, oldest first."""
        mine = (version for version in self._transaction.rows("versions") if version.image_id == image_id)
        return tuple(_copied(version) for version in sorted(mine, key=attrgetter("number")))

    def latest_versions(self, order_id: str) -> dict[str, ImageVersion]:
        """Return the newest version of every picture of an order, by picture id."""
        of_order = (version for version in self._transaction.rows("versions") if version.order_id == order_id)
        return {version.image_id: _copied(version) for version in sorted(of_order, key=attrgetter("number"))}

    def _is_taken(self, image: OrderImage) -> bool:
        others = (other for other in self.list(image.order_id) if other.id != image.id)
        return any(other.position == image.position for other in others)


def _copied(version: ImageVersion) -> ImageVersion:
    """Return a version whose documents the caller may change without changing what is stored."""
    return attrs.evolve(version, files=copy.deepcopy(version.files))
