"""Finding the pictures that were named on the command line."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from core.usecases.images.add import Incoming, Refusal

CLUTTER = frozenset({"thumbs.db", "desktop.ini"})


@attrs.frozen(kw_only=True)
class Found:
    """Files to offer, in natural order, and those that cannot even be opened or that were named twice."""

    files: tuple[Incoming, ...]
    refused: tuple[Refusal, ...]


def find_files(paths: Sequence[Path], *, recursive: bool, leave_out: Iterable[Path] = ()) -> Found:
    """Look for files; in folders hidden ones are skipped, and files of the same content are taken once.

    Args:
        recursive: look into folders of folders too.
        leave_out: files that are no pictures, such as the brief.
    """
    skipped = {path.resolve() for path in leave_out}
    files: list[Incoming] = []
    refused: list[Refusal] = []
    seen: set[Path] = set()
    for path in _walk(paths, recursive=recursive):
        real = path.resolve()
        if real in skipped or real in seen:
            continue
        seen.add(real)
        item = _look(path)
        files.append(item) if isinstance(item, Incoming) else refused.append(item)
    unique, twins = _without_twins(files)
    return Found(files=tuple(unique), refused=(*refused, *twins))


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts ``img2`` before ``img10``, whatever the letter case."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]


def _walk(paths: Sequence[Path], *, recursive: bool) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        entries = sorted(path.iterdir(), key=lambda p: natural(p.name))
        shown = [p for p in entries if not p.name.startswith(".") and p.name.casefold() not in CLUTTER]
        yield from (p for p in shown if not p.is_dir())
        if recursive:
            yield from _walk([p for p in shown if p.is_dir() and not p.is_symlink()], recursive=True)


def _look(path: Path) -> Incoming | Refusal:
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            return _refuse(path, "not_a_file", "it is not a file")
        with path.open("rb"):
            return Incoming(name=path.name, path=path.absolute(), bytes=facts.st_size)
    except OSError as error:
        return _refuse(path, "unreadable", f"it cannot be read ({error.strerror})")


def _refuse(path: Path, code: str, reason: str) -> Refusal:
    return Refusal(name=path.name, code=code, message=f"{path.name}: {reason}.", details={"path": str(path)})


def _without_twins(files: Sequence[Incoming]) -> tuple[list[Incoming], list[Refusal]]:
    """Drop repeated contents; only files of equal size are read for that."""
    sizes: dict[int, int] = {}
    for file in files:
        sizes[file.bytes] = sizes.get(file.bytes, 0) + 1
    first: dict[str, str] = {}
    unique: list[Incoming] = []
    twins: list[Refusal] = []
    for file in files:
        digest = _digest(file.path) if file.bytes and sizes[file.bytes] > 1 else os.fspath(file.path)
        if digest in first:
            reason = f"it is the same picture as {first[digest]}"
            twins.append(_refuse(file.path, "duplicate", reason))
            continue
        first[digest] = file.name
        unique.append(file)
    return unique, twins


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
