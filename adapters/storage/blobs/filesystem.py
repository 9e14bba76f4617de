"""Keeps contents as files below one folder: temporary name, flush, rename, flush of the folder."""

import datetime as dt
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from adapters.storage.blobs.keys import check_key, check_prefix
from core.errors import InvalidInputError, ProviderUnavailableError
from core.ports.blob_store import Blob, BlobNotFoundError, PresignedPost, StorageFullError

NO_KERNEL_COPY = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
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

    def put(self, key: str, source: Path) -> None:
        """Store a copy of a local file; a reader never sees half of it, and it survives a crash once this returns.

        Raises:
            StorageFullError: there is no room.
            ProviderUnavailableError: the folder cannot be written.
        """
        target = self._path(key)
        with source.open("rb") as reader, _translated():
            draft = self._folder(self.root / UNFINISHED) / secrets.token_hex(16)
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writer:
                    _copy(reader, writer)
                    writer.flush()
                    os.fsync(writer.fileno())
                folder = self._folder(target.parent)
                draft.replace(target)
            except BaseException:
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
                raise
            _flush_folder(folder)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open a content for reading.

        Raises:
            BlobNotFoundError: there is none.
        """
        path = self._path(key)
        with _translated(key):
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
        with _translated():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove a content; removing what is not there is fine."""
        path = self._path(key)
        with _translated():
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return
            _flush_folder(path.parent)

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
        """Remove what killed writers left before a moment, and return how many files that was."""
        removed = 0
        with _translated():
            for draft in (self.root / UNFINISHED).glob("*"):
                with suppress(FileNotFoundError):
                    if draft.stat().st_mtime < older_than.timestamp():
                        draft.unlink()
                        removed += 1
        return removed

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
        if path not in self._flushed:
            if path != self.root:
                self._folder(path.parent)
            path.mkdir(mode=0o700, parents=path == self.root, exist_ok=True)
            _flush_folder(path.parent)
            self._flushed.add(path)
        return path

    def _walk(self, folder: Path, prefix: str) -> Iterator[Blob]:
        with _translated():
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except (FileNotFoundError, NotADirectoryError):
                return
        for entry in entries:
            key = Path(entry.path).relative_to(self.root).as_posix()
            if entry.is_dir(follow_symlinks=False):
                if entry.name != UNFINISHED and f"{key}/".startswith(prefix[: len(key) + 1]):
                    yield from self._walk(Path(entry.path), prefix)
            elif key.startswith(prefix):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    state = entry.stat(follow_symlinks=False)
                    modified_at = dt.datetime.fromtimestamp(state.st_mtime, dt.UTC)
                    yield Blob(key=key, bytes=state.st_size, modified_at=modified_at)


def _copy(reader: BinaryIO, writer: BinaryIO) -> None:
    """Copy inside the kernel where it can (Btrfs and XFS then share the blocks), and whatever is left by hand."""
    if hasattr(os, "copy_file_range"):
        try:
            while os.copy_file_range(reader.fileno(), writer.fileno(), 1 << 30):
                pass
        except OSError as error:
            if error.errno not in NO_KERNEL_COPY:
                raise
    shutil.copyfileobj(reader, writer, 1 << 20)


def _flush_folder(path: Path) -> None:
    """Make the names in a folder survive a crash; some network file systems cannot, and need not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _translated(key: str = "") -> Iterator[None]:
    """Turn an error of the operating system into one of the port."""
    try:
        yield
    except (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        if key:
            raise BlobNotFoundError(f"There is no stored file {key}.") from error
        raise ProviderUnavailableError("A folder of the stored files is missing, or a file is in its place.") from error
    except OSError as error:
        if error.errno in FULL:
            raise StorageFullError("There is no room left for files.") from error
        raise ProviderUnavailableError(f"The folder of stored files cannot be used: {error.strerror}.") from error
