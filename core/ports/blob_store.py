"""Port: the store of file contents."""

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

import attrs

from core.errors import LimitReachedError, NotFoundError


class BlobNotFoundError(NotFoundError):
    """There is no content under this key."""

    default_code = "blob_not_found"


class StorageFullError(LimitReachedError):
    """The store has no room; nothing half-written is left."""

    default_code = "storage_full"


@attrs.frozen(kw_only=True)
class Blob:
    """What a store knows of a content."""

    key: str
    bytes: int
    modified_at: dt.datetime


@attrs.frozen(kw_only=True)
class StoredContent:
    """Where an ingested file went, its lowercase hex SHA-256 and its size."""

    key: str
    sha256: str
    bytes: int


@attrs.frozen(kw_only=True)
class PresignedPost:
    """A form with which a browser uploads one object by itself, for at most five minutes."""

    url: str
    fields: dict[str, str]
    key: str
    expires_at: dt.datetime


class BlobStore(Protocol):
    """Keeps contents under keys of lowercase letters, digits, ``/``, ``-``, ``_`` and ``.``.

    Contents are immutable: ``put`` under an existing key replaces it whole or not at all. Keys outside the
    alphabet, absolute, or with ``.`` or ``..`` segments are refused with ``InvalidInputError``.
    """

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a local file; a reader never sees half of it, and it survives a crash once this returns.

        Args:
            move: the source may be consumed (renamed into the store where that is possible), which saves a copy.

        Raises:
            StorageFullError: there is no room.
            ProviderUnavailableError: the store cannot be reached or written.
        """
        ...

    def ingest(self, prefix: str, source: Path) -> StoredContent:
        """Store a local file under ``<prefix>/<aa>/<sha256>``, hashing it in the same pass (``source`` stays).

        Storing a content again refreshes its age, so that the sweeper does not take it.

        Raises:
            StorageFullError, ProviderUnavailableError: as for ``put``.
        """
        ...

    def staging(self) -> AbstractContextManager[Path]:
        """Offer a private empty folder from which ``put(…, move=True)`` is a rename; removed afterwards."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Open a content for reading.

        Raises:
            BlobNotFoundError: there is none.
        """
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """Offer a content as a local file that must not be changed; a downloaded copy is removed afterwards.

        Raises:
            BlobNotFoundError: there is none.
        """
        ...

    def exists(self, key: str) -> bool:
        """Whether there is a content."""
        ...

    def delete(self, key: str) -> None:
        """Remove a content; removing what is not there is fine."""
        ...

    def list(self, prefix: str) -> Iterable[Blob]:
        """Walk over all contents whose key starts with a prefix."""
        ...

    def presign_get(self, key: str, *, name: str, expires: dt.timedelta) -> str | None:
        """Return an address from which anyone can download for a while, as an attachment of that name.

        None when this store cannot do it.
        """
        ...

    def presign_post(
        self, key: str, *, content_type: str, max_bytes: int, expires: dt.timedelta
    ) -> PresignedPost | None:
        """Return a form for one upload under exactly this key; None when this store cannot do it."""
        ...
