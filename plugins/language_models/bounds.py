"""How much a provider may send; importing this imports the HTTP library."""

from collections.abc import Iterator

import httpx2

MAX_BYTES = 8_000_000


class TooMuchError(httpx2.ReadError):
    """The provider sends more than any answer has."""


class BoundedStream(httpx2.SyncByteStream):
    """The body of a response up to a limit."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._stream:
            received += len(chunk)
            if received > MAX_BYTES:
                raise TooMuchError("the answer is too long")
            yield chunk

    def close(self) -> None:
        """Close what is behind it."""
        self._stream.close()


def bound(response: httpx2.Response) -> None:
    """Put the limit on a response that is about to be read."""
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = BoundedStream(response.stream)
