"""Messages between a parent and its children: length-prefixed JSON, because a child may be hostile by then."""

import json
import struct
from typing import Any, Protocol

MAX_MESSAGE = 16 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class Reader(Protocol):
    """What messages are read from: gives exactly as many bytes as asked, fewer only at the end."""

    def read(self, count: int, /) -> bytes:
        """Read bytes."""
        ...


class Writer(Protocol):
    """What messages are written to."""

    def write(self, data: bytes, /) -> int:
        """Write all bytes."""
        ...

    def flush(self) -> None:
        """Send what is buffered."""
        ...


class WireError(Exception):
    """The other side sent something that is no message."""


def send(stream: Writer, message: dict[str, Any]) -> None:
    """Write one message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: Reader) -> dict[str, Any] | None:
    """Read one message; None at the end of the stream.

    Raises:
        WireError: the message is too long, cut off or no JSON object.
    """
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise WireError("a message was cut off")
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE:
        raise WireError(f"a message of {length} bytes")
    body = stream.read(length)
    if len(body) < length:
        raise WireError("a message was cut off")
    try:
        message = json.loads(body)
    except ValueError as error:
        raise WireError("a message is no JSON") from error
    if not isinstance(message, dict):
        raise WireError("a message is no object")
    return message
