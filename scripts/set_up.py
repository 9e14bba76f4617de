"""Makes a virtual environment hold exactly one lock file and this project, editable; safe to repeat.

Usage: python scripts/set_up.py run|dev [--venv .venv]

pip fetches uv by hash and uv fetches the rest by hash. uv does not read pip's configuration, so the user's choice of
index, extra indexes, local wheels and certificate is read from pip and handed over.
"""

# Annotations stay unread, so that an old Python gets as far as the sentence that says it is too old.
from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)


def uv_environment(pip_config: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Translate the output of ``pip config list`` into uv's variables; variables of the user's own win.

    Args:
        pip_config: lines such as ``global.index-url='…'`` or ``:env:.find-links='…'``.
        environment: the environment that uv is to start from.
    """
    settings = [line.partition("=") for line in pip_config.splitlines()]
    # pip reads its general section, then the command's own, then the environment; the last one counts.
    options = {
        key.removeprefix(f"{section}."): " ".join(str(ast.literal_eval(value)).split())
        for section in ("global", "install", ":env:")
        for key, _, value in settings
        if key.startswith(f"{section}.")
    }
    translated = {
        "UV_DEFAULT_INDEX": options.get("index-url"),
        "UV_INDEX": options.get("extra-index-url"),
        "UV_FIND_LINKS": options.get("find-links", "").replace(" ", ","),
        "SSL_CERT_FILE": options.get("cert"),
        # pip looks at every index for every file; with every hash pinned that is as safe as looking at one.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    return {name: value for name, value in translated.items() if value} | dict(environment)


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> None:
    """Run one command of the set-up from the project's folder and end with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(f"set-up stopped: {' '.join(str(part) for part in command)} ended with {done.returncode}")


def pip_environment(venv: Path) -> dict[str, str]:
    """Return the environment in which uv asks the indexes that pip would ask."""
    listing = (venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "config", "list")
    told = subprocess.run([str(part) for part in listing], capture_output=True, text=True, check=False)
    return uv_environment(told.stdout, os.environ)


def set_up(kind: str, venv: Path) -> None:
    """Create ``venv`` if need be and bring it to the state of ``requirements/<kind>.txt``."""
    python = venv / "bin" / "python"
    if not python.exists():
        print(f"creating {venv.name} with Python {sys.version.split()[0]}", flush=True)
        run(sys.executable, "-m", "venv", venv)
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--require-hashes", "--requirement", "requirements/uv.txt")
    environment = pip_environment(venv)
    uv = (venv / "bin" / "uv", "pip")
    print(f"installing requirements/{kind}.txt", flush=True)
    run(
        *uv,
        "sync",
        "--quiet",
        "--python",
        python,
        "--require-hashes",
        f"requirements/{kind}.txt",
        environment=environment,
    )
    # Metadata of an earlier set-up beside the sources would hide the entry points of today.
    shutil.rmtree(ROOT / "i2i.egg-info", ignore_errors=True)
    # "compat" writes one path into site-packages, which type checkers and import-linter can follow too.
    editable = ("--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "--editable", ".")
    run(*uv, "install", "--quiet", "--python", python, *editable, environment=environment)
    (venv / f".{kind}").touch()


def main() -> None:
    """Read the command line and set up."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"i2i needs Python 3.11 or newer, this is {sys.version.split()[0]}; try make PYTHON=python3.12")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=("run", "dev"), help="which lock file")
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="where (default: %(default)s)")
    arguments = parser.parse_args()
    set_up(arguments.kind, ROOT / arguments.venv)


if __name__ == "__main__":
    main()
