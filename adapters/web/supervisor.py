"""Several server processes on one listening socket; one that dies is replaced."""

import contextlib
import multiprocessing
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

import attrs
import structlog

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.system.logging import set_up_logging
from core.errors import ConflictError, InvalidInputError

STOP_SECONDS = 35.0
LOOK_EVERY = 0.5
STARTS_IN_A_ROW = 5
STEADY_SECONDS = 10.0
log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.serve")
_context = multiprocessing.get_context("spawn")  # a fork would share connections to the database


def check_scalable(settings: Settings) -> None:
    """Refuse several server processes where they would not work together.

    Raises:
        InvalidInputError: code ``workers_need_redis`` or ``workers_need_postgresql``; the message tells the remedy.
    """
    if settings.broker != "redis":
        raise InvalidInputError(
            "Several server processes need the redis broker: with the embedded one each would edit pictures by itself"
            " and count requests by itself. Set I2I_BROKER=redis and run `i2i worker` beside the server, or leave"
            " --workers at 1.",
            code="workers_need_redis",
        )
    if settings.database_url.startswith("sqlite"):
        raise InvalidInputError(
            "Several server processes need PostgreSQL: on SQLite they would wait for one another with every change."
            " Set I2I_DATABASE_URL=postgresql://…, or leave --workers at 1.",
            code="workers_need_postgresql",
        )


@attrs.define(eq=False)
class _Member:
    """One server process; its end of the pipe says when it is ready, and closes when this process is gone."""

    process: SpawnProcess
    pipe: Connection
    born: float
    is_ready: bool = False


class Supervisor:
    """Keeps a number of server processes alive until it is told to stop."""

    def __init__(self, settings: Settings, listener: socket.socket, *, size: int) -> None:
        self._settings = settings
        self._listener = listener
        self._size = size
        self._members: list[_Member] = []
        self._told = threading.Event()
        self._failures = 0

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start all, replace those that die, and end them all on SIGTERM or SIGINT; called from the main thread.

        Raises:
            ConflictError: code ``servers_die``; one process after another ended by itself.
        """
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._members = [self._hire() for _ in range(self._size)]
            has_told = False
            while not self._told.is_set():
                self._look()
                self._replace_the_dead()
                if not has_told and all(m.is_ready for m in self._members):
                    has_told = True
                    on_ready()
        finally:
            self._dismiss()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self._told.set()

    def _hire(self) -> _Member:
        ours, theirs = _context.Pipe()
        process = _context.Process(target=serve_one, args=(self._settings, self._listener, theirs), name="i2i-server")
        process.start()
        theirs.close()
        return _Member(process, ours, time.monotonic())

    def _look(self) -> None:
        """Wait until something changes, and take note of who accepts requests."""
        unready = [m for m in self._members if not m.is_ready]
        wait([*(m.process.sentinel for m in self._members), *(m.pipe for m in unready)], timeout=LOOK_EVERY)
        for member in unready:
            with contextlib.suppress(EOFError, OSError):
                member.is_ready = member.pipe.poll() and bool(member.pipe.recv())

    def _replace_the_dead(self) -> None:
        for place, member in enumerate(self._members):
            if member.process.is_alive() or self._told.is_set():
                continue
            self._failures = 0 if time.monotonic() - member.born > STEADY_SECONDS else self._failures + 1
            log.warning("server_died", pid=member.process.pid, exit=member.process.exitcode, failures=self._failures)
            if self._failures > STARTS_IN_A_ROW:
                raise ConflictError(
                    "One server process after another ended by itself; the log says why.", code="servers_die"
                )
            member.pipe.close()
            self._told.wait(min(0.25 * 2**self._failures, 8.0) if self._failures else 0)
            self._members[place] = self._hire()

    def _dismiss(self) -> None:
        """Let all finish what they are doing, and end those that take too long."""
        for member in self._members:
            with contextlib.suppress(ProcessLookupError):
                member.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for member in self._members:
            member.process.join(max(0.0, deadline - time.monotonic()))
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
            member.pipe.close()


def serve_one(settings: Settings, listener: socket.socket, pipe: Connection) -> None:
    """Be one server process: until a signal comes, or the process that watches over it is gone."""
    from adapters.web.server import address_of, build_server, surviving_signals

    set_up_logging(format=settings.log_format, level=settings.log_level)
    with Application(settings) as application, listener, surviving_signals():
        application.address = address_of(listener)
        server = build_server(application, on_ready=lambda: pipe.send("ready"))

        def leave_with_parent() -> None:
            with contextlib.suppress(EOFError, OSError):
                pipe.recv()
            server.should_exit = True

        threading.Thread(target=leave_with_parent, daemon=True).start()
        server.run(sockets=[listener])
