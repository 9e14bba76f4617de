"""The long-running commands, as processes of their own."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.cli.conftest import start
from tests.cli.test_interrupting import read_until

Ask = Callable[..., Any]


def test_a_worker_does_what_was_only_started_and_stops_when_told(
    environ: dict[str, str], answer: Ask, photos: Path
) -> None:
    order = answer("process", photos, "-i", "Canvas 60 x 60 px, JPEG", "--plan-only")["order"]["id"]
    answer("order", "confirm", order, "--no-wait")
    worker = start(environ, "worker", "--json")
    read_until(worker, "Working with")
    answer("order", "watch", order)
    worker.send_signal(signal.SIGTERM)
    stdout, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert json.loads(stdout) == {"stopped": True, "all_finished": True}
    assert answer("order", "status", order)["finished"] == 3


def test_the_server_tells_its_address_and_answers(environ: dict[str, str]) -> None:
    server = start(environ, "serve", "--port", "0", "--json")
    address = read_until(server, "i2i is at ")[-1].split()[-1]
    with urlopen(f"{address}healthz", timeout=20) as response:
        assert response.status == 200
    server.send_signal(signal.SIGINT)
    stdout, _ = server.communicate(timeout=60)
    assert server.returncode == 0
    assert json.loads(stdout) == {"stopped": True}


@pytest.mark.redis
def test_with_redis_the_command_waits_for_workers(
    environ: dict[str, str], redis_url: str, answer: Ask, photos: Path, tmp_path: Path
) -> None:
    environ |= {"I2I_BROKER": "redis", "I2I_REDIS_URL": redis_url}
    worker = start(environ, "worker")
    try:
        read_until(worker, "Working with")
        document = answer("process", photos, "-i", "Canvas 60 x 60 px, JPEG", "-o", tmp_path / "out", "--yes")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert document["credits"]["captured"] == 3
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert {c["state"] for c in answer("doctor")["checks"]} == {"ok"}
