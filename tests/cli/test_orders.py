"""The life of an order from the command line, step by step."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.cli.conftest import Run, draw

Ask = Callable[..., Any]
WORDS = "Canvas 60 x 60 px, JPEG"


@pytest.fixture
def finished(answer: Ask, photos: Path, tmp_path: Path) -> str:
    made = answer("process", photos, "-i", WORDS, "-o", tmp_path / "first", "--yes")
    return str(made["order"]["id"])


def test_from_draft_to_delivery_in_single_steps(answer: Ask, photos: Path, tmp_path: Path) -> None:
    order = answer("order", "create", "--name", "Spring", "--key", "k1")["order"]["id"]
    assert answer("order", "create", "--name", "Spring", "--key", "k1")["order"]["id"] == order
    added = answer("order", "add", order, photos)
    assert [i["position"] for i in added["images"]] == [1, 2, 3]
    extra = draw(tmp_path / "extra.jpg", colour=(1, 2, 3))
    assert answer("image", "add", order, extra)["order"]["image_count"] == 4
    assert answer("image", "remove", order, "extra", "--yes")["order"]["image_count"] == 3
    names = [i["name"] for i in answer("image", "reorder", order, "3", "2", "1")["images"]]
    assert names == ["img10.jpg", "img2.jpg", "img1.jpg"]
    states = {i["name"]: i["status"] for i in answer("image", "select", order, "img1.jpg", "img2.jpg")["images"]}
    assert states == {"img10.jpg": "excluded", "img2.jpg": "ready", "img1.jpg": "ready"}
    assert answer("order", "submit", order, code=2)["error"]["code"] == "no_instruction"
    answer("order", "instruct", order, "-i", WORDS)
    proposal = answer("order", "submit", order)
    assert (proposal["images"], proposal["quote"]["total"]) == (2, 2)
    assert answer("order", "confirm", order, "--revision", "7", code=7)["error"]["code"] == "stale_plan"
    report = answer("order", "confirm", order, "--key", "c1", "-o", tmp_path / "out")
    assert report["credits"] == {"held": 2, "captured": 2, "released": 0}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["img1.jpg", "img2.jpg"]
    assert answer("order", "status", order)["percent"] == 100


def test_a_plan_is_edited_as_a_file(answer: Ask, photos: Path, tmp_path: Path) -> None:
    order = answer("process", photos, "-i", WORDS, "--plan-only")["order"]["id"]
    shown = answer("plan", "show", order)
    shown["plan"]["steps"][0]["params"] |= {"width": 70, "height": 50}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(shown))
    assert answer("plan", "check", file)["is_valid"]
    edited = answer("plan", "edit", order, file, "--revision", "1")
    assert (edited["revision"], edited["origin"]) == (2, "hand")
    preview = answer("image", "preview", order, "img1", "-o", tmp_path)
    assert Path(preview["files"][0]["path"]).name == "img1-preview-main.jpg"
    report = answer("order", "confirm", order)
    assert (report["images"][0]["outputs"][0]["width"], report["images"][0]["outputs"][0]["height"]) == (70, 50)


@pytest.mark.req("S0-REPR-03")
def test_every_picture_can_have_words_of_its_own(answer: Ask, finished: str) -> None:
    each = ("--each", "img1=Canvas 70 x 70 px", "--each", "img2=Canvas 50 x 50 px")
    report = answer("order", "reprocess", finished, *each)
    assert [i["outputs"][0]["width"] for i in report["images"]] == [70, 50, 60]
    assert report["credits"]["captured"] == 2
    assert answer("order", "reprocess", finished, code=2)["error"]["code"] == "usage"


def test_a_logo_is_uploaded_and_put_on_a_picture(answer: Ask, photos: Path, tmp_path: Path) -> None:
    logo = answer("logo", "add", draw(tmp_path / "logo.png", size=(40, 40)))
    plan = tmp_path / "plan.json"
    params = {"asset": logo["id"], "position": "bottom-right", "opacity": 100}
    plan.write_text(json.dumps({"steps": [{"op": "overlay.logo", "params": params}]}))
    wish = ("process", photos / "img1.jpg", "--recipe", plan, "-o", tmp_path / "out", "--yes")
    (made,) = answer(*wish)["images"]
    with Image.open(photos / "img1.jpg") as before, Image.open(made["outputs"][0]["path"]) as after:
        extrema: Any = ImageChops.difference(before, after).getextrema()
    assert max(highest for _, highest in extrema) > 100
    assert answer("logo", "delete", logo["id"], "--yes")["state"] == "deleted"
    assert answer(*wish, code=5)["error"]["code"] == "not_found"


def test_review_and_reprocess(answer: Ask, finished: str, tmp_path: Path) -> None:
    assert answer("order", "approve", finished, "img1", "2")["images"][1]["status"] == "approved"
    flagged = answer("order", "flag", finished, "img10", "--note", "too dark")["images"][0]
    assert (flagged["status"], flagged["note"]) == ("needs_retouch", "too dark")
    assert answer("order", "reopen", finished, "img10")["images"][0]["status"] == "completed"
    report = answer("order", "reprocess", finished, "img10", "-i", "Canvas 80 x 80 px", "-o", tmp_path / "again")
    assert report["credits"] == {"held": 1, "captured": 1, "released": 0}
    versions = answer("image", "versions", finished, "img10")["versions"]
    assert [v["files"][0]["width"] for v in versions] == [60, 80]
    approved = answer("order", "results", finished, "--approved")
    assert [bool(i["outputs"]) for i in approved["images"]] == [True, True, False]


@pytest.mark.req("S0-EXP-02")
@pytest.mark.req("S0-EXP-03")
@pytest.mark.req("S0-EXP-04")
@pytest.mark.req("S0-EXP-05")
def test_results_archive_and_single_files(answer: Ask, finished: str, tmp_path: Path) -> None:
    listed = answer("order", "results", finished, "--image", "img2", "-o", tmp_path / "one")
    assert [p.name for p in (tmp_path / "one").iterdir()] == ["img2.jpg"]
    assert listed["images"][0]["outputs"][0]["path"] == str(tmp_path / "one" / "img2.jpg")
    packed = answer("order", "download", finished, "-o", tmp_path / "all.zip")
    assert packed["bytes"] == (tmp_path / "all.zip").stat().st_size
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(archive.namelist()) == ["SUMMARY.txt", "img1.jpg", "img10.jpg", "img2.jpg"]
    assert answer("order", "download", finished, "-o", tmp_path / "all.zip", code=2)["error"]["code"] == "file_exists"
    original = answer("image", "download", finished, "1", "--version", "0", "-o", tmp_path / "orig.jpg")
    with Image.open(original["path"]) as picture:
        assert picture.size == (120, 90)


def test_lists_logs_and_sums(answer: Ask, finished: str) -> None:
    assert [o["id"] for o in answer("order", "list", "--status", "completed")["orders"]] == [finished]
    assert answer("order", "list", "--query", "nothing like it")["orders"] == []
    assert [e["type"] for e in answer("order", "log", finished)["entries"]][:3] == ["upload", "plan", "confirm"]
    events = answer("order", "events", finished)["events"]
    assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
    assert answer("order", "events", finished, "--after", str(len(events)))["events"] == []
    assert answer("order", "stats")["by_status"]["completed"] == 1
    assert answer("order", "watch", finished)["percent"] == 100
    shown = answer("order", "show", finished)
    assert shown["images"][0]["version"]["number"] == 1


@pytest.mark.req("S0-ODEL-01")
@pytest.mark.req("S0-ODEL-04")
def test_names_bin_and_back(answer: Ask, finished: str) -> None:
    assert answer("order", "rename", finished, "Autumn")["order"]["name"] == "Autumn"
    assert answer("order", "delete", finished, code=2)["error"]["code"] == "not_confirmed"
    assert answer("order", "delete", finished, "--yes")["order"]["status"] == "deleted"
    assert answer("order", "approve", finished, "1", code=5)["error"]["code"] == "not_found"
    assert answer("order", "restore", finished)["order"]["status"] == "completed"


def test_work_can_be_started_only_and_cancelled(answer: Ask, photos: Path) -> None:
    order = answer("process", photos, "-i", WORDS, "--plan-only")["order"]["id"]
    started = answer("order", "confirm", order, "--no-wait")
    assert (started["queued"], started["held"]) == (3, 3)
    assert answer("credits", "balance")["held"] == 3
    assert answer("order", "cancel", order)["order"]["status"] == "cancelled"
    assert answer("credits", "balance")["held"] == 0
    assert answer("order", "cancel", order, code=7)["error"]["code"] == "invalid_transition"


def test_recipes(answer: Ask, run: Run, finished: str, photos: Path, tmp_path: Path) -> None:
    answer("recipe", "save", "Square", "--order", finished)
    assert answer("recipe", "save", "Square", "--order", finished, code=7)["error"]["code"] == "name_taken"
    assert [r["name"] for r in answer("recipe", "list")["recipes"]] == ["Square"]
    answer("recipe", "export", "Square", "-o", tmp_path / "square.json")
    assert json.loads(run("recipe", "export", "Square").stdout) == json.loads((tmp_path / "square.json").read_text())
    made = answer("recipe", "run", "Square", photos, "-o", tmp_path / "out", "--yes")
    again = answer("process", photos, "--recipe", tmp_path / "square.json", "-o", tmp_path / "out", "--yes")
    assert [i["outputs"][0]["sha256"] for i in made["images"]] == [i["outputs"][0]["sha256"] for i in again["images"]]
    assert answer("recipe", "delete", "Square", code=2)["error"]["code"] == "not_confirmed"
    answer("recipe", "delete", "Square", "--yes")
    assert answer("recipe", "show", "Square", code=5)["error"]["code"] == "not_found"


def test_pictures_are_named_by_number_name_or_id(answer: Ask, photos: Path, tmp_path: Path) -> None:
    twins = tmp_path / "other"
    draw(twins / "img1.png", colour=(9, 9, 9))
    order = answer("order", "create", photos, twins)["order"]["id"]
    images = answer("order", "show", order)["images"]
    assert answer("image", "versions", order, images[0]["id"])["image_id"] == images[0]["id"]
    assert answer("image", "versions", order, "img1.png")["image_id"] == images[3]["id"]
    assert answer("image", "versions", order, "IMG10")["image_id"] == images[2]["id"]
    assert answer("image", "versions", order, "IMG1", code=2)["error"]["code"] == "ambiguous"
    assert answer("image", "versions", order, "9", code=5)["error"]["code"] == "not_found"


@pytest.mark.req("S0-ORDV-04")
def test_others_orders_look_like_missing_ones(answer: Ask, finished: str) -> None:
    answer("user", "create", "anna@example.org", "Anna")
    anna = ("--as", "anna@example.org")
    assert answer("order", "show", finished, *anna, code=5)["error"]["code"] == "not_found"
    assert answer("order", "list", *anna)["orders"] == []
    assert answer("user", "list", *anna, code=6)["error"]["code"] == "admin_only"
    assert answer("order", "list", "--as", "nobody@example.org", code=5)["error"]["code"] == "not_found"


def test_text_for_people_tells_the_same(run: Run, finished: str) -> None:
    for words, wanted in {
        ("order", "list"): finished,
        ("order", "show", finished): "img10.jpg",
        ("order", "status", finished): "3 of 3 finished",
        ("order", "log", finished): "3 pictures added.",
        ("order", "events", finished): "ImageProcessed",
        ("order", "results", finished): "60 × 60",
        ("order", "stats"): "Pictures",
        ("plan", "show", finished): "“Canvas 60 x 60 px”",
        ("image", "versions", finished, "1"): "60 × 60",
        ("credits", "history"): "img1.jpg, version 1",
    }.items():
        result = run(*words)
        assert result.exit_code == 0, words
        assert wanted in result.stdout, words


def test_a_file_name_cannot_steer_the_terminal(run: Run, answer: Ask, tmp_path: Path) -> None:
    draw(tmp_path / "shoot" / "evil\x1b[31m[red].jpg")
    order = answer("order", "create", tmp_path / "shoot")["order"]["id"]
    shown = run("order", "show", order).stdout
    assert "\x1b" not in shown
    assert "[red].jpg" in shown
