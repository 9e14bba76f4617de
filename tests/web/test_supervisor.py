"""Several server processes on one socket."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import psutil
import pytest

from adapters.settings import Settings
from adapters.web import supervisor
from adapters.web.server import listen
from adapters.web.supervisor import check_scalable
from core.errors import ConflictError, InvalidInputError
from tests.support import databases
from tests.support.waiting import wait_until


@attrs.define
class Servers:
    """``i2i serve --workers 2`` as a program."""

    process: "subprocess.Popen[str]"
    port: int

    def children(self) -> list[psutil.Process]:
        """Return the server processes."""
        return [c for c in psutil.Process(self.process.pid).children() if _is_server(c)]

    def answers(self) -> bool:
        """Whether a request is answered."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def _is_server(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:  # it is gone already
        return False


@pytest.fixture
def servers(tmp_path: Path, postgres_url: str, redis_url: str) -> Iterator[Servers]:
    """Return two running server processes."""
    databases.empty(postgres_url)
    environ = {
        **os.environ, "I2I_HOME": str(tmp_path), "I2I_LOG_LEVEL": "warning", "I2I_BROKER": "redis",
        "I2I_REDIS_URL": redis_url, "I2I_DATABASE_URL": postgres_url,
    }  # fmt: skip
    command = [sys.executable, "-m", "i2i", "serve", "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = ""
        while "i2i is at" not in line:
            line = process.stderr.readline()
            assert line, "it ended"
        yield Servers(process, int(line.rpartition(":")[2].strip(" /\n")))
        process.kill()


@pytest.mark.postgres
@pytest.mark.redis
def test_a_server_that_dies_is_replaced_and_all_end_with_the_program(servers: Servers) -> None:
    assert len(servers.children()) == 2
    assert servers.answers()
    victim = servers.children()[0]
    victim.kill()
    wait_until(
        lambda: len(now := servers.children()) == 2 and victim.pid not in {c.pid for c in now}, seconds=30,
        what="another server in its place",
    )  # fmt: skip
    assert servers.answers()
    members = servers.children()
    servers.process.send_signal(signal.SIGTERM)
    out, _ = servers.process.communicate(timeout=60)
    assert (servers.process.returncode, out.strip()) == (0, "Stopped.")
    assert not any(m.is_running() for m in members)


@pytest.mark.postgres
@pytest.mark.redis
def test_servers_do_not_outlive_the_program_that_watches_over_them(servers: Servers) -> None:
    members = servers.children()
    assert len(members) == 2
    servers.process.kill()
    wait_until(lambda: not any(m.is_running() for m in members), seconds=30, what="the end of the servers")
    assert not servers.answers()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, "workers_need_redis"),
        ({"broker": "redis"}, "workers_need_postgresql"),
        ({"database_url": "postgresql+psycopg://127.0.0.1/x"}, "workers_need_redis"),
    ],
)
def test_what_does_not_scale_is_refused_with_the_remedy(tmp_path: Path, settings: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInputError, match="Set I2I_") as refused:
        check_scalable(Settings(home=tmp_path, **settings))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_servers_that_cannot_start_are_not_started_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STARTS_IN_A_ROW", 1)
    monkeypatch.setattr(supervisor, "serve_one", os._exit)
    with listen("127.0.0.1", 0) as listener:
        watching = supervisor.Supervisor(Settings(home=tmp_path), listener, size=1)
        with pytest.raises(ConflictError) as gave_up:
            watching.run(on_ready=lambda: None)
    assert gave_up.value.code == "servers_die"
