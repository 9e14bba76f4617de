"""What is sent: the schema, pictures, turns, limits, and nothing that a model does not take."""

import base64
import tracemalloc
from typing import Any

import attrs
import pytest

from core.ports.language_model import LanguageModel, ModelRequest, Picture, Speaker, Turn, UnsupportedByModelError
from core.usecases.language.plan_schema import plan_schema
from i2i.testing import LanguageModelContract, ask, make_png
from tests.plugins.llm.conftest import MakeModel
from tests.support.provider_stub import Desk

PNG = make_png()
PICTURE = Picture(media_type="image/png", content=PNG, width=8, height=8)


def sent_for(model: LanguageModel, desk: Desk, request: ModelRequest) -> Any:
    desk.answer("ok")
    list(model.complete(request))
    return desk.log[-1].body


def test_a_schema_is_handed_over_strictly(model: LanguageModel, desk: Desk, key: str) -> None:
    schema = dict(LanguageModelContract.SCHEMA)
    sent = sent_for(model, desk, ask("Name one thing.", schema=schema))
    match key:
        case "openai":
            form = {"type": "json_schema", "name": "answer", "strict": True, "schema": schema}
            assert sent["text"]["format"] == form
        case "openai_compatible":
            form = {"name": "answer", "strict": True, "schema": schema}
            assert sent["response_format"] == {"type": "json_schema", "json_schema": form}
        case "anthropic":
            assert sent["output_config"]["format"] == {"type": "json_schema", "schema": schema}
        case "gemini":
            assert sent["generationConfig"]["responseJsonSchema"] == schema
            assert sent["generationConfig"]["responseMimeType"] == "application/json"


def test_a_schema_that_the_provider_cannot_enforce_is_told_in_words(model: LanguageModel, desk: Desk, key: str) -> None:
    sent = sent_for(model, desk, ask("A plan", schema=plan_schema()))
    assert ("Answer with one JSON value" in str(sent)) == (key in {"anthropic", "gemini"})
    assert "ruled_out" in str(sent)
    if key == "gemini":
        assert sent["generationConfig"]["responseMimeType"] == "application/json"
        assert "responseJsonSchema" not in sent["generationConfig"]


@pytest.mark.parametrize("key", ["anthropic"], indirect=True)
@pytest.mark.parametrize("bounds", [{"minimum": 1}, {"maxLength": 5}, {"anyOf": [{"type": "null"}] * 2}], ids=range(3))
def test_anthropic_enforces_no_bounds_and_few_unions(model: LanguageModel, desk: Desk, bounds: dict[str, Any]) -> None:
    def schema(number: int) -> dict[str, Any]:
        names = [f"minimum{each}" for each in range(number)]
        properties = {name: {"type": "integer", **bounds} for name in names}
        return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}

    many = sent_for(model, desk, ask("Hello", schema=schema(17)))
    assert "format" not in many["output_config"]
    few = sent_for(model, desk, ask("Hello", schema=schema(16)))
    assert ("format" in few["output_config"]) == ("anyOf" in bounds)


@pytest.mark.req("S0-LLM-16")
def test_the_length_is_bounded_and_never_beyond_what_the_model_can(make_model: MakeModel, desk: Desk, key: str) -> None:
    name = {"openai": "max_output_tokens", "openai_compatible": "max_tokens", "anthropic": "max_tokens"}.get(key)

    def bound(**changes: Any) -> int:
        sent = sent_for(make_model(**changes), desk, attrs.evolve(ask("Hello"), max_output_tokens=500))
        found: int = sent[name] if name else sent["generationConfig"]["maxOutputTokens"]
        return found

    assert bound() == 500
    assert bound(max_output_tokens=100) == 100


@pytest.mark.req("S0-LLM-16")
def test_a_temperature_is_sent_where_it_is_taken_and_left_out_elsewhere(
    make_model: MakeModel, desk: Desk, key: str
) -> None:
    request = attrs.evolve(ask("Hello"), temperature=0.25)
    assert "temperature" not in str(sent_for(make_model(takes_temperature=False), desk, request))
    if key != "anthropic":  # none of its models takes one
        assert "'temperature': 0.25" in str(sent_for(make_model(takes_temperature=True), desk, request))


@pytest.mark.req("S0-LLM-09")
@pytest.mark.req("S0-LLM-10")
def test_pictures_arrive_unchanged_and_without_a_name(model: LanguageModel, desk: Desk, key: str) -> None:
    sent = sent_for(model, desk, ask("What is this?", pictures=(PICTURE, PICTURE)))
    data = base64.b64encode(PNG).decode()
    text = str(sent)
    assert text.count(data) == 2
    if key == "openai":
        parts = sent["input"][0]["content"]
        assert [part["detail"] for part in parts if part["type"] == "input_image"] == ["auto", "auto"]
    if key == "anthropic":
        assert text.count("'oversized_image': 'error'") == 2


def test_earlier_turns_keep_their_speakers(model: LanguageModel, desk: Desk, key: str) -> None:
    turns = (
        Turn(speaker=Speaker.USER, text="first"),
        Turn(speaker=Speaker.ASSISTANT, text="second"),
        Turn(speaker=Speaker.USER, text="third"),
    )
    sent = sent_for(model, desk, attrs.evolve(ask("x"), turns=turns))
    listed = sent.get("input") or sent.get("messages") or sent.get("contents")
    spoken = [each for each in listed if each["role"] != "system"]
    other = "model" if key == "gemini" else "assistant"
    assert [each["role"] for each in spoken] == ["user", other, "user"]
    assert [word in str(each) for each, word in zip(spoken, ("first", "second", "third"), strict=True)] == [True] * 3


def test_the_user_is_named_by_a_hash_where_the_provider_asks_for_one(
    model: LanguageModel, desk: Desk, key: str
) -> None:
    text = str(sent_for(model, desk, attrs.evolve(ask("Hello"), user_key="5f2b")))
    assert ("5f2b" in text) == (key in {"openai", "anthropic"})


@pytest.mark.parametrize("key", ["openai"], indirect=True)
def test_nothing_is_stored_at_openai(model: LanguageModel, desk: Desk) -> None:
    assert sent_for(model, desk, ask("Hello"))["store"] is False


UNFIT = {
    "it looks at none": ({"has_vision": False}, (PICTURE,)),
    "too many": ({"max_pictures": 1}, (PICTURE, PICTURE)),
    "too large together": ({"max_picture_bytes": len(PNG) * 2 - 1}, (PICTURE, PICTURE)),
    "of another kind": ({}, (attrs.evolve(PICTURE, media_type="image/tiff"),)),
}


@pytest.mark.parametrize(("changes", "pictures"), UNFIT.values(), ids=UNFIT)
def test_what_the_card_rules_out_is_refused_before_anything_is_sent(
    make_model: MakeModel, desk: Desk, changes: dict[str, Any], pictures: tuple[Picture, ...]
) -> None:
    with pytest.raises(UnsupportedByModelError) as caught:
        make_model(**changes).complete(ask("What is this?", pictures=pictures))
    assert caught.value.details["sent"] is False
    assert desk.log == []


def test_a_huge_picture_is_refused_without_a_copy(model: LanguageModel, desk: Desk) -> None:
    picture = attrs.evolve(PICTURE, content=bytes(model.card.max_picture_bytes + 1))
    tracemalloc.start()
    try:
        with pytest.raises(UnsupportedByModelError):
            model.complete(ask("What is this?", pictures=(picture,)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert desk.log == []
