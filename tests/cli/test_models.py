"""``i2i models``, what the doctor says of them, and tags by hand."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import CredentialsError
from i2i.testing import CANARY
from tests.cli.conftest import Run
from tests.support.model_answers import answer as plan_answer
from tests.support.model_answers import step
from tests.support.provider_stub import SPECS, Desk, ProviderStub
from tests.support.provider_stub.faults import FAULTS

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def stub() -> Iterator[ProviderStub]:
    if not SPECS.is_dir():
        pytest.skip("the specifications of the providers are not beside this checkout")
    server = ProviderStub()
    yield server
    server.close()


@pytest.fixture
def desk(stub: ProviderStub, environ: dict[str, str]) -> Desk:
    """Configure OpenAI at the fake."""
    desk = stub.desk("openai")
    environ |= {"I2I_PLANNER": "openai", "I2I_OPENAI_API_KEY": CANARY, "I2I_OPENAI_BASE_URL": desk.url}
    return desk


def detail(document: dict[str, Any]) -> tuple[str, str]:
    (check,) = [check for check in document["checks"] if check["name"] == "language model"]
    return check["state"], check["detail"]


def test_models_are_listed_with_price_and_end(answer: Ask, run: Run, environ: dict[str, str]) -> None:
    environ |= {"I2I_LANGUAGE_MODEL": "openai/gpt-4o", "I2I_OPENAI_API_KEY": CANARY}
    models = {m["model"]: m for m in answer("models", "list")["models"]}
    assert models["gpt-4o"]["is_chosen"]
    assert models["gpt-4o"]["shuts_down_on"] == "2027-01-14"
    assert models["gpt-4o"]["successor"]
    assert models["gpt-6-luna"]["prices"][0]["input"] == 0.1
    assert models["claude-opus-5"]["missing"] == "Anthropic needs a key; set I2I_ANTHROPIC_API_KEY."
    text = run("models", "list").output
    assert "gpt-4o" in text
    assert CANARY not in text


def test_a_model_is_asked_for_one_word(answer: Ask, run: Run, desk: Desk) -> None:
    desk.answer("ok")
    document = answer("models", "check")
    assert (document["answer"], document["input_tokens"], document["purpose"]) == ("ok", 120, "check")
    assert document["cost"].startswith("$0.000")
    desk.answer("ok")
    assert "answers in" in run("models", "check", "openai").output


def test_a_model_that_does_not_answer_says_why(answer: Ask, desk: Desk) -> None:
    desk.script(FAULTS["openai"][CredentialsError])
    error = answer("models", "check", code=10)["error"]
    assert error["code"] == "credentials_rejected"
    assert CANARY not in str(error)


def test_what_is_missing_is_said(answer: Ask) -> None:
    assert answer("models", "check", code=2)["error"]["code"] == "no_model"
    assert "I2I_GEMINI_API_KEY" in answer("models", "check", "gemini", code=10)["error"]["message"]
    assert "did you mean gemini" in answer("models", "check", "gemni", code=5)["error"]["message"]


def test_the_doctor_says_what_is_to_be_done(answer: Ask, environ: dict[str, str]) -> None:
    assert detail(answer("doctor"))[0] == "ok"
    environ["I2I_PLANNER"] = "anthropic"
    state, words = detail(answer("doctor"))
    assert state == "warning"
    assert words.startswith("Anthropic needs a key; set I2I_ANTHROPIC_API_KEY. Until then")
    environ |= {"I2I_ANTHROPIC_API_KEY": CANARY, "I2I_LANGUAGE_MODEL": "claude-sonnet-4-5"}
    assert "use claude-sonnet-5-5 instead" in detail(answer("doctor"))[1]
    environ["I2I_PLANNER"] = "anthropc"
    state, words = detail(answer("doctor", code=1))
    assert (state, "did you mean anthropic?" in words) == ("broken", True)


@pytest.mark.req("S0-LLM-04")
def test_a_folder_is_planned_with_the_provider_of_the_settings(answer: Ask, photos: Path, desk: Desk) -> None:
    found = [{"number": n, "tags": ["shoe"], "description": "A shoe.", "text": ""} for n in (1, 2, 3)]
    desk.answer(json.dumps({"pictures": found}))
    words = "the dreamy look of a summer day"
    desk.answer(json.dumps(plan_answer(steps=[step("saturation", words, where={"tags": ["shoe"]}, amount=-9)])))
    made = answer("process", photos, "-i", f"JPEG. Zing {words}.", "--plan-only")
    assert made["plan"]["planner"] == "openai"
    assert {s["op"]: s.get("scope") for s in made["plan"]["steps"]}["saturation"] == {"tags": ["shoe"]}
    assert not made["plan"].get("questions")
    order = made["order"]["id"]
    log = [entry for entry in answer("order", "log", order)["entries"] if entry["type"] == "model"]
    assert [entry["model"].split("/")[0] for entry in log] == ["openai", "openai"]
    assert CANARY not in str(log)
    assert {tuple(image["tags"]) for image in answer("order", "show", order)["images"]} == {("shoe",)}
    assert desk.problems == []


def test_tags_are_listed(answer: Ask, run: Run) -> None:
    listed = answer("image", "tags")
    assert {"shoe", "sneaker"} <= set(listed["things"])
    assert "facing_left" in listed["traits"]
    assert "sneaker" in run("image", "tags").output


def test_pictures_are_tagged_by_name(answer: Ask, run: Run, photos: Path) -> None:
    order = answer("order", "create")["order"]["id"]
    answer("order", "add", order, photos)
    tagged = answer("image", "tag", order, "img1", "img2", "--add", "shoe", "--add", "Red")["images"]
    assert [image["tags"] for image in tagged] == [["red", "shoe"]] * 2
    assert answer("image", "tag", order, "img1", "--remove", "red")["images"][0]["tags"] == ["shoe"]
    assert "shoe" in run("image", "tag", order, "img1", "--clear", "--add", "shoe").output
    assert answer("image", "tag", order, "img1", code=2)["error"]["code"] == "nothing_to_do"
    assert answer("image", "tag", order, "all", "--add", "spaceship", code=2)["error"]["code"] == "unknown_tag"
