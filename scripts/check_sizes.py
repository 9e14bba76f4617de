"""Reports files, functions and parameter lists that are over the project's size budgets.

Usage: python scripts/check_sizes.py [folder or file …]; prints one line per finding and exits with 1 when there is one.
"""

import ast
import math
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE_LINES = 500
FILE_MEDIAN = 120
FUNCTION_LINES = 50
FUNCTION_P90 = 25
PARAMETERS = 7
PARAMETERS_P95 = 4
POSITIONAL = 4

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(places: Iterable[Path]) -> list[Path]:
    """Return the Python files in ``places`` that git tracks or would track; all of them outside a checkout."""
    found: set[Path] = set()
    for place in places:
        if place.is_file():
            found.add(place)
            continue
        listing = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.py"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        if listing.returncode == 0:
            found.update(place / name for name in listing.stdout.split("\0") if name)
        else:
            found.update(place.rglob("*.py"))
    # Migrations are generated history: nobody reads them to understand the program.
    return sorted(path for path in found if path.exists() and "migrations/versions" not in path.as_posix())


def body_lines(function: Function) -> int:
    """Count the lines from ``def`` to the end, without the docstring: explaining more must not cost anything."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def parameters(function: Function) -> tuple[int, int]:
    """Return (positional, all) parameters, not counting ``self`` and ``cls``."""
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if positional and positional[0] in {"self", "cls", "mcs"}:
        positional = positional[1:]
    return len(positional), len(positional) + len(function.args.kwonlyargs)


def is_called_by_a_framework(function: Function) -> bool:
    """Tell whether somebody else decides on the parameters: pytest, Click, Flask, or a use case's keyword-only call."""
    ours = {"classmethod", "staticmethod", "contextmanager", "cache", "property"}
    decorators = {name for decorator in function.decorator_list for name in [ast.unparse(decorator).rpartition(".")[2]]}
    return bool(decorators - ours) or function.name == "__call__" or function.name.startswith("test_")


def findings(files: Iterable[Path]) -> list[str]:
    """Return one sentence for each budget that the files break; empty when all is well."""
    found: list[str] = []
    file_sizes: list[int] = []
    functions: list[Function] = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        if lines := text.count("\n"):
            file_sizes.append(lines)
        if lines > FILE_LINES:
            found.append(f"{path}: {lines} lines, at most {FILE_LINES}")
        in_file = [node for node in ast.walk(ast.parse(text, filename=str(path))) if isinstance(node, Function)]
        functions += in_file
        found += [
            f"{path}:{function.lineno}: {function.name} {line}" for function in in_file for line in problems(function)
        ]
    return [*found, *distribution_problems(file_sizes, functions)]


def problems(function: Function) -> Iterator[str]:
    """Yield what is too large about one function."""
    size = body_lines(function)
    if size > FUNCTION_LINES:
        yield f"has {size} lines, at most {FUNCTION_LINES}"
    if is_called_by_a_framework(function):
        return
    positional, total = parameters(function)
    if positional > POSITIONAL:
        yield f"takes {positional} positional parameters, at most {POSITIONAL}"
    if total > PARAMETERS:
        yield f"takes {total} parameters, at most {PARAMETERS}"


def distribution_problems(file_sizes: list[int], functions: list[Function]) -> Iterator[str]:
    """Yield what is too large about the middle of the files and the long tail of the functions."""
    if file_sizes and (median := statistics.median(file_sizes)) > FILE_MEDIAN:
        yield f"the median file has {median:g} lines, at most {FILE_MEDIAN}"
    long = quantile([body_lines(function) for function in functions], 0.90)
    if long > FUNCTION_P90:
        yield f"one function in ten has {long} lines or more, at most {FUNCTION_P90}"
    wide = quantile([parameters(function)[1] for function in functions if not is_called_by_a_framework(function)], 0.95)
    if wide > PARAMETERS_P95:
        yield f"one function in twenty takes {wide} parameters or more, at most {PARAMETERS_P95}"


def quantile(values: list[int], share: float) -> int:
    """Return the smallest value that at least ``share`` of the values do not exceed; 0 without values."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else 0


def main() -> None:
    """Check the places named on the command line, or the whole checkout."""
    places = [Path(name) for name in sys.argv[1:]] or [Path()]
    files = python_files(places)
    found = findings(files)
    print("\n".join(found) or f"{len(files)} files are within their size budgets")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
