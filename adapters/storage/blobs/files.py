"""Copying and flushing files, and what the operating system's errors mean."""

import errno
import hashlib
import mmap
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import ProviderUnavailableError
from core.ports.blob_store import BlobNotFoundError, StorageFullError

CHUNK = 1 << 20
NO_KERNEL_COPY = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def copy(reader: BinaryIO, writer: BinaryIO) -> None:
    """Copy inside the kernel where it can (Btrfs and XFS then share the blocks), and whatever is left by hand."""
    if hasattr(os, "copy_file_range"):
        try:
            while os.copy_file_range(reader.fileno(), writer.fileno(), 1 << 30):
                pass
        except OSError as error:
            if error.errno not in NO_KERNEL_COPY:
                raise
    shutil.copyfileobj(reader, writer, CHUNK)


def copy_hashing(reader: BinaryIO, writer: BinaryIO, digest: "hashlib._Hash") -> None:
    """Copy, then feed a digest with the copy, so that the digest is that of what was stored whatever the source did."""
    copy(reader, writer)
    writer.flush()
    size = os.fstat(writer.fileno()).st_size
    if size == 0:
        return
    with mmap.mmap(writer.fileno(), size, access=mmap.ACCESS_READ) as content:
        digest.update(content)


def flush_folder(path: Path) -> None:
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
def translated(key: str = "") -> Iterator[None]:
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
