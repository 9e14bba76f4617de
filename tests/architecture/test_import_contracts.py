"""The layers hold: import-linter's contracts are kept by the project and broken by each planted fault."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ALLOWED_IN_CORE = {*sys.stdlib_module_names, "attr", "attrs", "core"}

# A small copy of the tree in which every contract has something to look at.
SKELETON = {
    "adapters": (
        "web/app cli/a bootstrap storage/sql imaging/a documents/a jobs/run prices/a profiles/a email/a identity/a"
        " system/clock sandbox/child settings"
    ),
    "core": "errors kernel/ids domain/orders domain/images ports/blobs usecases/submit",
    "i2i": "testing",
    "plugins": "hookspecs manager dam/folder dam/custom llm/local llm/openai generation/local generation/recraft",
}
LEGAL = {
    "adapters/storage/sql": "import sqlalchemy, alembic",
    "adapters/web/app": "import flask, apiflask, starlette, werkzeug, adapters.bootstrap",
    "adapters/cli/a": "import click, rich, adapters.bootstrap",
    "adapters/jobs/run": "import dramatiq",
    "adapters/imaging/a": "import PIL, cv2, numpy, onnxruntime, pyvips",
    "adapters/documents/a": "import docx, pypdf, adapters.sandbox.child",
    "adapters/bootstrap": "import adapters.storage.sql, plugins.manager, core.usecases.submit",
    "core/usecases/submit": "import attrs, core.ports.blobs, core.domain.orders",
    "core/kernel/ids": "import core.errors",
    "i2i/testing": "import core.ports.blobs, plugins.hookspecs",
    "plugins/dam/folder": "import core.ports.blobs",
    "plugins/llm/openai": "import anthropic, google.genai, httpx2, openai",
}
FAULTS = {
    "core imports an adapter": ("core/usecases/submit", "adapters.storage.sql", "adapters above plugins above core"),
    "core imports a plugin": ("core/domain/orders", "plugins.manager", "adapters above plugins above core"),
    "a plugin imports an adapter": ("plugins/dam/folder", "adapters.settings", "adapters above plugins above core"),
    "the SDK imports an adapter": ("i2i/testing", "adapters.settings", "the SDK sees the core"),
    "the SDK imports the plugin manager": ("i2i/testing", "plugins.manager", "the SDK sees the core"),
    "a domain rule imports a port": ("core/domain/orders", "core.ports.blobs", "inside the core"),
    "a port imports a use case": ("core/ports/blobs", "core.usecases.submit", "inside the core"),
    "the kernel imports the domain": ("core/kernel/ids", "core.domain.orders", "inside the core"),
    "one context imports another": ("core/domain/orders", "core.domain.images", "refer to one another by id"),
    "pydantic in the core": ("core/domain/orders", "pydantic", "no third-party package except attrs"),
    "the web imports the terminal": ("adapters/web/app", "adapters.cli.a", "inside the adapters"),
    "the terminal imports the web": ("adapters/cli/a", "adapters.web.app", "inside the adapters"),
    "storage imports jobs": ("adapters/storage/sql", "adapters.jobs.run", "inside the adapters"),
    "jobs import the composition": ("adapters/jobs/run", "adapters.bootstrap", "inside the adapters"),
    "settings import the clock": ("adapters/settings", "adapters.system.clock", "inside the adapters"),
    "DAM imports DAM": ("plugins/dam/custom", "plugins.dam.folder", "DAM plugins do not know"),
    "LLM imports LLM": ("plugins/llm/openai", "plugins.llm.local", "LLM plugins do not know"),
    "generation imports generation": (
        "plugins/generation/recraft",
        "plugins.generation.local",
        "generation plugins do not know",
    ),
    "SQL in a view": ("adapters/web/app", "sqlalchemy", "SQL stays in adapters.storage"),
    "Flask in a command": ("adapters/cli/a", "flask", "Flask and Starlette stay in adapters.web"),
    "Click in the settings": ("adapters/settings", "click", "Click and rich stay in adapters.cli"),
    "a model's library in the composition": (
        "adapters/bootstrap",
        "openai",
        "libraries of language models stay in the plugins",
    ),
    "dramatiq in storage": ("adapters/storage/sql", "dramatiq", "dramatiq stays in adapters.jobs"),
    "the sandbox imports the engine": ("adapters/sandbox/child", "adapters.imaging.a", "inside the adapters"),
    "a parser in a command": ("adapters/cli/a", "pypdf", "parsers of documents stay in adapters.documents"),
    "numpy in a view": ("adapters/web/app", "numpy", "image libraries stay in adapters.imaging"),
    "a layer nobody declared": ("adapters/helpers", "core.errors", "inside the adapters"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder that holds setup.cfg and the four packages."""
    program = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def third_party_imports(source: str) -> Iterator[str]:
    """Yield the first part of each imported name that is neither standard library, attrs nor the core."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        yield from (name for name in names if name.partition(".")[0] not in ALLOWED_IN_CORE)


def build(folder: Path, setup_cfg: Path, modules: dict[str, str]) -> None:
    """Write the skeleton with the given contents, every package with an ``__init__``."""
    skeleton = {f"{package}/{name}" for package, names in SKELETON.items() for name in names.split()}
    shutil.copy(setup_cfg, folder / "setup.cfg")
    for name in {*skeleton, *modules}:
        module = folder / f"{name}.py"
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(f"{modules.get(name, '')}\n")
    for package in SKELETON:
        for place in (folder / package, *(path for path in (folder / package).rglob("*") if path.is_dir())):
            (place / "__init__.py").touch()


def test_the_project_keeps_its_contracts(project_root: Path) -> None:
    done = lint(project_root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_legal_imports_keep_every_contract(project_root: Path, tmp_path: Path) -> None:
    build(tmp_path, project_root / "setup.cfg", LEGAL)
    done = lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("module", "imported", "contract"), FAULTS.values(), ids=FAULTS)
def test_a_forbidden_import_breaks_its_contract(
    project_root: Path, tmp_path: Path, module: str, imported: str, contract: str
) -> None:
    build(tmp_path, project_root / "setup.cfg", {**LEGAL, module: f"{LEGAL.get(module, '')}\nimport {imported}"})
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(contract in line and "BROKEN" in line for line in done.stdout.splitlines()), done.stdout


def test_the_core_imports_the_standard_library_and_attrs_only(project_root: Path) -> None:
    found = {
        f"{path.relative_to(project_root)}: {name}"
        for path in (project_root / "core").rglob("*.py")
        for name in third_party_imports(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_a_third_party_import_in_the_core_is_seen() -> None:
    source = (
        "import attrs\nfrom core.errors import I2IError\ndef f():\n    from requests.api import get\n    import yaml\n"
    )
    assert sorted(third_party_imports(source)) == ["requests.api", "yaml"]
