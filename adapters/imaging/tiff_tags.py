"""Adding text tags to a TIFF in memory, because libvips writes none of them."""

import struct
from collections.abc import Mapping

_ASCII = 2
_ENTRY = 12


def with_texts(data: bytes, texts: Mapping[int, str]) -> bytes:
    """Return the file with text tags in its first directory, which is rewritten at the end (TIFF 6.0, section 2).

    Args:
        data: a classic TIFF with one directory, as libvips writes it.
        texts: tag -> text; UTF-8, which readers expect though the standard says ASCII.
    """
    order = "<" if data[:2] == b"II" else ">"
    magic, place = struct.unpack(order + "HI", data[2:8])
    if not texts or magic != 42:
        return data
    (count,) = struct.unpack_from(order + "H", data, place)
    start = place + 2
    entries = {}
    for number in range(count):
        entry = data[start + number * _ENTRY : start + (number + 1) * _ENTRY]
        entries[struct.unpack(order + "H", entry[:2])[0]] = entry
    following = data[start + count * _ENTRY : start + count * _ENTRY + 4]
    body = bytearray(data) + b"\0" * (len(data) % 2)
    for tag, text in texts.items():
        value = text.encode() + b"\0"
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", len(body))
            body += value + b"\0" * (len(value) % 2)
        entries[tag] = struct.pack(order + "HHI", tag, _ASCII, len(value)) + field
    struct.pack_into(order + "I", body, 4, len(body))
    body += struct.pack(order + "H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + following
    return bytes(body)
