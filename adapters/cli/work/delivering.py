"""Writing finished files into a folder, without ever overwriting something else by accident."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from adapters.cli.session import Session
from core.domain.editing.naming import safe_stem
from core.errors import ConflictError, InvalidInputError, ProviderUnavailableError
from core.usecases.delivery.results import Choice, GetResults, ImageResult, OrderResults, ResultFile

SHOWN = 5


def safe_name(name: str) -> str:
    """Return a file name without folders: an original may carry any name."""
    path = Path(name.replace("\\", "/"))
    return f"{safe_stem(path.stem)}{path.suffix if path.suffix.isprintable() else ''}"


class FileExistsConflictError(InvalidInputError):
    """Files of other content are in the way."""

    default_code = "file_exists"

    def __init__(self, paths: Sequence[Path]) -> None:
        first = ", ".join(str(p) for p in paths[:SHOWN])
        more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
        super().__init__(
            f"Other files are in the way: {first}{more}. Choose another folder, or replace them with --overwrite.",
            details={"paths": [str(p) for p in paths]},
        )


@attrs.frozen(kw_only=True)
class Delivered:
    """A finished file and where it was written."""

    image: ImageResult
    result: ResultFile
    path: Path


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, before any work is done.

    Raises:
        InvalidInputError: code ``output_not_writable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(f"{folder}: {error.strerror}.", code="output_not_writable") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidInputError(f"{folder}: the folder cannot be written.", code="output_not_writable")


def gather(session: Session, order_ids: Iterable[str], outputs: Sequence[str] = ()) -> list[OrderResults]:
    """Return the results of orders."""
    choice = Choice(outputs=tuple(outputs) or None)
    get = session.use(GetResults)
    return [get(actor=session.actor, order_id=order_id, choice=choice) for order_id in order_ids]


def place(results: Iterable[OrderResults], folder: Path) -> list[Delivered]:
    """Give every finished file its path; names that meet across orders get ``-2``, ``-3`` …"""
    taken: set[str] = set()
    placed: list[Delivered] = []
    for order in results:
        for image in order.images:
            for file in image.files:
                path = _free(file.path, taken)
                placed.append(Delivered(image=image, result=file, path=folder / path))
    return placed


def _free(path: str, taken: set[str]) -> str:
    stem, dot, extension = path.rpartition(".")
    number, candidate = 1, path
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem}-{number}{dot}{extension}"
    taken.add(candidate.casefold())
    return candidate


def deliver(session: Session, placed: Sequence[Delivered], *, overwrite: bool) -> None:
    """Write the files; one that is there already with the same content is left alone.

    Raises:
        FileExistsConflictError: other contents are in the way; nothing was written.
        ProviderUnavailableError: the folder cannot be written.
    """
    missing = [d for d in placed if not has_content(d.path, d.result.file.sha256)]
    blocked = [d.path for d in missing if os.path.lexists(d.path)]
    if blocked and not overwrite:
        raise FileExistsConflictError(blocked)
    try:
        for item in missing:
            _write(session, item)
    except OSError as error:
        raise ProviderUnavailableError(
            f"{error.filename or 'The folder'}: {error.strerror}. The results are kept in the order.",
            code="output_not_writable",
        ) from error


def has_content(path: Path, sha256: str) -> bool:
    """Whether a file is there and holds this content."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _write(session: Session, item: Delivered) -> None:
    """Write beside the target and rename, so that nobody sees half a picture."""
    if item.path.is_dir():
        raise ConflictError(f"{item.path} is a folder.", code="file_exists")
    item.path.parent.mkdir(parents=True, exist_ok=True)
    draft = item.path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with session.app.blobs.open(item.result.file.storage_key) as source, draft.open("xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        draft.replace(item.path)
    finally:
        draft.unlink(missing_ok=True)


def write_chunks(path: Path, chunks: Iterable[bytes], *, overwrite: bool) -> None:
    """Write a stream to a file that appears when it is complete.

    Raises:
        FileExistsConflictError: there is a file already.
        ProviderUnavailableError: it cannot be written.
    """
    if os.path.lexists(path) and not overwrite:
        raise FileExistsConflictError([path])
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            file.writelines(chunks)
        draft.replace(path)
    except OSError as error:
        raise ProviderUnavailableError(f"{path}: {error.strerror}.", code="output_not_writable") from error
    finally:
        draft.unlink(missing_ok=True)
