"""Writing files so that nobody sees half of one."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import ProviderUnavailableError
from core.ports.dam import DamFullError

NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def draft_of(folder: Path, content: Path | bytes) -> Iterator[Path]:
    """Write a flushed hidden file, and remove it afterwards unless it was renamed."""
    draft = folder / f".i2i-{secrets.token_hex(8)}"
    try:
        with draft.open("xb") as writer:
            if isinstance(content, bytes):
                writer.write(content)
            else:
                with content.open("rb") as reader:
                    shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        yield draft
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def publish_new(draft: Path, path: Path) -> bool:
    """Give a draft its name unless another file has that; several exporters at once do not overwrite one another."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return _reserve(draft, path)
    return True


def _reserve(draft: Path, path: Path) -> bool:
    """Do the same where there are no hard links (FAT, some shares): the name is taken first, empty for a moment."""
    try:
        path.open("xb").close()
    except FileExistsError:
        return False
    try:
        draft.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def flush_folder(folder: Path) -> None:
    """Make new names survive a crash, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn an error of the operating system into one of the port."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DamFullError(f"There is no room left in {folder}.") from error
        raise ProviderUnavailableError(f"The folder {folder} cannot be used: {error.strerror}.") from error
