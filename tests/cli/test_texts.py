"""Briefs and plan documents read from files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.work.texts import read_brief, read_plan
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError

TEXT = "Fond blanc, façade à gauche.\nWeißer Grund, 60 × 60 px."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_a_brief_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_brief(path) == TEXT


def test_letters_that_windows_adds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "brief.MD"
    path.write_bytes("„Weiß“ – 20 €".encode("cp1252"))
    assert read_brief(path) == "„Weiß“ – 20 €"


@pytest.mark.parametrize("name", ["brief.docx", "brief.pdf", "brief"])
def test_other_kinds_of_files_are_refused_clearly(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(UnsupportedTypeError, match=r"\.txt or \.md"):
        read_brief(tmp_path / name)


def test_bytes_that_only_claim_to_be_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(b"\x89PNG\r\n\x00\x1a\n" + b"pixels" * 20)
    with pytest.raises(UnsupportedTypeError, match="not a plain text"):
        read_brief(path)


def test_an_empty_and_an_endless_brief_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text(" \n")
    with pytest.raises(InvalidInputError, match="empty"):
        read_brief(path)
    path.write_bytes(b"x" * 1_000_000)
    with pytest.raises(TooLargeError):
        read_brief(path)


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
