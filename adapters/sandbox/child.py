"""The parent's end of one child process."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from adapters.sandbox import messages
from adapters.sandbox.pipes import DeadlinePipe
from core.errors import ProviderUnavailableError

START_SECONDS = 60.0
# The decoder gets no secrets: only what Python and the libraries need to start.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
_FIXED = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "2",
}


@attrs.frozen(kw_only=True)
class ChildSettings:
    """What kind of child is started, and what it may use.

    Args:
        module: run as ``python -m``; it calls ``adapters.sandbox.worker.main``.
        name: what it is called in errors.
        values: plain values that the child is given when it starts.
        environment: variables of its own.
        memory_bytes: address space.
        tasks_per_child: tasks after which it is replaced.
        idle_memory_bytes: a child that still holds more than this between two tasks is replaced.
    """

    module: str
    name: str
    values: Mapping[str, Any] = attrs.field(factory=dict)
    environment: Mapping[str, str] = attrs.field(factory=dict)
    memory_bytes: int
    tasks_per_child: int
    idle_memory_bytes: int


class ChildEndedError(Exception):
    """The child is gone.

    Args:
        was_slow: whether it was ended because of its use of processor time.
        was_late: whether it was ended because the time for the task was over.
    """

    def __init__(self, message: str, *, was_slow: bool = False, was_late: bool = False) -> None:
        super().__init__(message)
        self.was_slow, self.was_late = was_slow, was_late


class Child:
    """A running worker; used by one thread at a time."""

    def __init__(self, settings: ChildSettings) -> None:
        self._settings = settings
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the process
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment = _FIXED | dict(settings.environment) | passed_on
        environment["PYTHONPATH"] = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 -- the module is named by our own code
            [sys.executable, "-m", settings.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = DeadlinePipe(self._process.stdout.fileno(), self._process.stdin.fileno())
        self.tasks = 0
        self.resident = 0
        self._exchange(
            {"memory_bytes": settings.memory_bytes, "values": dict(settings.values)}, seconds=START_SECONDS
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def is_worn(self) -> bool:
        """Whether it should be replaced before the next task."""
        is_full = self.resident > self._settings.idle_memory_bytes
        return is_full or self.tasks >= self._settings.tasks_per_child or self._process.poll() is not None

    def ask(self, message: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        """Send a task and wait for its answer.

        Raises:
            ChildEndedError: the process died, or was killed because the time was over.
        """
        self.tasks += 1
        return self._exchange(message, seconds=seconds)

    def _exchange(self, message: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        self._pipe.allow(seconds)
        try:
            messages.send(self._pipe, message)
            answer = messages.receive(self._pipe)
        except TimeoutError:
            raise self._ended(f"took longer than {seconds:g} s") from None
        except (OSError, ValueError, messages.WireError):
            # A value error is the pipe that another thread has closed with the engine.
            answer = None
        if answer is None:
            raise self._ended("")
        self.resident = int(answer.get("rss", 0))
        return answer

    def _ended(self, reason: str) -> ChildEndedError:
        self._process.kill()
        code = self._process.wait()
        was_slow = not reason and -code == signal.SIGXCPU
        message = reason or f"ended with {_exit_name(code)}: {self._last_words()}"
        return ChildEndedError(message, was_slow=was_slow, was_late=bool(reason))

    def _last_words(self) -> str:
        if self._log.closed:
            return "closed"
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - 500))
        return self._log.read().decode("utf-8", "replace").strip() or "no message"

    def kill(self) -> None:
        """End the process; safe while another thread waits for its answer."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and free its pipes; for the thread that uses it."""
        self.kill()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()


def _exit_name(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"status {code}"
    except ValueError:
        return f"signal {-code}"


def start_child(settings: ChildSettings) -> Child:
    """Start a worker and wait until it is ready.

    Raises:
        ProviderUnavailableError: code ``engine_start_failed``: it cannot be started.
    """
    try:
        return Child(settings)
    except (OSError, ChildEndedError) as error:
        raise ProviderUnavailableError(
            f"The {settings.name} did not start: {error}.", code="engine_start_failed"
        ) from error
