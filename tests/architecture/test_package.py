"""The installed distribution owns its generic package names and finds its program and its plugins."""

import configparser
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

OURS = ("adapters", "core", "i2i", "plugins")


def intruders(owners: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the other distributions that install one of our top-level packages, by package."""
    return {name: others for name in OURS if (others := sorted(set(owners.get(name, [])) - {"i2i"}))}


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        distribution("i2i")
    except PackageNotFoundError:
        pytest.skip("the project is not installed in this environment; make test installs it")


def test_our_packages_belong_to_this_distribution_alone() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, [])) for name in OURS} == {name: {"i2i"} for name in OURS}
    assert intruders(owners) == {}


def test_another_owner_is_seen() -> None:
    owners = {"core": ["i2i", "some-framework"], "plugins": ["i2i"], "adapters": ["i2i", "i2i"]}
    assert intruders(owners) == {"core": ["some-framework"]}


def test_every_entry_point_leads_to_a_module_that_is_there(project_root: Path) -> None:
    entry_points = distribution("i2i").entry_points
    modules = {point.name: point.module for point in entry_points if point.group in {"console_scripts", "i2i.plugins"}}
    assert {"i2i", "dam_folder", "llm_local"} <= modules.keys()
    missing = [module for module in modules.values() if not (project_root / f"{module.replace('.', '/')}.py").is_file()]
    assert not missing


def left_out(names: list[str], patterns: list[str]) -> list[str]:
    """Return the files in our packages that a wheel would lack."""
    inside = [Path(name) for name in names if name.startswith(tuple(f"{package}/" for package in OURS))]
    data = [path for path in inside if path.suffix != ".py" and "frontend" not in path.parts]
    return [str(path) for path in data if not any(path.match(pattern) for pattern in patterns)]


def test_a_wheel_contains_every_file_of_the_packages(project_root: Path) -> None:
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(project_root / "setup.cfg", encoding="utf-8")
    patterns = setup["options.package_data"]["*"].split()
    listing = subprocess.run(["git", "ls-files"], cwd=project_root, capture_output=True, text=True, check=False)
    assert left_out(listing.stdout.splitlines(), patterns) == []
    assert left_out(["core/a.toml", "core/a.bin", "docs/a.bin", "core/a.py"], patterns) == ["core/a.bin"]


def test_the_version_is_stated_once() -> None:
    import i2i

    assert i2i.__version__ == distribution("i2i").version
