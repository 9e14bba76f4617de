"""Every requirement that a test says it shows exists, so that the count of covered requirements can be believed."""

from pathlib import Path

from scripts.coverage_of_requirements import areas, read_requirements, requirement_ids


def test_every_marked_requirement_exists(project_root: Path, shared_dir: Path) -> None:
    known = {row["id"] for row in read_requirements(shared_dir / "design/requirements.tsv")}
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


def test_areas_are_counted_apart() -> None:
    rows = [{"id": "S0-A-01"}, {"id": "S0-A-02"}, {"id": "S0-B-01"}]
    assert areas(rows, {"S0-A-02": ["a"], "S9-Z-01": ["b"]}) == {"S0-A": (1, 2), "S0-B": (0, 1)}
