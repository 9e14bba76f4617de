"""Checks of a file's structure that cost nothing beside decoding it: traps that decoders pass over silently."""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from core.errors import I2IError, InvalidInputError, TooLargeError

MAX_INFLATED = 32 * 1024 * 1024
MAX_DIRECTORIES = 1000
_COMPRESSED_CHUNKS = (b"iCCP", b"zTXt", b"iTXt")
_STRIP_TAGS = MappingProxyType({273: "offsets", 279: "counts", 324: "offsets", 325: "counts"})
_FIELD_BYTES: Mapping[int, int] = MappingProxyType({1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8})
_FIELD_CODES: Mapping[int, str] = MappingProxyType({1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"})


def check_container(path: Path, kind: str) -> None:
    """Refuse a PNG whose texts or profile inflate without end, and a TIFF whose directories go in circles.

    Raises:
        TooLargeError: code ``inflates_too_much`` or ``too_many_frames``.
        InvalidInputError: code ``directory_loop``, or ``truncated_image`` for pixel data beyond the end of the file.
    """
    if kind not in ("png", "tiff"):
        return
    with path.open("rb") as file:
        if kind == "png":
            _check_png(file)
        else:
            _check_tiff(file)


def _check_png(file: BinaryIO) -> None:
    """Inflate every compressed text and profile, at most to the limit (PNG, third edition, 11.3)."""
    total = 0
    for kind, data in _chunks(file):
        packed = _packed_part(kind, data)
        total += _inflated(packed, MAX_INFLATED - total)
        if total >= MAX_INFLATED:
            raise TooLargeError(
                f"The texts of the PNG inflate to more than {MAX_INFLATED // 1024**2} MiB.",
                code="inflates_too_much",
                details={"limit": MAX_INFLATED},
            )


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the compressed ancillary chunks in front of and behind the pixels."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind in _COMPRESSED_CHUNKS:
            yield kind, file.read(length)
            file.seek(4, os.SEEK_CUR)
        else:
            file.seek(length + 4, os.SEEK_CUR)


def _packed_part(kind: bytes, data: bytes) -> bytes:
    """Return what is deflated in a chunk, which follows a keyword, a method and, in iTXt, two more texts."""
    _, _, rest = data.partition(b"\0")
    if kind != b"iTXt":
        return rest[1:]
    is_packed, rest = rest[:1] == b"\1", rest[2:]
    return rest.partition(b"\0")[2].partition(b"\0")[2] if is_packed else b""


def _inflated(packed: bytes, limit: int) -> int:
    try:
        return len(zlib.decompressobj().decompress(packed, limit)) if packed and limit > 0 else 0
    except zlib.error:
        return 0


def _check_tiff(file: BinaryIO) -> None:
    """Walk the directories once, and see that the first one's pixels lie inside the file (TIFF 6.0; BigTIFF)."""
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    is_big = struct.unpack(order + "H", head[2:4])[0] == 43
    place = int(struct.unpack_from(order + ("Q" if is_big else "I"), head, 8 if is_big else 4)[0])
    size = os.fstat(file.fileno()).st_size
    seen: set[int] = set()
    while place:
        if place in seen:
            raise _bad("directory_loop", "The directories of the TIFF go in circles.")
        if len(seen) >= MAX_DIRECTORIES:
            raise TooLargeError(f"The TIFF has more than {MAX_DIRECTORIES} pictures.", code="too_many_frames")
        entries, following = _directory(file, place, order, is_big=is_big)
        if not seen:
            _check_strips(file, entries, order, size=size)
        seen.add(place)
        place = following


Entry = tuple[int, int, bytes]


def _directory(file: BinaryIO, place: int, order: str, *, is_big: bool) -> tuple[dict[int, Entry], int]:
    """Return the fields (tag -> type, count, value or its place) and where the next directory is."""
    count_code, count_bytes, length = ("Q", 8, 20) if is_big else ("H", 2, 12)
    file.seek(place)
    head = file.read(count_bytes)
    if len(head) < count_bytes:
        raise _bad("truncated_image", "The TIFF is cut off before its directory.")
    count = min(int(struct.unpack(order + count_code, head)[0]), 65535)
    body = file.read(count * length + (8 if is_big else 4))
    if len(body) < count * length:
        raise _bad("truncated_image", "The TIFF is cut off in its directory.")
    entries = {}
    for start in range(0, count * length, length):
        tag, kind, number = struct.unpack_from(order + ("HHQ" if is_big else "HHI"), body, start)
        entries[tag] = (kind, number, body[start + (12 if is_big else 8) : start + length])
    tail = body[count * length :]
    following = struct.unpack(order + ("Q" if is_big else "I"), tail)[0] if len(tail) == (8 if is_big else 4) else 0
    return entries, int(following)


def _check_strips(file: BinaryIO, entries: Mapping[int, Entry], order: str, *, size: int) -> None:
    found = {_STRIP_TAGS[t]: _numbers(file, entries[t], order) for t in _STRIP_TAGS if t in entries}
    pairs = zip(found.get("offsets", ()), found.get("counts", ()), strict=False)
    if any(offset + count > size for offset, count in pairs):
        raise _bad("truncated_image", "The TIFF is cut off before its end.")


def _numbers(file: BinaryIO, entry: Entry, order: str) -> tuple[int, ...]:
    kind, count, value = entry
    if kind not in _FIELD_BYTES or count > 2_000_000:
        return ()
    needed = _FIELD_BYTES[kind] * count
    if needed > len(value):
        file.seek(struct.unpack(order + ("Q" if len(value) == 8 else "I"), value)[0])
        value = file.read(needed)
        if len(value) < needed:
            raise _bad("truncated_image", "The TIFF is cut off before its end.")
    return struct.unpack(f"{order}{count}{_FIELD_CODES[kind]}", value[:needed])


def _bad(code: str, message: str) -> I2IError:
    return InvalidInputError(message, code=code)
