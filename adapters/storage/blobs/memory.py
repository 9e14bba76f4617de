"""Keeps contents in memory, for tests of what uses a store."""

import datetime as dt
import hashlib
import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.storage.blobs.keys import check_key, check_prefix, content_key
from core.ports.blob_store import Blob, BlobNotFoundError, PresignedPost, StorageFullError, StoredContent


class MemoryBlobStore:
    """A blob store that is gone with its process; thread-safe.

    Args:
        capacity: bytes in all; None for no limit.
    """

    def __init__(self, capacity: int | None = None) -> None:
        self.capacity = capacity
        self._contents: dict[str, tuple[bytes, dt.datetime]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a copy of a local file.

        Raises:
            StorageFullError: it does not fit into the capacity.
        """
        self._store(check_key(key), source.read_bytes())

    def ingest(self, prefix: str, source: Path) -> StoredContent:
        """Store a copy of a local file under ``<prefix>/<aa>/<sha256>``.

        Raises:
            StorageFullError: it does not fit into the capacity.
        """
        check_key(prefix)
        content = source.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        key = content_key(prefix, sha256)
        self._store(key, content)
        return StoredContent(key=key, sha256=sha256, bytes=len(content))

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Offer a private empty folder; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix="i2i-") as folder:
            yield Path(folder)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open a content for reading.

        Raises:
            BlobNotFoundError: there is none.
        """
        with io.BytesIO(self._get(key)) as file:
            yield file

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Offer a temporary copy.

        Raises:
            BlobNotFoundError: there is none.
        """
        content = self._get(key)
        with tempfile.TemporaryDirectory(prefix="i2i-") as folder:
            path = Path(folder) / key.rpartition("/")[2]
            path.write_bytes(content)
            yield path

    def exists(self, key: str) -> bool:
        """Whether there is a content."""
        return check_key(key) in self._contents

    def delete(self, key: str) -> None:
        """Remove a content; removing what is not there is fine."""
        with self._lock:
            self._contents.pop(check_key(key), None)

    def list(self, prefix: str) -> Iterator[Blob]:
        """Walk over all contents whose key starts with a prefix."""
        check_prefix(prefix)
        with self._lock:
            found = sorted(self._contents.items())
        return (
            Blob(key=key, bytes=len(content), modified_at=modified_at)
            for key, (content, modified_at) in found
            if key.startswith(prefix)
        )

    def presign_get(self, key: str, *, name: str, expires: dt.timedelta) -> str | None:
        """Return None: memory has no address."""

    def presign_post(
        self, key: str, *, content_type: str, max_bytes: int, expires: dt.timedelta
    ) -> PresignedPost | None:
        """Return None: memory has no address."""

    def _store(self, key: str, content: bytes) -> None:
        with self._lock:
            used = sum(len(other) for name, (other, _) in self._contents.items() if name != key)
            if self.capacity is not None and used + len(content) > self.capacity:
                raise StorageFullError("There is no room left for files.")
            self._contents[key] = content, dt.datetime.now(dt.UTC)

    def _get(self, key: str) -> bytes:
        try:
            return self._contents[check_key(key)][0]
        except KeyError:
            raise BlobNotFoundError(f"There is no stored file {key}.") from None
