"""The long-running commands, as processes of their own."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

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


def _signs_in(address: str, email: str, password: str) -> int:
    """Return the status of signing in as a browser does."""
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(f"{address}api/security/csrf", timeout=20) as response:
        token = json.load(response)["data"]["token"]
    body = json.dumps({"email": email, "password": password}).encode()
    headers = {"Content-Type": "application/json", "X-CSRFToken": token}
    with browser.open(Request(f"{address}api/auth/signin", data=body, headers=headers), timeout=20) as response:
        return int(response.status)


def test_the_demo_account_can_be_signed_in_to_with_what_is_printed(environ: dict[str, str]) -> None:
    passwords = []
    for _ in range(2):
        server = start(environ, "serve", "--port", "0", "--demo")
        address, email, password = read_until(server, " demo@i2i.example ")[-1].split()
        passwords.append(password)
        assert _signs_in(address, email, password) == 200
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
        assert server.returncode == 0
    assert passwords[0] != passwords[1], "a new one at each start"


def test_several_servers_are_refused_where_they_cannot_work_together(run: Callable[..., Any]) -> None:
    result = run("serve", "--port", "0", "--workers", "2")
    assert result.exit_code == 2
    assert "Set I2I_BROKER=redis" in result.output


def test_the_demo_account_is_made_once_and_never_without_credits(answer: Ask, photos: Path, tmp_path: Path) -> None:
    made = answer("user", "demo")
    assert (made["roles"], made["name"], made["is_unmetered"]) == (["customer"], "Demo", False)
    assert made["email_verified_at"]
    answer("process", photos, "-i", "Canvas 60 x 60 px, JPEG", "-o", tmp_path / "out", "--yes", "--as", made["email"])
    assert answer("credits", "balance", "--as", made["email"])["available"] == 47
    assert answer("user", "demo")["id"] == made["id"]
    assert answer("credits", "balance", "--as", made["email"])["available"] == 50
    assert [o["name"] for o in answer("order", "list", "--as", made["email"])["orders"]] == ["shoot"]
