"""``i2i process``: from photos and words to files."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

from tests.cli.conftest import Run, draw

WORDS = "Canvas 60 x 60 px, JPEG"
Ask = Callable[..., Any]

DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
OUTPUT = {
    "type": "object",
    "required": ["output", "name", "path", "format", "width", "height", "bytes", "sha256", "measures", "compliance"],
    "properties": {"sha256": DIGEST, "width": {"type": "integer"}, "measures": {"type": "object"}},
}
REPORT = {
    "type": "object",
    "required": [
        "order", "orders", "plan", "questions", "quote", "images", "refused", "credits", "output_folder", "seconds",
        "error",
    ],
    "maxProperties": 11,
    "properties": {
        "order": {"type": ["object", "null"], "required": ["id", "name", "status", "quote"]},
        "orders": {"type": "array", "items": {"type": "object"}},
        "plan": {"type": ["object", "null"]},
        "quote": {"type": ["object", "null"], "required": ["price_version", "lines", "total"]},
        "images": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "order_id", "name", "status", "flags", "failure", "outputs"],
                "properties": {"outputs": {"type": "array", "items": OUTPUT}},
            },
        },
        "credits": {"type": "object", "required": ["held", "captured", "released"]},
        "seconds": {"type": "number", "minimum": 0},
    },
}  # fmt: skip


def contents(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_photos_become_files_of_the_exact_size(run: Run, photos: Path, tmp_path: Path) -> None:
    result = run("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    assert result.exit_code == 0, result.output
    assert sorted(contents(tmp_path / "out")) == ["img1.jpg", "img10.jpg", "img2.jpg"]
    with Image.open(tmp_path / "out" / "img1.jpg") as made:
        assert (made.format, made.size) == ("JPEG", (60, 60))
    assert "“Canvas 60 x 60 px”" in result.stderr, "the words that caused a step are shown"
    assert "Price: 3 credits" in result.stderr
    assert "[3/3]" in result.stderr
    assert "3 of 3 pictures finished" in result.stdout


def test_the_document_is_the_only_thing_on_standard_output(answer: Ask, photos: Path, tmp_path: Path) -> None:
    document = answer("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    jsonschema.validate(document, REPORT)
    assert [image["name"] for image in document["images"]] == ["img1.jpg", "img2.jpg", "img10.jpg"]
    assert document["credits"] == {"held": 3, "captured": 3, "released": 0}
    assert document["error"] is None
    for image in document["images"]:
        (output,) = image["outputs"]
        data = Path(output["path"]).read_bytes()
        assert (output["width"], output["height"], output["bytes"]) == (60, 60, len(data))
        assert output["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_same_command_twice_gives_the_same_bytes(answer: Ask, photos: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        answer("process", photos, "-i", WORDS, "-o", tmp_path / folder, "--yes")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    answer("process", photos, "-i", WORDS, "-o", tmp_path / "a", "--yes")
    assert contents(tmp_path / "a") == contents(tmp_path / "b"), "files of the same content are no conflict"


def test_other_files_are_never_replaced_unasked(run: Run, answer: Ask, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "img2.jpg").write_text("precious")
    result = run("process", photos, "-i", WORDS, "-o", out, "--yes")
    assert result.exit_code == 2
    assert "img2.jpg" in result.stderr
    assert "[file_exists]" in result.stderr
    assert contents(out).keys() == {"img2.jpg"}
    assert answer("credits", "history")["lines"] == [], "found out before anything was spent"
    assert answer("order", "list")["orders"] == [], "the command is to be given again, so no order is left"
    answer("process", photos, "-i", WORDS, "-o", out, "--yes", "--overwrite")
    with Image.open(out / "img2.jpg") as made:
        assert made.size == (60, 60)


def test_results_of_another_wish_are_in_the_way_too(answer: Ask, photos: Path, tmp_path: Path) -> None:
    answer("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    document = answer("process", photos, "-i", "Canvas 50 x 50 px, JPEG", "-o", tmp_path / "out", "--yes", code=2)
    assert document["error"]["code"] == "file_exists"


def test_originals_are_not_replaced_even_when_asked(answer: Ask, photos: Path) -> None:
    before = contents(photos)
    document = answer("process", photos, "-i", WORDS, "-o", photos, "--yes", "--overwrite", code=2)
    assert document["error"]["code"] == "output_is_source"
    assert contents(photos) == before


def test_a_plan_alone_costs_nothing(answer: Ask, photos: Path, tmp_path: Path) -> None:
    document = answer("process", photos, "-i", WORDS, "--plan-only")
    jsonschema.validate(document, REPORT)
    assert document["quote"]["total"] == 3
    assert document["images"] == []
    assert document["credits"] == {"held": 0, "captured": 0, "released": 0}
    made = answer("order", "confirm", document["order"]["id"], "-o", tmp_path / "out")
    assert made["credits"]["captured"] == 3
    assert len(contents(tmp_path / "out")) == 3


def test_without_a_terminal_the_price_must_be_agreed_beforehand(run: Run, photos: Path, tmp_path: Path) -> None:
    result = run("process", photos, "-i", WORDS, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert contents(tmp_path / "out") == {}


QUESTION = {
    "key": "ground",
    "about": "Which ground should it be?",
    "options": [
        {"key": "white", "label": "White", "changes": [
            {"kind": "set", "op": "canvas", "params": {"width": 60, "height": 60, "unit": "px"}}
        ]},
        {"key": "none", "label": "As it is"},
    ],
}  # fmt: skip


def test_a_question_that_nobody_can_be_asked_ends_with_4(answer: Ask, photos: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"steps": [{"op": "export", "params": {"format": "jpeg"}}], "questions": [QUESTION]}))
    wish = ("process", photos, "--recipe", plan, "-o", tmp_path / "out", "--yes")
    document = answer(*wish, code=4)
    jsonschema.validate(document, REPORT)
    assert document["error"]["code"] == "questions_open"
    assert document["error"]["details"]["questions"] == ["ground"]
    assert "--answer ground=white (White)" in document["error"]["message"]
    assert answer("credits", "history")["lines"] == []
    made = answer(*wish, "--answer", "ground=white")
    assert made["images"][0]["outputs"][0]["width"] == 60
    assert answer("order", "answer", document["order"]["id"], "ground=none")["questions"][0]["answer"] == "none"


def test_words_that_ask_for_nothing_cost_nothing(answer: Ask, photos: Path, tmp_path: Path) -> None:
    document = answer("process", photos, "-i", "Blub fnord", "-o", tmp_path / "out", "--yes", code=2)
    assert document["error"]["code"] == "nothing_understood"
    assert answer("credits", "history")["lines"] == []


def test_an_answer_to_no_question_is_refused(answer: Ask, photos: Path, tmp_path: Path) -> None:
    document = answer("process", photos, "-i", WORDS, "-o", tmp_path / "o", "--yes", "--answer", "colour=red", code=2)
    assert document["error"]["code"] == "unknown_question"


def test_a_plan_document_runs_instead_of_words(answer: Ask, photos: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    steps = [
        {"op": "resize", "params": {"width": 40, "height": 40}},
        {"op": "export", "params": {"format": "png"}},
    ]
    plan.write_text(json.dumps({"steps": steps}))
    document = answer("process", photos / "img1.jpg", "--recipe", plan, "-o", tmp_path / "out", "--yes")
    (output,) = document["images"][0]["outputs"]
    assert (output["name"], output["width"], output["height"]) == ("img1.png", 40, 30)


def test_a_broken_plan_document_is_refused(run: Run, photos: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"steps": [{"op": "conjure"}]}')
    result = run("process", photos, "--recipe", plan, "-o", tmp_path / "out", "--yes")
    assert result.exit_code == 2
    assert "conjure" in result.stderr


@pytest.mark.req("S0-UPL-07")
def test_over_a_hundred_photos_become_several_orders(answer: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(103):
        draw(folder / f"p{number}.jpg", size=(12, 9), colour=(number, 2 * number % 256, 90))
    document = answer("process", folder, "-i", "Canvas 8 x 8 px, JPEG", "-o", tmp_path / "out", "--yes")
    jsonschema.validate(document, REPORT)
    assert [order["image_count"] for order in document["orders"]] == [100, 3]
    assert document["order"]["id"] == document["orders"][0]["id"]
    assert len(document["images"]) == 103
    assert document["quote"]["total"] == 103
    assert document["credits"] == {"held": 103, "captured": 103, "released": 0}
    assert len(contents(tmp_path / "out")) == 103


def test_a_customer_without_enough_credits_is_told_before_anything_starts(
    answer: Ask, run: Run, photos: Path, tmp_path: Path
) -> None:
    answer("user", "create", "anna@example.org", "Anna")
    wish = ("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes", "--as", "anna@example.org")
    answer("credits", "charge", "studio_edit", "48", "--key", "spend", "--as", "anna@example.org")
    document = answer(*wish, code=8)
    assert document["error"] == {
        "code": "insufficient_credits",
        "message": "This costs 3 credits and 2 are available.",
        "details": {"available": 2, "required": 3},
    }
    answer("credits", "grant", "anna@example.org", "1", "--reason", "goodwill")
    assert answer(*wish)["credits"]["captured"] == 3


@pytest.mark.parametrize(
    "args",
    [
        ["-o", "out", "--yes"],
        ["-i", WORDS, "--yes"],
        ["-i", WORDS, "--recipe", "plan.json", "-o", "out"],
        ["-i", WORDS, "-o", "out", "--answer", "nonsense"],
        ["-i", WORDS, "-o", "out", "--output", "nothing", "--yes"],
    ],
)
def test_a_command_line_that_makes_no_sense_ends_with_2(
    run: Run, photos: Path, args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.json").write_text("{}")
    assert run("process", photos, *args).exit_code == 2
