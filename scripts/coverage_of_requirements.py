"""Prints, per area, how many requirements are named by a test.

Usage: python -m scripts.coverage_of_requirements requirements.tsv [--missing AREA] [--json]

The table has the columns ``id``, ``area`` and ``requirement``; a test names what it shows with
``@pytest.mark.req("S0-UPL-03")``. A requirement counts as covered when at least one test names it.
"""

import argparse
import ast
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"


def requirement_ids(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, id) for each ``pytest.mark.req(…)`` in a module, with "?" for what is not a plain string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.mark.req", "mark.req"}:
            for argument in node.args or [node]:
                value = argument.value if isinstance(argument, ast.Constant) else None
                yield node.lineno, value if isinstance(value, str) else "?"


def named_by_tests(folder: Path = TESTS) -> dict[str, list[str]]:
    """Return requirement id -> places of the tests that name it."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for line, requirement in requirement_ids(path.read_text(encoding="utf-8")):
            named[requirement].append(f"{path.relative_to(folder).as_posix()}:{line}")
    return dict(named)


def read_requirements(table: Path) -> list[dict[str, str]]:
    """Return the rows of the table."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def areas(rows: Iterable[dict[str, str]], named: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Return area -> (covered, all), with the document's number before the area's name."""
    counted: dict[str, tuple[int, int]] = {}
    for row in rows:
        area = row["id"].rsplit("-", 1)[0]
        covered, total = counted.get(area, (0, 0))
        counted[area] = (covered + (row["id"] in named), total + 1)
    return counted


def main() -> int:
    """Print the table, or what is missing in an area."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("table", type=Path, help="tab-separated requirements")
    parser.add_argument("--missing", metavar="AREA", help="list what no test names, e.g. S0-UPL")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    if not wanted.table.exists():
        print(f"{wanted.table} is not here; name the table of requirements.", file=sys.stderr)
        return 2
    rows, named = read_requirements(wanted.table), named_by_tests()
    counted = areas(rows, named)
    if wanted.json:
        print(json.dumps({area: {"covered": c, "all": n} for area, (c, n) in counted.items()}, indent=2))
    elif wanted.missing:
        for row in rows:
            if row["id"].startswith(f"{wanted.missing}-") and row["id"] not in named:
                print(f"{row['id']:14} {row['requirement']}")
    else:
        for area, (covered, total) in counted.items():
            print(f"{area:14} {covered:4} of {total:4}")
        print(f"{'all':14} {sum(c for c, _ in counted.values()):4} of {len(rows):4}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
