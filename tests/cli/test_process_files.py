"""Files that ``i2i process`` is given: what is taken, what is refused by name, and in which order."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.work.files import find_files, natural
from tests.cli.conftest import Run, draw

WORDS = "Canvas 60 x 60 px, JPEG"
Ask = Callable[..., Any]


def bomb(path: Path) -> Path:
    """Write a PNG header that promises 60,000 × 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0" * 64)
    return path


@pytest.mark.req("S0-UPL-08")
def test_every_bad_file_is_refused_by_name_and_the_rest_goes_on(answer: Ask, photos: Path, tmp_path: Path) -> None:
    (photos / "text.jpg").write_text("this is no picture")
    (photos / "empty.png").touch()
    bomb(photos / "bomb.png")
    (photos / "twin.jpg").write_bytes((photos / "img1.jpg").read_bytes())
    (photos / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    os.mkfifo(photos / "pipe.jpg")
    (photos / "inner").mkdir()
    draw(photos / "inner" / "deep.jpg")
    (photos / ".hidden.jpg").write_text("hidden")
    document = answer("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes", code=3)
    refused = {r["name"]: r["code"] for r in document["refused"]}
    assert refused.keys() == {"text.jpg", "empty.png", "bomb.png", "twin.jpg", "gone.jpg", "pipe.jpg"}
    assert refused["twin.jpg"] == "duplicate"
    assert refused["empty.png"] == "empty_file"
    assert refused["gone.jpg"] == "unreadable"
    assert refused["pipe.jpg"] == "not_a_file"
    assert all(r["message"].startswith(r["name"]) for r in document["refused"]), "each reason names its file"
    assert [i["name"] for i in document["images"]] == ["img1.jpg", "img2.jpg", "img10.jpg"]
    assert document["credits"]["captured"] == 3


def test_refused_files_can_be_allowed(run: Run, photos: Path, tmp_path: Path) -> None:
    (photos / "notes.txt").write_text("notes")
    wish = ("process", photos, "-i", WORDS, "--yes")
    result = run(*wish, "-o", tmp_path / "a")
    assert result.exit_code == 3
    assert "notes.txt" in result.stderr
    assert "Refused: notes.txt" in result.stdout
    assert run(*wish, "-o", tmp_path / "b", "--allow", "refused").exit_code == 0


def test_a_missing_path_is_a_wrong_command_line(run: Run, tmp_path: Path) -> None:
    result = run("process", tmp_path / "nowhere", "-i", WORDS, "-o", tmp_path / "out", "--yes")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_a_folder_without_pictures_leaves_nothing_behind(answer: Ask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    document = answer("process", tmp_path / "empty", "-i", WORDS, "-o", tmp_path / "out", "--yes", code=2)
    assert document["error"]["code"] == "no_usable_picture"
    (tmp_path / "empty" / "a.jpg").write_text("no picture")
    document = answer("process", tmp_path / "empty", "-i", WORDS, "-o", tmp_path / "out", "--yes", code=2)
    assert "a.jpg" in document["error"]["message"]
    assert answer("order", "list")["orders"] == []


def test_an_output_that_is_a_file_is_refused_before_the_work(answer: Ask, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    document = answer("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes", code=2)
    assert document["error"]["code"] == "output_not_writable"
    assert answer("order", "list")["orders"] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file_is_refused(answer: Ask, photos: Path, tmp_path: Path) -> None:
    (photos / "img2.jpg").chmod(0)
    document = answer("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes", code=3)
    assert [(r["name"], r["code"]) for r in document["refused"]] == [("img2.jpg", "unreadable")]


def test_names_sort_as_people_count() -> None:
    names = ["img10.jpg", "IMG2.jpg", "img1.jpg", "a.jpg", "10.jpg", "9.jpg"]
    assert sorted(names, key=natural) == ["9.jpg", "10.jpg", "a.jpg", "img1.jpg", "IMG2.jpg", "img10.jpg"]


def test_folders_of_folders_only_when_asked(tmp_path: Path) -> None:
    for name in ("b.jpg", "in/a.jpg", "in/in/c.jpg", ".git/d.jpg"):
        draw(tmp_path / name, colour=(len(name), 9, 9))
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    assert [f.name for f in find_files([tmp_path], recursive=False).files] == ["b.jpg"]
    assert [f.name for f in find_files([tmp_path], recursive=True).files] == ["b.jpg", "a.jpg", "c.jpg"]


def test_a_file_named_twice_is_taken_once(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    found = find_files([photo, tmp_path, photo], recursive=False)
    assert [f.name for f in found.files] == ["a.jpg"]
    assert found.refused == ()


def test_twins_are_found_across_a_thousand_files_by_content(tmp_path: Path) -> None:
    for number in range(250):
        (tmp_path / f"f{number}").write_text(f"{number % 249:04}")
    found = find_files([tmp_path], recursive=False)
    assert len(found.files) == 249
    assert [r.message for r in found.refused] == ["f249: it is the same picture as f0."]
