"""Keeps contents as files below one folder: temporary name, flush, rename, flush of the folder."""

import datetime as dt
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from adapters.storage.blobs.files import copy, copy_hashing, flush_folder, translated
from adapters.storage.blobs.keys import check_key, check_prefix, content_key
from core.errors import InvalidInputError
from core.ports.blob_store import Blob, BlobNotFoundError, PresignedPost, StoredContent

UNFINISHED = ".unfinished"


class FilesystemBlobStore:
    """A blob store in a local folder.

    A content is first written into ``.unfinished`` below the same root, so that the last step is a rename within one
    file system; what a killed writer leaves there is never readable under a key and is removed by ``sweep``.

    Args:
        root: absolute path of the folder; created on first use, for its owner alone.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._resolved: Path | None = None
        self._flushed: set[Path] = set()

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a local file; a reader never sees half of it, and it survives a crash once this returns.

        Args:
            move: rename the source into the store; one on another file system, or with another name, is copied.

        Raises:
            StorageFullError: there is no room.
            ProviderUnavailableError: the folder cannot be written.
        """
        target = self._path(key)
        with source.open("rb") as reader, translated():
            if move and self._moved(reader, source, target):
                return
            with self._draft(lambda writer: copy(reader, writer)) as draft:
                self._publish(draft, target)

    def ingest(self, prefix: str, source: Path) -> StoredContent:
        """Store a local file under ``<prefix>/<aa>/<sha256>``, hashing it in the same pass.

        Raises:
            StorageFullError: there is no room.
            ProviderUnavailableError: the folder cannot be written.
        """
        check_key(prefix)
        digest = hashlib.sha256()
        with (
            source.open("rb") as reader,
            translated(),
            self._draft(lambda writer: copy_hashing(reader, writer, digest)) as draft,
        ):
            key, size = content_key(prefix, digest.hexdigest()), draft.stat().st_size
            self._publish(draft, self._path(key))  # also over the same content: that refreshes its age
        return StoredContent(key=key, sha256=digest.hexdigest(), bytes=size)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Offer a private empty folder on the same file system; removed afterwards."""
        with translated():
            folder = self._folder(self.root / UNFINISHED) / secrets.token_hex(16)
            folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open a content for reading.

        Raises:
            BlobNotFoundError: there is none.
        """
        path = self._path(key)
        with translated(key):
            reader = path.open("rb")
        with reader:
            yield reader

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Offer the stored file itself, which must not be changed.

        Raises:
            BlobNotFoundError: there is none.
        """
        if not self.exists(key):
            raise BlobNotFoundError(f"There is no stored file {key}.")
        yield self.root / key

    def exists(self, key: str) -> bool:
        """Whether there is a content."""
        with translated():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove a content; removing what is not there is fine."""
        path = self._path(key)
        with translated():
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return
            flush_folder(path.parent)

    def list(self, prefix: str) -> Iterator[Blob]:
        """Walk over all contents whose key starts with a prefix, in no particular order."""
        return self._walk(self.root / check_prefix(prefix).rpartition("/")[0], prefix)

    def presign_get(self, key: str, *, name: str, expires: dt.timedelta) -> str | None:
        """Return None: files are served through the application."""

    def presign_post(
        self, key: str, *, content_type: str, max_bytes: int, expires: dt.timedelta
    ) -> PresignedPost | None:
        """Return None: files come in through the application."""

    def sweep(self, older_than: dt.datetime) -> int:
        """Remove what killed writers left before a moment, and return how many files and folders that was."""
        removed = 0
        with translated():
            for draft in (self.root / UNFINISHED).glob("*"):
                with suppress(FileNotFoundError):
                    if draft.stat().st_mtime < older_than.timestamp():
                        shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
                        removed += 1
        return removed

    @contextmanager
    def _draft(self, fill: Callable[[BinaryIO], None]) -> Iterator[Path]:
        """Write a flushed file that no key leads to; it is gone afterwards unless it was published."""
        draft = self._folder(self.root / UNFINISHED) / secrets.token_hex(16)
        try:
            with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as writer:
                fill(writer)
                writer.flush()
                os.fsync(writer.fileno())
            yield draft
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _publish(self, draft: Path, target: Path) -> None:
        folder = self._folder(target.parent)
        draft.replace(target)
        flush_folder(folder)

    def _moved(self, reader: BinaryIO, source: Path, target: Path) -> bool:
        """Rename a file into the store if it is a plain one that has no other name through which it could change."""
        if source.is_symlink() or os.fstat(reader.fileno()).st_nlink != 1:
            return False
        os.fchmod(reader.fileno(), 0o600)
        os.fsync(reader.fileno())
        try:
            self._publish(source, target)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return False
            raise
        return True

    def _path(self, key: str) -> Path:
        """Return where a key is kept; the alphabet forbids escapes, and a link planted below the root is caught."""
        path = self.root / check_key(key)
        if self._resolved is None:
            self._resolved = self.root.resolve()
        if not path.resolve().is_relative_to(self._resolved):
            raise InvalidInputError(f"{key!r} leads out of the store.", code="invalid_key")
        return path

    def _folder(self, path: Path) -> Path:
        """Create a folder with its parents and flush each name once, or a crash could lose a file with its folder."""
        if path not in self._flushed or not path.is_dir():
            if path != self.root:
                self._folder(path.parent)
            path.mkdir(mode=0o700, parents=path == self.root, exist_ok=True)
            flush_folder(path.parent)
            self._flushed.add(path)
        return path

    def _walk(self, folder: Path, prefix: str) -> Iterator[Blob]:
        with translated():
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except (FileNotFoundError, NotADirectoryError):
                return
        for entry in entries:
            key = Path(entry.path).relative_to(self.root).as_posix()
            if entry.is_dir(follow_symlinks=False):
                if entry.name != UNFINISHED and f"{key}/".startswith(prefix[: len(key) + 1]):
                    yield from self._walk(Path(entry.path), prefix)
            elif key.startswith(prefix) and entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    state = entry.stat(follow_symlinks=False)
                    modified_at = dt.datetime.fromtimestamp(state.st_mtime, dt.UTC)
                    yield Blob(key=key, bytes=state.st_size, modified_at=modified_at)
