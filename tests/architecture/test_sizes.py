"""The size budgets are kept by the project and reported by each planted fault."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check_sizes import findings, python_files

SHORT = "def short() -> None:\n    return None\n"


def function_of(lines: int, *, signature: str = "f()", name: str = "x") -> str:
    """Return the source of a function that is ``lines`` long."""
    return f"def {signature}:\n" + f"    {name} = 1\n" * (lines - 1)


def reported(folder: Path, source: str) -> list[str]:
    """Return what is reported about one module that has 20 short ones beside it."""
    for number in range(20):
        (folder / f"short{number}.py").write_text(SHORT)
    (folder / "planted.py").write_text(source)
    return findings(python_files([folder]))


def test_the_project_keeps_its_budgets(project_root: Path) -> None:
    assert findings(python_files([project_root])) == []


def test_a_file_at_the_limit_passes_and_one_line_more_does_not(tmp_path: Path) -> None:
    assert reported(tmp_path, "x = 1\n" * 500) == []
    assert reported(tmp_path, "x = 1\n" * 501) == [f"{tmp_path}/planted.py: 501 lines, at most 500"]


def test_a_function_at_the_limit_passes_and_one_line_more_does_not(tmp_path: Path) -> None:
    assert reported(tmp_path, function_of(50)) == []
    assert reported(tmp_path, function_of(51)) == [f"{tmp_path}/planted.py:1: f has 51 lines, at most 50"]


def test_nested_and_asynchronous_functions_count_too(tmp_path: Path) -> None:
    source = "class A:\n    async def f(self):\n" + "        x = 1\n" * 50
    assert reported(tmp_path, source) == [f"{tmp_path}/planted.py:2: f has 51 lines, at most 50"]


def test_a_long_docstring_costs_nothing(tmp_path: Path) -> None:
    assert reported(tmp_path, 'def f():\n    """One.\n' + "    more\n" * 60 + '    """\n    return 1\n') == []


@pytest.mark.parametrize(
    ("signature", "problem"),
    [
        ("f(a, b, c, d)", None),
        ("f(a, b, c, d, e)", "f takes 5 positional parameters, at most 4"),
        ("f(a, b, *, c, d, e, g, h)", None),
        ("f(a, b, *, c, d, e, g, h, i)", "f takes 8 parameters, at most 7"),
        ("__call__(self, *, a, b, c, d, e, g, h, i)", None),
    ],
)
def test_parameter_lists(tmp_path: Path, signature: str, problem: str | None) -> None:
    expected = [f"{tmp_path}/planted.py:1: {problem}"] if problem else []
    assert reported(tmp_path, function_of(3, signature=signature)) == expected


def test_a_framework_may_demand_more_parameters(tmp_path: Path) -> None:
    source = "@command\n" + function_of(3, signature="f(a, b, c, d, e, g, h, i)")
    assert reported(tmp_path, source) == []


def test_many_middling_files_or_functions_are_reported(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"large{number}.py").write_text("x = 1\n" * 121)
        (tmp_path / f"long{number}.py").write_text(function_of(26, signature="f(a, *, b, c, d, e)"))
    (tmp_path / "larger.py").write_text("x = 1\n" * 121)
    assert findings(python_files([tmp_path])) == [
        "the median file has 121 lines, at most 120",
        "one function in ten has 26 lines or more, at most 25",
        "one function in twenty takes 5 parameters or more, at most 4",
    ]


def test_the_program_names_what_it_finds_and_fails(tmp_path: Path, project_root: Path) -> None:
    (tmp_path / "planted.py").write_text(function_of(51))
    command = [sys.executable, str(project_root / "scripts/check_sizes.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "f has 51 lines, at most 50" in done.stdout
    (tmp_path / "planted.py").write_text(SHORT)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1 files are within their size budgets\n")
