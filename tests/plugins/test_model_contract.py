"""The model of the tests keeps to the contract of language models, and the kit catches what it is for."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import CredentialsError, ProviderError
from core.ports.language_model import Event, Finished, LanguageModel, ModelRequest, TextDelta
from i2i.testing import CANARY, FakeProvider, LanguageModelContract
from tests.support.scripted_model import ScriptedModel


class _Desk:
    """The fake of a provider that is a script."""

    def __init__(self, model: ScriptedModel) -> None:
        self._model = model

    def answer(self, text: str) -> None:
        self._model.lines = [[text[i : i + 5] for i in range(0, len(text), 5)]]

    def fail(self, kind: type[ProviderError]) -> None:
        self._model.lines = [kind("It failed.")]

    def requests(self) -> int:
        return len(self._model.requests)


@pytest.mark.req("S0-LLM-13")
class TestScriptedModel(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return ScriptedModel()

    @pytest.fixture
    def provider(self, model: ScriptedModel) -> FakeProvider:
        return _Desk(model)


class Endless(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        return super().complete(request, cancel=None)


class Stuttering(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        for event in super().complete(request, cancel=cancel):
            yield event
            if isinstance(event, TextDelta):
                yield event


class Silent(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        return (event for event in super().complete(request, cancel=cancel) if not isinstance(event, Finished))


class Trusting(ScriptedModel):
    def _check(self, request: ModelRequest) -> None:
        pass


class Stubborn(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        try:
            yield from super().complete(request, cancel=cancel)
        except ProviderError:
            yield from super().complete(request, cancel=cancel)


class Chatty(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        try:
            yield from super().complete(request, cancel=cancel)
        except ProviderError as error:
            raise type(error)(f"Key {CANARY} failed.") from error


class Vague(ScriptedModel):
    def complete(self, request: ModelRequest, *, cancel: Any = None) -> Iterator[Event]:
        try:
            yield from super().complete(request, cancel=cancel)
        except CredentialsError as error:
            raise ProviderError("It failed.") from error


FAILING = "test_a_failure_has_its_kind_and_is_not_tried_again"
WHOLE = "test_an_answer_ends_with_the_whole_text_and_what_it_took"
FAULTS: tuple[tuple[type[ScriptedModel], str, dict[str, Any]], ...] = (
    (Endless, "test_an_answer_can_be_cancelled", {}),
    (Stuttering, WHOLE, {}),
    (Silent, WHOLE, {}),
    (Trusting, "test_pictures_are_looked_at_or_refused_before_anything_is_sent", {}),
    (Stubborn, FAILING, {"kind": CredentialsError}),
    (Chatty, FAILING, {"kind": CredentialsError}),
    (Vague, FAILING, {"kind": CredentialsError}),
)


@pytest.mark.parametrize(("fault", "test", "more"), FAULTS, ids=[fault.__name__ for fault, *_ in FAULTS])
def test_the_kit_catches_every_planted_fault(fault: type[ScriptedModel], test: str, more: dict[str, Any]) -> None:
    model = fault()
    caught = (AssertionError, ProviderError, pytest.fail.Exception)
    with pytest.raises(caught):
        getattr(LanguageModelContract(), test)(model=model, provider=_Desk(model), **more)
