"""Serving: one ASGI application on uvicorn, with Flask in a pool of threads."""

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from adapters.bootstrap import Application
from adapters.web.asgi import WebServer, build_asgi
from adapters.web.supervisor import Supervisor, check_scalable
from core.errors import ConflictError, InvalidInputError

GRACE_SECONDS = 30
KEEP_ALIVE_SECONDS = 75
BACKLOG = 512


def serve(
    application: Application, *, host: str, port: int, processes: int = 1,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:  # fmt: skip
    """Serve until interrupted; running requests and pictures under way are finished first.

    Args:
        application: wired ports and use cases; workers run in this process when the broker is embedded.
        port: 0 takes a free one.
        processes: server processes on the one socket; more than one need the redis broker and PostgreSQL.
        on_ready: called with the address once requests are accepted.

    Raises:
        ConflictError: code ``address_in_use``.
        InvalidInputError: code ``invalid_address``, ``workers_need_redis`` or ``workers_need_postgresql``.
    """
    if processes > 1:
        check_scalable(application.settings)
    listener = listen(host, port)
    if processes > 1:
        with listener:
            supervisor = Supervisor(application.settings, listener, size=processes)
            supervisor.run(on_ready=lambda: on_ready(address_of(listener)))
        return
    application.address = address_of(listener)
    embedded = application.settings.broker == "embedded"
    workers: contextlib.AbstractContextManager[Any] = application.runner() if embedded else contextlib.nullcontext()
    with listener, workers, surviving_signals():
        build_server(application, on_ready=lambda: on_ready(address_of(listener))).run(sockets=[listener])


def build_server(
    application: Application, *, on_ready: Callable[[], None], web: WebServer | None = None
) -> uvicorn.Server:
    """Return a server over an application; ``should_exit`` ends it.

    Args:
        web: what answers requests; built with the usual limits when None.
    """
    web = web or build_asgi(application)
    config = uvicorn.Config(
        web, log_config=None, access_log=False, server_header=False, lifespan="off", proxy_headers=False, ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS, timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )  # fmt: skip
    return _Server(config, web, on_ready)


def listen(host: str, port: int) -> socket.socket:
    """Open the socket, before anything else is started.

    Raises:
        ConflictError: code ``address_in_use``.
        InvalidInputError: code ``invalid_address``.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except socket.gaierror as error:
        raise InvalidInputError(f"{host} is no address of this machine.", code="invalid_address") from error
    except OSError as error:
        raise ConflictError(f"Cannot listen on {host}:{port}: {error.strerror}.", code="address_in_use") from error
    listener.listen(BACKLOG)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address that a browser can open."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is read here, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


class _Server(uvicorn.Server):
    """Tells when it accepts requests, and ends the streams when it stops."""

    def __init__(self, config: uvicorn.Config, web: WebServer, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._web = web
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut the streams off, which have no end of their own, and let everything else be finished."""
        self._web.stop()
        await super().shutdown(sockets=sockets)
        self._web.close()


@contextlib.contextmanager
def surviving_signals() -> Iterator[None]:
    """Keep the process alive until the workers have ended: uvicorn raises the signal again that it stopped for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(s, lambda *_: None) for s in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
