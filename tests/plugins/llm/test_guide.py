"""The guide is true: its plugin passes its own test, and it names only what exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import i2i


@pytest.fixture
def guide(project_root: Path) -> str:
    """Return the text of the guide."""
    return (project_root / "docs/plugins/writing-a-language-model-plugin.md").read_text(encoding="utf-8")


def blocks(guide: str) -> list[str]:
    """Return the pieces of Python in it."""
    return re.findall(r"```python\n(.*?)```", guide, re.DOTALL)


def run(folder: Path, root: Path, plugin: str, test: str) -> str:
    """Run the test of the guide on its plugin and return what pytest says."""
    package = folder / "i2i_parrot"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(plugin, encoding="utf-8")
    (folder / "test_parrot.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(folder)]
    environment = {"PYTHONPATH": f"{root}:{folder}", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder).stdout


def test_the_plugin_of_the_guide_keeps_to_the_contract(guide: str, project_root: Path, tmp_path: Path) -> None:
    plugin, test = blocks(guide)
    said = run(tmp_path, project_root, plugin, test)
    assert re.search(r"^1[0-9] passed, 1 skipped", said, re.MULTILINE), said


def test_a_wrong_plugin_would_be_caught(guide: str, project_root: Path, tmp_path: Path) -> None:
    plugin, test = blocks(guide)
    wrong = plugin.replace('raise kind(f"Parrot', 'raise kind(f"{self._key}: Parrot')
    assert wrong != plugin
    assert " failed" in run(tmp_path, project_root, wrong, test)


def test_it_names_only_what_exists(guide: str) -> None:
    named = set(re.findall(r"\bi2i\.([A-Za-z]\w+)", guide)) - {"testing", "plugins"}
    assert len(named) > 15
    assert {name for name in named if not hasattr(i2i, name)} == set()
