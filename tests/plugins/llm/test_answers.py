"""What becomes of answers: text, usage and cost, refusals, blocks, ends in the middle, and what cannot be read."""

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.language_models import StructuredOutput
from core.errors import ProviderError
from core.ports.language_model import (
    AnswerInvalidError,
    ContentBlockedError,
    Finished,
    LanguageModel,
    ModelConnectionError,
    TextDelta,
    Usage,
)
from i2i.testing import LanguageModelContract, ask
from tests.plugins.llm.conftest import DESCRIPTORS, MakeModel
from tests.support.provider_stub import Answer, Desk, Raw, wires

SCHEMA = LanguageModelContract.SCHEMA


def end_of(model: LanguageModel, **changes: object) -> Finished:
    *_, end = model.complete(ask("Hello", **changes))  # type: ignore[arg-type]
    assert isinstance(end, Finished)
    return end


def test_what_an_answer_took_is_counted_with_the_cached_tokens(model: LanguageModel, desk: Desk) -> None:
    desk.answer("ok", usage=(1200, 400, 30))
    end = end_of(model)
    assert end.usage == Usage(input_tokens=1200, cached_input_tokens=400, output_tokens=30)
    assert end.request_id == "req_123"
    assert end.model == "a-model"


@pytest.mark.parametrize("name", ["a\x1b[2Jmodel", "a\x00", "\ud83d", "m" * 201], ids=range(4))
def test_a_model_that_gives_itself_a_strange_name_keeps_its_own(
    model: LanguageModel, desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(wires, "NAMELESS", name)
    desk.answer("ok")
    assert end_of(model).model == model.card.model


@pytest.mark.parametrize("key", ["openai", "anthropic", "gemini"], indirect=True)
def test_the_card_says_what_it_cost(model: LanguageModel, desk: Desk) -> None:
    desk.answer("ok", usage=(1_000_000, 0, 0))
    usage = end_of(model).usage
    cost = model.card.cost(input_tokens=90_000, cached_input_tokens=90_000, output_tokens=1)
    assert cost is not None
    assert cost > 0
    dearest = max(price.input for price in model.card.prices)
    assert model.card.cost(
        input_tokens=usage.input_tokens, cached_input_tokens=usage.cached_input_tokens, output_tokens=0
    ) == (dearest)


def test_an_answer_without_a_stream_comes_whole(make_model: MakeModel, desk: Desk) -> None:
    desk.answer("Weißer Grund, 靴", usage=(12, 4, 3))
    (end,) = make_model(has_streaming=False).complete(ask("Hello"))
    assert isinstance(end, Finished)
    assert end.text == "Weißer Grund, 靴"
    assert end.usage == Usage(input_tokens=12, cached_input_tokens=4, output_tokens=3)
    assert not desk.log[0].body.get("stream")


def test_the_pieces_come_as_they_are_sent(model: LanguageModel, desk: Desk) -> None:
    desk.script(Answer(pieces=("one ", "two ", "three")))
    *pieces, end = model.complete(ask("Hello"))
    assert [piece.text for piece in pieces if isinstance(piece, TextDelta)] == ["one ", "two ", "three"]
    assert isinstance(end, Finished)


@pytest.mark.parametrize("has_streaming", [True, False])
@pytest.mark.parametrize("end", ["refusal", "filter"])
def test_a_refusal_is_an_error_of_its_own_and_is_billed(
    make_model: MakeModel, desk: Desk, end: str, has_streaming: bool
) -> None:
    desk.script(Answer(pieces=("I can", "not"), end=end, usage=(10, 0, 5)))
    with pytest.raises(ContentBlockedError) as caught:
        list(make_model(has_streaming=has_streaming).complete(ask("Hello")))
    assert caught.value.details["usage"] == {"input_tokens": 10, "cached_input_tokens": 0, "output_tokens": 5}
    assert caught.value.details["stage"] in {"input", "output"}


@pytest.mark.parametrize("has_streaming", [True, False])
def test_an_answer_that_was_too_long_is_invalid_and_billed(
    make_model: MakeModel, desk: Desk, has_streaming: bool
) -> None:
    desk.script(Answer(pieces=('{"word": "sh',), end="length", usage=(10, 0, 64)))
    with pytest.raises(AnswerInvalidError) as caught:
        list(make_model(has_streaming=has_streaming).complete(ask("Hello", schema=SCHEMA)))
    assert caught.value.details["usage"]["output_tokens"] == 64
    assert caught.value.details["reason"]


def test_a_stream_that_just_ends_is_lost(model: LanguageModel, desk: Desk) -> None:
    desk.script(Answer(pieces=("one ", "two "), has_end=False))
    with pytest.raises(ModelConnectionError) as caught:
        list(model.complete(ask("Hello")))
    assert caught.value.details["maybe_billed"]


@pytest.mark.parametrize("text", ['{"word": ', "no JSON at all", '{"word": "shoe"} and more', ""], ids=str)
def test_text_that_breaks_the_schema_is_passed_on(model: LanguageModel, desk: Desk, text: str) -> None:
    desk.answer(text)
    assert end_of(model, schema=SCHEMA).text == text


def test_a_schema_is_told_in_words_to_a_model_that_takes_none(make_model: MakeModel, desk: Desk) -> None:
    desk.answer('{"word": "shoe"}')
    end_of(make_model(structured_output=StructuredOutput.PROMPTED), schema=SCHEMA)
    sent = str(desk.log[0].body)
    assert "json_schema" not in sent
    assert "responseJsonSchema" not in sent
    assert '"additionalProperties":false' in sent


@pytest.mark.parametrize("has_streaming", [True, False])
def test_fences_around_json_are_taken_off_where_the_schema_is_told_in_words(
    make_model: MakeModel, desk: Desk, has_streaming: bool
) -> None:
    fenced = '```json\n{"word": "a ``` b"}\n```\n'
    model = make_model(structured_output=StructuredOutput.PROMPTED, has_streaming=has_streaming)
    desk.answer(fenced)
    (end,) = model.complete(ask("Hello", schema=SCHEMA))
    assert isinstance(end, Finished)
    assert end.text == '{"word": "a ``` b"}'
    desk.answer(fenced)
    assert end_of(model).text == fenced, "free text stays as it is"


WORDS = (
    *("type", "response", "delta", "choices", "usage", "error", "message", "text", "content", "candidates", "parts"),
    *("output", "status", "finish_reason", "finishReason", "stop_reason", "promptFeedback", "usageMetadata", "code"),
)
BROKEN = {
    "no JSON": b"<html>a proxy</html>",
    "a list": b"[]",
    "a number": b"7",
    "nothing inside": b"{}",
    "a text where an object belongs": b'{"output": "x", "choices": "x", "content": "x", "candidates": "x"}',
    "figures that are none": b'{"choices": [{}], "output": [7], "content": [7], "candidates": [7], "usage": "x"}',
}


@pytest.mark.parametrize("has_streaming", [True, False])
@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_no_crash(
    make_model: MakeModel, desk: Desk, content: bytes, has_streaming: bool
) -> None:
    framed = b"event: message_start\ndata: " + content + b"\n\n" if has_streaming else content
    desk.script(Raw(content=framed, content_type="text/event-stream" if has_streaming else "application/json"))
    with pytest.raises((AnswerInvalidError, ModelConnectionError)):
        list(make_model(has_streaming=has_streaming).complete(ask("Hello")))


@given(
    events=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
            max_leaves=8,
        ),
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_server_sends_is_an_answer_or_an_error_of_ours(
    model: LanguageModel, desk: Desk, events: list[object]
) -> None:
    named = [each.get("type", "x") if isinstance(each, dict) else "message_start" for each in events]
    frames = [f"event: {name}\ndata: {json.dumps(each)}\n\n" for name, each in zip(named, events, strict=True)]
    desk.script(Raw(content="".join(frames).encode(), content_type="text/event-stream"))
    with contextlib.suppress(ProviderError):
        list(model.complete(ask("Hello")))


def test_an_answer_without_end_does_not_fill_the_memory(model: LanguageModel, desk: Desk) -> None:
    desk.script(Answer(pieces=("x" * 300_000,) * 5))
    events = model.complete(ask("Hello"))
    assert len([next(events) for _ in range(3)]) == 3
    with pytest.raises(AnswerInvalidError) as caught:
        next(events)
    assert caught.value.details["reason"] == "too_long"


@pytest.mark.parametrize("has_streaming", [True, False])
def test_a_line_without_end_does_not_fill_the_memory(make_model: MakeModel, desk: Desk, has_streaming: bool) -> None:
    kind = "text/event-stream" if has_streaming else "application/json"
    desk.script(Raw(content=b'data: {"x": "' + b"x" * 20_000_000, content_type=kind))
    with pytest.raises(AnswerInvalidError):
        list(make_model(has_streaming=has_streaming).complete(ask("Hello")))


def test_all_providers_are_there() -> None:
    assert sorted(DESCRIPTORS) == ["anthropic", "gemini", "openai", "openai_compatible"]
