"""The example package, as an agency would use it: installed into an environment of its own, tested, exported with."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from i2i.testing import make_png

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/i2i-dam-example"
EXPORT = """
import datetime as dt, hashlib, json, sys
from pathlib import Path
from core.ports.dam import DamItem
from plugins.manager import PluginManager

manager = PluginManager()
manager.load()
dam = manager.dam("shelf").connect({"url": sys.argv[1], "token": sys.argv[2], "folder_pattern": "{order}"})
dam.verify()
for path in map(Path, sys.argv[3:]):
    content = path.read_bytes()
    item = DamItem(
        key=path.stem, path=path, name=path.name, format="png" if path.suffix == ".png" else "jpeg", width=1, height=1,
        bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), date=dt.date(2026, 11, 21), order="Autumn",
    )
    manager.dam("shelf").check_item(item)
    receipts = [dam.upload(item), dam.upload(item)]
    print(json.dumps([receipt.is_new for receipt in receipts]))
dam.finish()
"""
LIST = """
import json
from plugins.manager import PluginManager

reports = PluginManager().load()
print(json.dumps([[each.name, each.distribution, each.version, each.state] for each in reports]))
"""


class Environment:
    """A virtual environment that sees i2i and its libraries, and in which packages are installed."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        self.python = folder / "bin/python"
        (site,) = folder.glob("lib/python*/site-packages")
        here = sysconfig.get_paths()["purelib"]
        # Not a plain line: i2i itself is found through a .pth file in that folder, and those do not nest.
        (site / "surroundings.pth").write_text(f"import site; site.addsitedir({here!r})\n")

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python and return what it said."""
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        return subprocess.run(
            [str(self.python), *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )

    def pip(self, *arguments: str, cwd: Path) -> None:
        """Install or remove without any network."""
        done = self.run("-m", "pip", *arguments, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr

    def plugins(self, cwd: Path) -> dict[str, list[str]]:
        """Return distribution, version and state of every plugin by name."""
        done = self.run("-c", LIST, cwd=cwd)
        assert done.returncode == 0, done.stderr
        return {name: facts for name, *facts in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the example, outside of the checkout."""
    return Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("agency") / "package"))


@pytest.fixture(scope="module")
def environment(package: Path) -> Environment:
    """Return an environment in which the example is installed."""
    try:
        distribution("i2i")
    except PackageNotFoundError:
        pytest.skip("the project is not installed in this environment; make test installs it")
    made = Environment(package.parent / "venv")
    assert "shelf" not in made.plugins(package.parent)
    made.pip("install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", str(package), cwd=package.parent)
    return made


@pytest.fixture
def shelf() -> Iterator[Any]:
    """Yield the example's own fake of its provider, running here."""
    module = load_module(EXAMPLE / "tests/shelf_server.py")
    with module.ShelfServer() as server:
        server.token = module.ACCEPTED
        yield server


def load_module(path: Path) -> ModuleType:
    """Import a module by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pictures(folder: Path) -> list[Path]:
    """Return some of the project's photos, and generated pictures where there are none."""
    photos = sorted((ROOT / "samples/photos").glob("*.jpg"))[:3]
    for number in range(3 - len(photos)):
        path = folder / f"picture{number}.png"
        path.write_bytes(make_png(640, 480, colour=(60 * number, 100, 200)))
        photos.append(path)
    return photos


def test_the_installed_package_passes_its_own_tests(environment: Environment, package: Path) -> None:
    done = environment.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=package)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_the_manager_finds_it_and_pictures_arrive(
    environment: Environment, package: Path, shelf: Any, tmp_path: Path
) -> None:
    assert environment.plugins(package)["shelf"] == ["i2i-dam-example", "1.0.0", "loaded"]
    sources = pictures(tmp_path)
    done = environment.run("-c", EXPORT, shelf.url, shelf.token, *map(str, sources), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[true, false]"] * len(sources)
    assert {key: found["content"] for key, found in shelf.pictures.items()} == {
        path.stem: path.read_bytes() for path in sources
    }
    assert {found["metadata"]["folder"] for found in shelf.pictures.values()} == {"Autumn"}
    assert shelf.problems == []


def test_a_broken_release_is_reported_and_a_removed_one_is_gone(environment: Environment, package: Path) -> None:
    (module,) = package.parent.glob("venv/lib/python*/site-packages/i2i_dam_example/plugin.py")
    source = module.read_text()
    module.write_text(f"import a_library_that_was_forgotten\n{source}")
    assert environment.plugins(package.parent)["shelf"][-1] == "failed"
    assert environment.plugins(package.parent)["dam_folder"][-1] == "loaded"
    module.write_text(source)
    assert environment.plugins(package.parent)["shelf"][-1] == "loaded"
    environment.pip("uninstall", "--yes", "--quiet", "i2i-dam-example", cwd=package.parent)
    assert "shelf" not in environment.plugins(package.parent)
    environment.pip(
        "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", str(package), cwd=package.parent
    )


def test_the_example_imports_nothing_of_i2i_but_the_sdk() -> None:
    import ast

    roots = {
        name.partition(".")[0]
        for path in sorted((EXAMPLE / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert roots - set(sys.stdlib_module_names) == {"i2i", "i2i_dam_example"}
