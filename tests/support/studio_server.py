"""A real server in a process of its own, as an operator would start it: it can be killed and started again."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import attrs

from core.errors import ProviderUnavailableError

ADDRESS = re.compile(r"http://\S+:(\d+)/")
START_SECONDS = 60


@attrs.define
class StudioServer:
    """``i2i serve`` with a home of its own.

    Args:
        home: folder of its database and files; it may exist.
        settings: further settings, as environment variables.
        port: kept over restarts; 0 takes a free one at the first start.
    """

    home: Path
    settings: dict[str, str] = attrs.field(factory=dict)
    port: int = 0
    output: list[str] = attrs.field(factory=list)
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Environment of the server and of the command line beside it."""
        return {**os.environ, "I2I_HOME": str(self.home), "PYTHONUNBUFFERED": "1", **self.settings}

    def cli(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and return what it prints."""
        command = [sys.executable, "-m", "i2i", *arguments, "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ProviderUnavailableError(f"{arguments}: {done.stderr or done.stdout}")
        return json.loads(done.stdout)

    def start(self, options: Sequence[str] = ()) -> Self:
        """Start and wait until it answers.

        Raises:
            ProviderUnavailableError: it ended instead.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "i2i", "serve", "--port", str(self.port), *options]
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        if not ready.wait(START_SECONDS) or self._process.poll() is not None:
            self.kill()
            raise ProviderUnavailableError("The server did not start:\n" + "".join(self.output[-40:]))
        return self

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        for line in process.stdout or ():
            self.output.append(line)
            found = ADDRESS.search(line)
            if found and not ready.is_set():
                self.port = int(found[1])
                ready.set()
        ready.set()

    def kill(self) -> None:
        """End it without warning, together with its children."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            if number is signal.SIGKILL:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)
        except ProcessLookupError:
            pass
        self._process.wait(60)
        self._process = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()
