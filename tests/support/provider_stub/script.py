"""What the server is told to do with the next requests."""

import select
import socket
from collections.abc import Mapping
from typing import Any

import attrs


class Hold:
    """Keeps an answer back until a test lets it go; no clock is involved."""

    def __init__(self) -> None:
        self._waker, self._sleeper = socket.socketpair()
        self._reached, self._told = socket.socketpair()
        self.was_dropped = False

    def release(self) -> None:
        """Let the answer go on."""
        self._waker.send(b"x")

    def wait(self, client: socket.socket) -> None:
        """Wait in the server until the hold is released.

        Raises:
            ConnectionError: whoever asked went away meanwhile.
        """
        self._told.send(b"x")
        ready, _, _ = select.select([self._sleeper, client], [], [], 30)
        if client in ready and not client.recv(1, socket.MSG_PEEK):
            self.was_dropped = True
            self._told.send(b"x")
            raise ConnectionError("the client went away")

    def wait_until_reached(self) -> None:
        """Wait in a test until the server has come to the hold, or, the second time, until the client went away."""
        self._reached.settimeout(10)
        self._reached.recv(1)


@attrs.frozen(kw_only=True)
class Answer:
    """A text, whole or in pieces, as the request wants it.

    Args:
        end: ``stop``, ``length``, ``refusal`` or ``filter``.
        usage: tokens in (with the cached ones), cached, out.
        hold: holds the answer back after its first piece.
        cut_after: the connection breaks after so many pieces.
        has_end: whether the events that end it are sent; the connection closes in order in any case.
    """

    pieces: tuple[str, ...]
    end: str = "stop"
    usage: tuple[int, int, int] = (120, 40, 30)
    hold: Hold | None = None
    cut_after: int | None = None
    has_end: bool = True


@attrs.frozen(kw_only=True)
class Fault:
    """An error answer; its body is checked with the specification where that knows the status."""

    status: int
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Silence:
    """No answer until the hold is released."""

    hold: Hold


@attrs.frozen(kw_only=True)
class Hangup:
    """The connection breaks before there is an answer."""


@attrs.frozen(kw_only=True)
class Raw:
    """Bytes that no provider should send, unchecked."""

    content: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)


Item = Answer | Fault | Silence | Hangup | Raw
