"""The guide is true: its plugin passes its own test, and it names only what exists."""

import re
import subprocess
import sys
import threading
import types
from pathlib import Path
from typing import Any

import pytest

import i2i
from i2i.testing import CANARY, LanguageModelContract


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


def test_a_wrong_plugin_would_be_caught(guide: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right, test = blocks(guide)
    wrong = right.replace('raise kind(f"Parrot', 'raise kind(f"{self._key}: Parrot')
    assert wrong != right
    package, plugin = types.ModuleType("i2i_parrot"), types.ModuleType("i2i_parrot.plugin")
    package.plugin = plugin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "i2i_parrot", package)
    exec(compile(wrong, "plugin.py", "exec"), plugin.__dict__)
    names: dict[str, Any] = {"__name__": "test_parrot"}
    exec(compile(test, "test_parrot.py", "exec"), names)
    with names["Cage"]() as cage:
        threading.Thread(target=cage.serve_forever, args=(0.01,), daemon=True).start()
        context = i2i.LanguageModelContext(
            card=plugin.CARD, api_key=CANARY, base_url=f"http://127.0.0.1:{cage.server_port}"
        )
        with pytest.raises(AssertionError):
            LanguageModelContract().test_a_failure_has_its_kind_and_is_not_tried_again(
                model=plugin.Parrot(context), provider=cage, kind=i2i.CredentialsError
            )
        cage.shutdown()


def test_it_names_only_what_exists(guide: str) -> None:
    named = set(re.findall(r"\bi2i\.([A-Za-z]\w+)", guide)) - {"testing", "plugins"}
    assert len(named) > 15
    assert {name for name in named if not hasattr(i2i, name)} == set()
