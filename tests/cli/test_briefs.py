"""Briefs on the command line: read with the numbers of lines, explained clause by clause, given back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.support.documents import docx_file, pdf_pages, words

Ask = Callable[..., Any]
PDF = pdf_pages(words("Style guide", "White background."), words("Save as JPEG, and add unicorns.", "Thanks"))


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    """Return a document of two pages."""
    path = tmp_path / "wishes.pdf"
    path.write_bytes(PDF)
    return path


@pytest.mark.req("S0-BRIEF-02")
def test_a_document_is_read_line_by_line(run: Run, answer: Ask, wishes: Path, environ: dict[str, str]) -> None:
    found = answer("brief", "read", wishes)
    assert [(x["page"], x["line"], x["text"]) for x in found["lines"] if x["text"]] == [
        (1, 1, "Style guide"), (1, 2, "White background."), (2, 1, "Save as JPEG, and add unicorns."), (2, 2, "Thanks"),
    ]  # fmt: skip
    assert (found["format"], found["pages"], found["page_starts"]) == ("pdf", 2, [0, 31])
    text = run("brief", "read", wishes).stdout
    assert "Page 2\n    1  Save as JPEG" in text
    assert not Path(environ["I2I_HOME"]).exists(), "reading needs no database"


@pytest.mark.req("S0-BRIEF-01")
def test_every_clause_of_a_document_is_explained_with_its_place(run: Run, answer: Ask, wishes: Path) -> None:
    found = answer("brief", "explain", wishes, code=1)
    fates = {fate["words"]: fate for fate in found["fates"]}
    white, unicorns = fates["White background."], fates["and add unicorns."]
    assert (white["kind"], white["place"]) == ("step", "wishes.pdf, page 1, line 2")
    assert "Cut out the product" in white["because"]
    assert (unicorns["kind"], unicorns["place"]) == ("not_understood", "wishes.pdf, page 2, line 1")
    assert fates["Thanks"]["kind"] == "polite"
    assert found["planner"] == "local"
    assert sum(found["counts"].values()) == len(found["fates"])
    shown = run("brief", "explain", wishes)
    assert shown.exit_code == 1
    assert "wishes.pdf, page 2, line 1" in shown.stdout
    assert "not understood: nothing is done about it" in shown.stdout
    assert "Read by local." in shown.stdout


def test_words_and_standard_input_are_explained(run: Run, answer: Ask) -> None:
    found = answer("brief", "explain", "White background, please")
    assert [(f["kind"], f["line"], f["place"]) for f in found["fates"]] == [("step", 1, ""), ("polite", 1, "")]
    assert [f["words"] for f in answer("brief", "explain", "merci")["fates"]] == ["merci"]
    piped = run("brief", "explain", "-", input="White background.\nUnicorns!")
    assert (piped.exit_code, "line 2" in piped.stdout) == (1, True)
    assert run("brief", "explain", "").stdout.strip().endswith("There are no words. Read by local.")


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        ((), 2, "nothing_given"),
        (("missing.pdf",), 2, "unreadable"),
        (("x", "--planner", "loca"), 5, "unknown_provider"),
        (("x", "--planner", "openai"), 10, "not_configured"),
        (("--order", "none"), 5, "not_found"),
    ],
    ids=["nothing", "no-file", "unknown", "no-key", "no-order"],
)
def test_what_cannot_be_explained_is_told(answer: Ask, args: tuple[str, ...], code: int, error: str) -> None:
    assert answer("brief", "explain", *args, code=code)["error"]["code"] == error


@pytest.mark.req("S0-BRIEF-01")
def test_the_brief_of_an_order_is_shown_explained_and_given_back(
    run: Run, answer: Ask, photos: Path, wishes: Path, tmp_path: Path
) -> None:
    order = answer("order", "create", photos, "-i", "brighter", "--brief", wishes)["order"]["id"]
    shown = answer("order", "brief", order)
    assert (shown["name"], shown["has_original"], shown["page_starts"]) == ("wishes.pdf", True, [0, 31])
    folder = tmp_path / "back"
    folder.mkdir()
    assert answer("order", "brief", order, "--original", folder)["path"] == str(folder / "wishes.pdf")
    assert (folder / "wishes.pdf").read_bytes() == PDF
    (folder / "wishes.pdf").write_bytes(b"mine")
    assert answer("order", "brief", order, "--original", folder, code=2)["error"]["code"] == "file_exists"
    answer("order", "brief", order, "--original", folder / "wishes.pdf", "--overwrite")
    assert (folder / "wishes.pdf").read_bytes() == PDF
    found = answer("brief", "explain", "--order", order, code=1)
    assert {f["source"] for f in found["fates"]} == {"instruction", "brief"}
    proposal = answer("order", "submit", order)
    cited = {c["words"]: c["place"] for c in proposal["citations"]}
    assert cited["White background"] == "wishes.pdf, page 1, line 2"
    assert "“White background” (wishes.pdf, page 1, line 2)" in " ".join(run("plan", "show", order).stdout.split())


def test_a_typed_brief_has_no_document(answer: Ask, photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx_file("White background"))
    order = answer("order", "create", photos, "--brief", path)["order"]["id"]
    answer("order", "instruct", order, "--no-brief")
    assert answer("order", "brief", order)["has_original"] is False
    assert answer("order", "brief", order, "--original", tmp_path, code=5)["error"]["code"] == "no_document"
