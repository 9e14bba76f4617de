"""The fakes of the four providers, and a model of each."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from core.ports.language_model import LanguageModel
from i2i.testing import CANARY
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor
from plugins.llm.anthropic import plugin as anthropic
from plugins.llm.gemini import plugin as gemini
from plugins.llm.openai import plugin as openai
from plugins.llm.openai_compatible import plugin as compatible
from tests.support.provider_stub import SPECS, Desk, ProviderStub

PLUGINS = (openai, compatible, anthropic, gemini)
DESCRIPTORS: dict[str, LanguageModelDescriptor] = {
    each.key: each for plugin in PLUGINS for each in plugin.i2i_language_models()
}
MakeModel = Callable[..., LanguageModel]


@pytest.fixture(scope="session")
def stub() -> Iterator[ProviderStub]:
    """Yield the server that plays all providers, or skip where their specifications are absent."""
    if not SPECS.is_dir():
        pytest.skip("the specifications of the providers are not beside this checkout")
    server = ProviderStub()
    yield server
    server.close()


@pytest.fixture(params=sorted(DESCRIPTORS))
def key(request: pytest.FixtureRequest) -> str:
    """Return each provider in turn."""
    name: str = request.param
    return name


@pytest.fixture
def desk(stub: ProviderStub, key: str) -> Iterator[Desk]:
    """Yield the fake of the provider; no request and no scripted answer may be against its specification."""
    desk = stub.desk(key)
    yield desk
    assert desk.problems == []


@pytest.fixture
def make_model(desk: Desk, key: str) -> Iterator[MakeModel]:
    """Yield a function that makes a model that looks at pictures and streams, with changes to its card."""
    made: list[LanguageModel] = []

    def make(**changes: Any) -> LanguageModel:
        descriptor = DESCRIPTORS[key]
        card = attrs.evolve(descriptor.cards()[0], **{"has_vision": True, **changes})
        made.append(descriptor.create(LanguageModelContext(card=card, api_key=CANARY, base_url=desk.url)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def model(make_model: MakeModel) -> LanguageModel:
    """Return the default model of the provider."""
    return make_model()
