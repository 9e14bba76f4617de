"""Versions of pictures in SQL; their files and flags are documents."""

from typing import Any

from sqlalchemy import Row, bindparam, func, select

from adapters.storage.errors import stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.images import image_version
from adapters.storage.version_documents import read_file, read_flag, write_file, write_flag
from core.domain.images import ImageVersion

_c = image_version.c
_later = image_version.alias("later")
_ADD = unique_insert(image_version)
_ONE = select(image_version).where(_c.image_id == bindparam("image_id"), _c.number == bindparam("number"))
_OF_IMAGE = select(image_version).where(_c.image_id == bindparam("image_id")).order_by(_c.number)
_LATEST = select(image_version).where(
    _c.order_id == bindparam("order_id"),
    _c.number == select(func.max(_later.c.number)).where(_later.c.image_id == _c.image_id).scalar_subquery(),
)


class SqlVersions:
    """Versions by picture; the database refuses to change them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, version: ImageVersion) -> None:
        """Store a new version."""
        if not self._session.add(_ADD, _values(version)):
            raise stale("picture")

    def get(self, image_id: str, number: int) -> ImageVersion:
        """Return a version."""
        return _version(found(self._session.first(_ONE, {"image_id": image_id, "number": number}), "version"))

    def list(self, image_id: str) -> tuple[ImageVersion, ...]:
        """Return the versions of a picture, oldest first."""
        return tuple(_version(row) for row in self._session.all(_OF_IMAGE, {"image_id": image_id}))

    def latest(self, order_id: str) -> dict[str, ImageVersion]:
        """Return the newest version of every picture of an order, by picture id."""
        return {row.image_id: _version(row) for row in self._session.all(_LATEST, {"order_id": order_id})}


def _values(version: ImageVersion) -> dict[str, Any]:
    return {
        "image_id": version.image_id,
        "number": version.number,
        "order_id": version.order_id,
        "base_version": version.base_version,
        "run_id": version.run_id,
        "plan_revision": version.plan_revision,
        "files": [write_file(f) for f in version.files],
        "flags": [write_flag(f) for f in version.flags],
        "confidence": version.confidence,
        "engine": version.engine,
        "duration_ms": version.duration_ms,
        "credits": version.credits,
        "created_at": version.created_at,
    }


def _version(row: Row[Any]) -> ImageVersion:
    return ImageVersion(
        image_id=row.image_id,
        number=row.number,
        order_id=row.order_id,
        base_version=row.base_version,
        run_id=row.run_id,
        plan_revision=row.plan_revision,
        files=tuple(read_file(f) for f in row.files),
        flags=tuple(read_flag(f) for f in row.flags),
        confidence=row.confidence,
        engine=row.engine,
        duration_ms=row.duration_ms,
        credits=row.credits,
        created_at=row.created_at,
    )
