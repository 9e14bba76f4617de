"""The SDK is complete, light, and all that a plugin author needs to import."""

import subprocess
import sys
from pathlib import Path

import pytest

import i2i
from i2i.testing import DamContract, PlannerContract

HEAVY = (
    "adapters",
    "plugins.manager",
    "numpy",
    "pyvips",
    "sqlalchemy",
    "flask",
    "click",
    "boto3",
    "structlog",
    "pytest",
)


def test_every_public_name_is_there_and_documented() -> None:
    for name in i2i.__all__:
        assert hasattr(i2i, name), name
    classes = [getattr(i2i, name) for name in i2i.__all__ if isinstance(getattr(i2i, name), type)]
    assert len(classes) > 20
    assert [each.__name__ for each in classes if not each.__doc__] == []
    with pytest.raises(AttributeError, match="no attribute 'Missing'"):
        _ = i2i.Missing


def test_importing_the_sdk_imports_no_adapter_and_nothing_heavy() -> None:
    program = f"import i2i, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_heavy_import_would_be_seen() -> None:
    program = f"import i2i, adapters.settings, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['adapters']\n"


def test_the_package_says_that_it_is_typed(project_root: Path) -> None:
    assert (project_root / "i2i/py.typed").is_file()


def test_every_test_of_the_kits_says_what_it_is_for() -> None:
    for kit in (DamContract, PlannerContract):
        tests = [getattr(kit, name) for name in dir(kit) if name.startswith("test_")]
        assert len(tests) >= 5
        assert [each.__name__ for each in tests if not (each.__doc__ or "").rstrip().endswith(".")] == []


def test_the_guide_names_only_what_exists(project_root: Path) -> None:
    import re

    guide = (project_root / "docs/plugins/writing-a-dam-plugin.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bi2i\.([A-Za-z]\w+)", guide)) - {"testing", "plugins", "hookimpl", "git"}
    assert len(named) > 10
    assert {name for name in named if not hasattr(i2i, name)} == set()
    paths = set(re.findall(r"`((?:examples|tests|docs)/[\w./-]+)`", guide))
    assert paths
    assert {path for path in paths if not (project_root / path).exists()} == set()
