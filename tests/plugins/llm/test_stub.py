"""The fake of the providers sees what it is there to see."""

from typing import Any

import pytest

from core.errors import ProviderError
from core.ports.language_model import LanguageModel, ModelRequestError
from i2i.testing import ask, make_png
from plugins.hookspecs import LanguageModelContext
from plugins.language_models.provider_model import ProviderModel
from tests.plugins.llm.conftest import DESCRIPTORS, MakeModel
from tests.support.provider_stub import Answer, Desk, Fault, ProviderStub
from tests.support.provider_stub.wires import OpenAIWire

WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "openai, misspelt": ("openai", {"max_ouput_tokens": 5}),
    "openai, too small": ("openai", {"max_output_tokens": 2}),
    "openai, no such effort": ("openai", {"reasoning": {"effort": "enormous"}}),
    "openai, picture without detail": (
        "openai",
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:,"}]}]},
    ),
    "compatible, misspelt": ("openai_compatible", {"response_fromat": {"type": "json_object"}}),
    "compatible, stored": ("openai_compatible", {"store": False}),
    "compatible, named user": ("openai_compatible", {"safety_identifier": "x"}),
    "anthropic, misspelt": ("anthropic", {"max_token": 5}),
    "anthropic, temperature": ("anthropic", {"temperature": 0.2}),
    "anthropic, top_p": ("anthropic", {"top_p": 0.2}),
    "anthropic, no such way": ("anthropic", {"output_config": {"form": {}}}),
    "anthropic, bounds": (
        "anthropic",
        {"output_config": {"format": {"type": "json_schema", "schema": {"maximum": 1}}}},
    ),
    "gemini, misspelt": ("gemini", {"generationConfg": {}}),
    "gemini, no number": ("gemini", {"generationConfig": {"maxOutputTokens": "many"}}),
}


@pytest.mark.parametrize(("key", "body"), WRONG.values(), ids=WRONG)
def test_a_wrong_request_is_refused(stub: ProviderStub, key: str, body: dict[str, Any]) -> None:
    desk, model = _send_also(stub, key, body)
    with pytest.raises(ModelRequestError):
        list(model.complete(ask("Hello")))
    assert len(desk.problems) == 1
    assert len(desk.log) == 1


@pytest.mark.parametrize("key", ["openai", "openai_compatible", "anthropic", "gemini"])
def test_a_right_request_is_not(stub: ProviderStub, key: str) -> None:
    desk, model = _send_also(stub, key, {})
    desk.answer("ok")
    assert list(model.complete(ask("Hello")))
    assert desk.problems == []


def _send_also(stub: ProviderStub, key: str, body: dict[str, Any]) -> tuple[Desk, LanguageModel]:
    """Return a model that also sends what a plugin should not."""
    desk, descriptor = stub.desk(key), DESCRIPTORS[key]
    context = LanguageModelContext(card=descriptor.cards()[0], api_key="key", base_url=desk.url)
    model = descriptor.create(context)
    assert isinstance(model, ProviderModel)
    compose = model._compose

    def wrong(request: Any) -> dict[str, Any]:
        arguments = compose(request)
        if key == "gemini":
            arguments["config"]["http_options"] = {"extra_body": body}
            return arguments
        return {**arguments, "extra_body": body}

    model._compose = wrong  # type: ignore[method-assign]
    return desk, model


def test_a_wrong_scripted_answer_is_noticed(stub: ProviderStub, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, model = _send_also(stub, "openai", {})
    whole = OpenAIWire.whole

    def without_usage_details(self: OpenAIWire, answer: Answer) -> dict[str, Any]:
        made = whole(self, answer)
        del made["usage"]["input_tokens_details"]
        return made

    monkeypatch.setattr(OpenAIWire, "whole", without_usage_details)
    desk.answer("ok")
    list(model.complete(ask("Hello")))
    assert any("scripted answer" in problem for problem in desk.problems)


def test_a_wrong_scripted_error_is_noticed(stub: ProviderStub) -> None:
    desk, model = _send_also(stub, "anthropic", {})
    desk.script(Fault(status=429, body={"type": "error", "error": {"type": "rate_limit_error"}}))
    with pytest.raises(ProviderError):
        list(model.complete(ask("Hello")))
    assert desk.problems


@pytest.mark.parametrize("key", ["anthropic"], indirect=True)
def test_the_largest_pictures_are_let_through(make_model: MakeModel, desk: Desk) -> None:
    from core.ports.language_model import Picture

    content = make_png() + bytes(4_000_000)
    desk.answer("ok")
    picture = Picture(media_type="image/png", content=content, width=8, height=8)
    assert list(make_model().complete(ask("What is this?", pictures=(picture,))))
