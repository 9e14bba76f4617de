"""``i2i process`` in front of a person: questions, the go-ahead, the live bar."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.cli.test_process import QUESTION

WORDS = "Canvas 60 x 60 px, JPEG"


class Terminal:
    """A process whose input and errors are a terminal; what it prints there is collected."""

    def __init__(self, environ: dict[str, str], *args: object) -> None:
        self.end, other = pty.openpty()
        self.text = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from adapters.cli.main import main; main()", *map(str, args)],
            cwd=ROOT, env=os.environ | environ | {"TERM": "xterm", "COLUMNS": "120"}, stdin=other, stderr=other,
            stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        os.close(other)

    def expect(self, text: str) -> None:
        """Read on until a text appears."""
        while text not in self.text:
            part = self._read()
            assert part, f"{text!r} never came: {self.text}"
            self.text += part

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.end, f"{line}\n".encode())

    def finish(self) -> tuple[int, str]:
        """Read to the end; return the exit code and standard output."""
        while part := self._read():
            self.text += part
        stdout, _ = self.process.communicate(timeout=60)
        os.close(self.end)
        return self.process.returncode, stdout.decode()

    def _read(self) -> str:
        try:
            return os.read(self.end, 4096).decode(errors="replace")
        except OSError:  # Linux says so when the other end was closed
            return ""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"steps": [{"op": "export", "params": {"format": "jpeg"}}], "questions": [QUESTION]}))
    return path


def test_questions_and_the_price_are_asked(environ: dict[str, str], photos: Path, plan: Path, tmp_path: Path) -> None:
    terminal = Terminal(environ, "process", photos, "--recipe", plan, "-o", tmp_path / "out")
    terminal.expect("Your answer")
    terminal.type("purple")
    terminal.expect("is not one of")
    terminal.type("white")
    terminal.expect("Edit 3 pictures for 3 credits?")
    terminal.type("y")
    code, stdout = terminal.finish()
    assert code == 0, terminal.text
    assert "3 of 3 pictures finished" in stdout
    assert "3/3" in terminal.text, "the bar counts"
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_no_starts_nothing(environ: dict[str, str], photos: Path, tmp_path: Path) -> None:
    terminal = Terminal(environ, "process", photos, "-i", WORDS, "-o", tmp_path / "out")
    terminal.expect("Edit 3 pictures for 3 credits?")
    terminal.type("n")
    code, _ = terminal.finish()
    assert code == 130
    assert "i2i order confirm" in terminal.text
    assert list((tmp_path / "out").iterdir()) == []


def test_no_color_is_obeyed(environ: dict[str, str], photos: Path, tmp_path: Path) -> None:
    environ["NO_COLOR"] = "1"
    terminal = Terminal(environ, "process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    code, _ = terminal.finish()
    assert code == 0
    assert "\x1b[3" not in terminal.text, "no colour is set"
