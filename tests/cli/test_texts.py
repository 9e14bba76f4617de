"""Briefs and plan documents read from files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.work.texts import read_plan
from core.errors import InvalidInputError
from tests.support.documents import docx_file, pdf_text


@pytest.mark.parametrize("text", ["", "[]", "{", "{" * 100_000, '{"format": 2}', '{"steps": [{"op": "crop", "x": 1}]}'])
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(InvalidInputError):
        read_plan(path)


@pytest.mark.req("S0-BRIEF-01")
def test_a_brief_is_carried_out_and_kept_by_name(answer: Callable[..., Any], photos: Path, tmp_path: Path) -> None:
    brief = photos / "brief.txt"
    brief.write_bytes("Canvas 60 x 60 px, JPEG".encode("utf-16"))
    document = answer("process", photos, "--brief", brief, "-o", tmp_path / "out", "--yes")
    assert document["order"]["brief_name"] == "brief.txt"
    assert document["refused"] == [], "the brief is not taken for a picture"
    assert document["images"][0]["outputs"][0]["width"] == 60


@pytest.mark.req("S0-BRIEF-02")
@pytest.mark.parametrize(("name", "make"), [("wishes.pdf", pdf_text), ("wishes.docx", docx_file)])
def test_a_document_is_carried_out(
    answer: Callable[..., Any], photos: Path, tmp_path: Path, name: str, make: Callable[[str], bytes]
) -> None:
    brief = tmp_path / name
    brief.write_bytes(make("Canvas 60 x 60 px, JPEG"))
    document = answer("process", photos, "--brief", brief, "-o", tmp_path / "out", "--yes")
    assert document["order"]["brief_name"] == name
    assert document["images"][0]["outputs"][0]["width"] == 60
