"""Builds the pages' styles and modules; safe to repeat, and quick when nothing changed.

Usage: python -m scripts.build_frontend [--venv .venv] [--test]

Uses the Node of this machine when it is new enough, and otherwise installs the one that PyPI carries.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.set_up import ROOT, pip_environment, run

FRONTEND = ROOT / "adapters" / "web" / "frontend"
OLDEST_NODE = 22
INSTALLED = FRONTEND / "node_modules" / ".package-lock.json"


def node_major(node: str | Path) -> int:
    """Return the major version of a Node, 0 when it does not run."""
    try:
        told = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0


def folder_of_node(venv: Path) -> Path:
    """Return the folder that holds a usable ``node`` and ``npm``, installing them into ``venv`` if need be."""
    own = shutil.which("node")
    if own and shutil.which("npm") and node_major(own) >= OLDEST_NODE:
        return Path(own).parent
    if node_major(venv / "bin" / "node") < OLDEST_NODE:
        print("installing requirements/node.txt", flush=True)
        options = ("--quiet", "--python", venv / "bin" / "python", "--require-hashes", "-r", "requirements/node.txt")
        run(venv / "bin" / "uv", "pip", "install", *options, environment=pip_environment(venv))
    return venv / "bin"


def build(venv: Path, *, script: str = "build") -> None:
    """Install the packages of the lock file, unless they are there, and build.

    Args:
        script: ``build``, or ``test`` for the tests of the modules.
    """
    folder = folder_of_node(venv)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = (folder / "npm", "--prefix", FRONTEND, "--loglevel", "error")
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < (FRONTEND / "package-lock.json").stat().st_mtime:
        print("installing the front end's packages", flush=True)
        run(*npm, "ci", "--ignore-scripts", environment=environment)
    options = ("--", "--logLevel", "warn") if script == "build" else ()
    run(*npm, "run", script, "--silent", *options, environment=environment)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="environment (default: %(default)s)")
    parser.add_argument("--test", action="store_true", help="run the tests of the modules instead")
    wanted = parser.parse_args()
    build(ROOT / wanted.venv, script="test" if wanted.test else "build")


if __name__ == "__main__":
    main()
