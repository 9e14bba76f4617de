"""All four plugins keep to the contract of language models."""

import pytest

from core.errors import ProviderError
from core.ports.language_model import LanguageModel
from i2i.testing import FakeProvider, LanguageModelContract
from tests.plugins.llm.conftest import MakeModel
from tests.support.provider_stub import Desk
from tests.support.provider_stub.faults import FAULTS


class _Fake:
    """A desk of the server, as the contract uses it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def answer(self, text: str) -> None:
        self._desk.answer(text)

    def fail(self, kind: type[ProviderError]) -> None:
        self._desk.script(FAULTS[self._desk.key][kind])

    def requests(self) -> int:
        return len(self._desk.log)


@pytest.mark.req("S0-LLM-09")
@pytest.mark.req("S0-LLM-10")
@pytest.mark.req("S0-LLM-13")
class TestProviders(LanguageModelContract):
    @pytest.fixture
    def model(self, make_model: MakeModel) -> LanguageModel:
        return make_model()

    @pytest.fixture
    def provider(self, desk: Desk) -> FakeProvider:
        return _Fake(desk)
