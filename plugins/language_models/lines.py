"""One connection for one answer, which may be cut from any thread at any moment."""

import enum
import functools
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 10.0


class Cut(enum.StrEnum):
    """Why a line was cut."""

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


class Line:
    """The connection of one answer.

    Each answer has one of its own: an idle one that the provider closed meanwhile would look like a lost answer, and
    cutting one stops exactly one answer. Nothing is followed elsewhere: a redirect could carry the key to a stranger.

    Args:
        seconds: time for the whole answer; the line is cut when it is over.

    Attributes:
        http: the client that a library is to send its request with.
        cut_for: why it was cut; None while it was not.
        was_sent: whether anything of a request was sent.
    """

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self.cut_for: Cut | None = None
        self.was_sent = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self.http = self._client()
        self._deadline = threading.Timer(seconds, self.cut, (Cut.TOO_LATE,))
        self._deadline.daemon = True

    def __enter__(self) -> "Line":
        self._deadline.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._deadline.cancel()
        self._shut_all()  # closing the client leaves a connection open while its answer is being read
        self.http.close()

    def cut(self, why: Cut) -> None:
        """End the connection; what waits for it fails at once."""
        with self._lock:
            self.cut_for = self.cut_for or why
        self._shut_all()

    def _shut_all(self) -> None:
        with self._lock:
            sockets = tuple(self._sockets)
        for each in sockets:
            _shut(each)

    def _client(self) -> "httpx2.Client":
        import httpx2

        from plugins.language_models.bounds import bound

        return httpx2.Client(
            verify=certificates(),
            timeout=httpx2.Timeout(self.seconds, connect=min(CONNECT_SECONDS, self.seconds)),
            follow_redirects=False,
            event_hooks={"request": [self._watch], "response": [bound]},
        )

    def _watch(self, request: "httpx2.Request") -> None:
        request.extensions["trace"] = self._note

    def _note(self, event: str, facts: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._hold(facts["return_value"].get_extra_info("socket"))
        elif event.endswith("send_request_headers.started"):
            self.was_sent = True

    def _hold(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.append(opened)
            is_cut = self.cut_for is not None
        if is_cut:
            _shut(opened)


def _shut(opened: socket.socket) -> None:
    """Wake whoever waits for this socket; closing it would not, and TLS has nothing to say any more."""
    shutdown: Callable[..., None] = socket.socket.shutdown
    try:
        shutdown(opened, socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


@functools.cache
def certificates() -> Any:
    """Return the trusted certificates; they are read once, as that takes a third of a second."""
    import httpx2

    return httpx2.create_ssl_context()
