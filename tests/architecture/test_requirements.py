"""Every requirement that a test says it shows exists, so that the count of covered requirements can be believed."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path


def requirement_ids(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, id) for each ``pytest.mark.req(…)`` in a module, with "?" for what is not a plain string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.mark.req", "mark.req"}:
            for argument in node.args or [node]:
                value = argument.value if isinstance(argument, ast.Constant) else None
                yield node.lineno, value if isinstance(value, str) else "?"


def test_every_marked_requirement_exists(project_root: Path, shared_dir: Path) -> None:
    with (shared_dir / "design/requirements.tsv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file, delimiter="\t")}
    assert len(known) > 100
    unknown = [
        f"{path.relative_to(project_root)}:{line}: {name}"
        for path in sorted((project_root / "tests").rglob("test_*.py"))
        for line, name in requirement_ids(path.read_text(encoding="utf-8"))
        if name not in known and path.name != Path(__file__).name
    ]
    assert not unknown


def test_marks_are_found_wherever_they_stand() -> None:
    source = (
        "import pytest\n"
        "pytestmark = [pytest.mark.req('S0-A-01')]\n"
        "@pytest.mark.req('S0-A-02', 'S0-A-03')\n"
        "def test(): ...\n"
        "@pytest.mark.req(NAME)\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.req('S0-A-04'))])\n"
        "def test(x): ...\n"
    )
    assert sorted(requirement_ids(source)) == [(2, "S0-A-01"), (3, "S0-A-02"), (3, "S0-A-03"), (5, "?"), (6, "S0-A-04")]
