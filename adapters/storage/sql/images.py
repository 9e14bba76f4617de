"""Pictures in SQL."""

from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import Row, bindparam, delete, func, select, update

from adapters.storage.errors import missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.images import order_image
from adapters.storage.sql.tally import Tally
from adapters.storage.sql.versions import SqlVersions
from core.domain.images import Failure, ImageStatus, ImageVersion, OrderImage

_c = order_image.c
_ADD = unique_insert(order_image)
_ONE = select(order_image).where(_c.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_SAVE = update(order_image).where(_c.id == bindparam("b_id"), _c.row_version == bindparam("b_known"))
_OF_ORDER = select(order_image).where(_c.order_id == bindparam("order_id")).order_by(_c.position)
_COUNTS = (
    select(_c.status, func.count().label("pictures")).where(_c.order_id == bindparam("order_id")).group_by(_c.status)
)
_DELETE = delete(order_image).where(_c.id == bindparam("id"))
# Two steps, because both databases check after every row that no two pictures have one place.
_ASIDE = (
    update(order_image)
    .where(_c.order_id == bindparam("b_order"), _c.id.in_(bindparam("ids", expanding=True)))
    .values(position=-_c.position, row_version=_c.row_version + 1)
)
_PLACE = update(order_image).where(_c.id == bindparam("b_id")).values(position=bindparam("position"))


class SqlImages:
    """Pictures by order; versions by picture."""

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally
        self._versions = SqlVersions(session)

    def add(self, image: OrderImage) -> None:
        """Store a new picture."""
        values = {"id": image.id, "row_version": image.row_version, **_values(image)}
        if not self._session.add(_ADD, values):
            raise stale("order")
        self._tally.added_image(image.order_id, image.status.value)

    def get(self, image_id: str, *, for_update: bool = False) -> OrderImage:
        """Return a picture."""
        statement = _ONE_LOCKED if for_update and self._session.locks_rows else _ONE
        row = found(self._session.first(statement, {"id": image_id}), "picture")
        self._tally.saw_image(row)
        return _image(row)

    def save(self, image: OrderImage) -> OrderImage:
        """Store a changed picture."""
        before = self._tally.before_image(image.id, image.row_version)
        known = {"b_id": image.id, "b_known": image.row_version, "row_version": image.row_version + 1}
        if self._session.change(_SAVE, {**known, **_values(image)}, conflict="stale") != 1:
            self.get(image.id)
            raise stale("picture")
        self._tally.saved_image(image.order_id, before, image.status.value)
        return attrs.evolve(image, row_version=image.row_version + 1)

    def list(self, order_id: str) -> tuple[OrderImage, ...]:
        """Return the pictures of an order by position."""
        rows = self._session.all(_OF_ORDER, {"order_id": order_id})
        for row in rows:
            self._tally.saw_image(row)
        return tuple(_image(row) for row in rows)

    def delete(self, image_id: str) -> None:
        """Remove a picture that nothing refers to; ConflictError code ``in_use`` otherwise."""
        image = self.get(image_id, for_update=True)
        if self._session.change(_DELETE, {"id": image_id}, conflict="in_use") != 1:
            raise missing("picture")
        self._tally.saved_image(image.order_id, image.status.value, "")

    def reorder(self, order_id: str, image_ids: Iterable[str]) -> None:
        """Give the named pictures the positions 1, 2, 3 …; what others read of them before is stale then."""
        ids = list(image_ids)
        if self._session.change(_ASIDE, {"b_order": order_id, "ids": ids}) != len(ids):
            raise missing("picture")
        places = [{"b_id": image_id, "position": place} for place, image_id in enumerate(ids, 1)]
        self._session.many(_PLACE, places, conflict="stale")

    def count_by_status(self, order_id: str) -> dict[ImageStatus, int]:
        """Return how many pictures are in each state."""
        return {ImageStatus(row.status): row.pictures for row in self._session.all(_COUNTS, {"order_id": order_id})}

    def add_version(self, version: ImageVersion) -> None:
        """Store a new version."""
        self._versions.add(version)

    def get_version(self, image_id: str, number: int) -> ImageVersion:
        """Return a version."""
        return self._versions.get(image_id, number)

    def list_versions(self, image_id: str) -> tuple[ImageVersion, ...]:
        """Return the versions of a picture, oldest first."""
        return self._versions.list(image_id)

    def latest_versions(self, order_id: str) -> dict[str, ImageVersion]:
        """Return the newest version of every picture of an order, by picture id."""
        return self._versions.latest(order_id)


def _values(image: OrderImage) -> dict[str, Any]:
    return {
        "order_id": image.order_id,
        "position": image.position,
        "original_name": image.original_name,
        "asset_id": image.asset_id,
        "bytes": image.bytes,
        "sha256": image.sha256,
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "status": image.status.value,
        "latest_version": image.latest_version,
        "approved_version": image.approved_version,
        "resume_status": image.resume_status.value if image.resume_status else None,
        "failure_code": image.failure.code if image.failure else None,
        "failure_message": image.failure.message if image.failure else None,
        "note": image.note,
        "tags": list(image.tags),
    }


def _image(row: Row[Any]) -> OrderImage:
    return OrderImage(
        id=row.id,
        order_id=row.order_id,
        position=row.position,
        original_name=row.original_name,
        asset_id=row.asset_id,
        bytes=row.bytes,
        sha256=row.sha256,
        format=row.format,
        width=row.width,
        height=row.height,
        status=ImageStatus(row.status),
        latest_version=row.latest_version,
        approved_version=row.approved_version,
        resume_status=ImageStatus(row.resume_status) if row.resume_status else None,
        failure=None if row.failure_code is None else Failure(code=row.failure_code, message=row.failure_message),
        note=row.note,
        tags=tuple(row.tags),
        row_version=row.row_version,
    )
