"""Ctrl-C in the middle of the work, and going on afterwards."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import draw, start

PICTURES = 5
WORDS = "White background, canvas 300 x 300 px, JPEG"
Ask = Callable[..., Any]


def read_until(process: "subprocess.Popen[str]", text: str) -> list[str]:
    """Return the lines of standard error up to the one that holds a text."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"{text!r} never came: {''.join(lines)}")


def troubles(environ: dict[str, str]) -> set[str]:
    """Return what went wrong with attempts at pictures."""
    with sqlite3.connect(Path(environ["I2I_HOME"]) / "i2i.db") as connection:
        return {error for (error,) in connection.execute("SELECT last_error FROM run_item WHERE last_error <> ''")}


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    for number in range(PICTURES):
        draw(tmp_path / "shoot" / f"p{number}.jpg", size=(900, 700), colour=(20 * number, 60, 120))
    return tmp_path / "shoot"


@pytest.mark.parametrize("whole_group", [False, True], ids=["one process", "as a terminal does it"])
def test_interrupted_work_goes_on_without_paying_twice(
    environ: dict[str, str], shoot: Path, tmp_path: Path, answer: Ask, whole_group: bool
) -> None:
    environ |= {"I2I_WORKERS": "1", "I2I_ENGINE_PROCESSES": "1"}
    out = tmp_path / "out"
    words = ("process", shoot, "-i", WORDS, "-o", out, "--yes")
    process = start(environ, *words, start_new_session=True)
    read_until(process, f"[1/{PICTURES}]")
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert "i2i order resume" in told
    (order,) = answer("order", "list")["orders"]
    assert f"i2i order resume {order['id']} -o {out}" in told
    state = answer("order", "status", order["id"])
    assert 1 <= state["finished"] < PICTURES, "it was stopped in the middle"
    assert order["status"] == "processing"
    assert list(out.iterdir()) == [], "half a delivery is none"
    assert troubles(environ) == set(), "the picture under way was finished, not killed"

    resumed = start(environ, "order", "resume", order["id"], "-o", out, "--json")
    stdout, stderr = resumed.communicate(timeout=100)
    assert resumed.returncode == 0, stderr
    document = json.loads(stdout)
    assert document["order"]["status"] == "completed"
    assert document["credits"] == {"held": PICTURES, "captured": PICTURES, "released": 0}
    assert len(list(out.iterdir())) == PICTURES
    lines = answer("credits", "history", "--limit", "100")["lines"]
    assert sorted(x["reason"] for x in lines if x["kind"] == "capture") == [
        f"p{number}.jpg, version 1" for number in range(PICTURES)
    ], "every picture was made and paid once"
    assert answer("audit", "ledger")["is_clean"]


def test_a_service_manager_pauses_the_work_like_ctrl_c(
    environ: dict[str, str], shoot: Path, tmp_path: Path, answer: Ask
) -> None:
    environ |= {"I2I_WORKERS": "1", "I2I_ENGINE_PROCESSES": "1"}
    answer("db", "upgrade")
    process = start(environ, "process", shoot, "-i", WORDS, "-o", tmp_path / "out", "--yes", "--json")
    while not (orders := answer("order", "list", "--status", "processing")["orders"]):
        assert process.poll() is None
    while not answer("order", "status", orders[0]["id"])["finished"]:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    stdout, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"i2i order resume {orders[0]['id']}" in told
    document = json.loads(stdout)
    assert document["error"]["code"] == "interrupted"
    assert document["order"]["status"] == "processing"
    assert 1 <= document["credits"]["captured"] < PICTURES
    assert document["credits"]["released"] == 0, "what is left stays reserved for the work that goes on"


def test_resuming_what_has_ended_only_delivers(answer: Ask, photos: Path, tmp_path: Path) -> None:
    made = answer("process", photos, "-i", "Canvas 60 x 60 px, JPEG", "-o", tmp_path / "a", "--yes")
    again = answer("order", "resume", made["order"]["id"], "-o", tmp_path / "b")
    assert again["credits"] == made["credits"]
    assert len(list((tmp_path / "b").iterdir())) == 3
    assert len([x for x in answer("credits", "history")["lines"] if x["kind"] == "capture"]) == 3


def test_what_was_not_started_cannot_be_resumed(answer: Ask) -> None:
    order = answer("order", "create", "--name", "Shoot")["order"]
    assert answer("order", "resume", order["id"], code=7)["error"]["code"] == "not_started"
