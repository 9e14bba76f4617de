"""Commands run against a home folder of their own; the image engine is started once for all."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw

from adapters.bootstrap import Application
from adapters.cli.main import cli
from adapters.cli.session import Surroundings
from adapters.imaging.engine import LocalImageEngine
from adapters.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


class KeptEngine:
    """The engine of all tests: closing an application does not stop it."""

    def __init__(self, engine: LocalImageEngine) -> None:
        self.engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def close(self) -> None:
        """Stay open."""


@pytest.fixture(scope="session")
def engine() -> Iterator[KeptEngine]:
    real = LocalImageEngine(processes=1)
    yield KeptEngine(real)
    real.close()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"I2I_HOME": str(tmp_path / "home")}


@pytest.fixture
def ports(engine: KeptEngine) -> dict[str, Any]:
    """The ports that a test replaces."""
    return {"engine": engine}


@pytest.fixture
def broken(ports: dict[str, Any]) -> Callable[..., None]:
    """Replace ports by broken ones."""
    return ports.update


@pytest.fixture
def run(environ: dict[str, str], ports: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process, without a terminal."""
    monkeypatch.setenv("NO_COLOR", "1")

    def build(settings: Settings) -> Application:
        return Application(settings, **ports)

    def invoke(*args: object, **options: Any) -> Result:
        words = [str(a) for a in args]
        return CliRunner().invoke(
            cli, words, prog_name="i2i", obj=Surroundings(environ=environ, build=build), **options
        )

    return invoke


@pytest.fixture
def answer(run: Run) -> Callable[..., Any]:
    """Run a command line with ``--json`` and return its document; the exit code must be the expected one."""

    def ask(*args: object, code: int = 0) -> Any:
        result = run(*args, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return ask


def draw(path: Path, *, size: tuple[int, int] = (120, 90), colour: tuple[int, int, int] = (160, 30, 60)) -> Path:
    """Save a picture of a box on a pale ground."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", size, (244, 244, 244))
    width, height = size
    ImageDraw.Draw(picture).rectangle((width // 3, height // 4, 2 * width // 3, 3 * height // 4), fill=colour)
    picture.save(path, quality=92)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three photos."""
    folder = tmp_path / "shoot"
    for number in (1, 2, 10):
        draw(folder / f"img{number}.jpg", colour=(20 * number, 60, 120))
    return folder


def start(environ: dict[str, str], *args: object, **options: Any) -> "subprocess.Popen[str]":
    """Start a command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from adapters.cli.main import main; main()", *map(str, args)],
        cwd=ROOT, env=os.environ | environ | {"NO_COLOR": "1"}, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip
