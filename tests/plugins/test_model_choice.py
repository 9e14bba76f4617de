"""Which language model the settings choose, and what they are told when there is none such."""

import datetime as dt
from collections.abc import Callable

import attrs
import pytest

from core.domain.language_models import ModelCard
from core.errors import CredentialsError, InvalidInputError, NotFoundError
from core.ports.language_model import LanguageModel
from i2i.testing import ask
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor
from plugins.manager import PluginManager
from plugins.model_choice import Access, LazyModel, ModelChoice
from tests.support.scripted_model import ScriptedModel

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def manager() -> PluginManager:
    """Return the bundled plugins."""
    manager = PluginManager()
    manager.load()
    return manager


Choose = Callable[..., ModelChoice]


@pytest.fixture
def choose(manager: PluginManager) -> Choose:
    def make(planner: str = "local", model: str = "", **access: Access) -> ModelChoice:
        return ModelChoice(manager=manager, planner=planner, model=model, access=access)

    return make


@pytest.mark.req("S0-LLM-11")
def test_a_provider_is_chosen_by_its_name(choose: Choose) -> None:
    choice = choose("anthropic")
    assert choice.plans
    assert choice.chosen is not None
    assert choice.chosen.card.provider == "anthropic"


def test_the_local_planner_needs_no_model(choose: Choose) -> None:
    assert not choose().plans
    assert choose().chosen is None


def test_a_model_can_be_used_beside_the_local_planner(choose: Choose) -> None:
    choice = choose("local", "openai/gpt-6-luna")
    assert not choice.plans
    assert choice.chosen is not None
    assert (choice.chosen.card.provider, choice.chosen.card.model) == ("openai", "gpt-6-luna")
    assert choose("local", "gemini").chosen.card.provider == "gemini"  # type: ignore[union-attr]


def test_a_model_of_the_planner_needs_no_provider_before_it(choose: Choose) -> None:
    assert choose("openai", "gpt-6-luna").chosen.card.model == "gpt-6-luna"  # type: ignore[union-attr]


def test_a_server_of_ones_own_takes_any_model_also_one_with_a_slash(choose: Choose) -> None:
    own = Access(base_url="http://localhost:11434/v1", has_vision=True)
    chosen = choose("openai_compatible", "qwen/qwen3-vl:8b", openai_compatible=own).chosen
    assert chosen is not None
    assert (chosen.card.model, chosen.card.has_vision, chosen.card.prices) == ("qwen/qwen3-vl:8b", True, ())
    assert chosen.missing == ""


@pytest.mark.req("S0-LLM-12")
@pytest.mark.parametrize(
    ("planner", "model", "said"),
    [
        ("opnai", "", "There is no planner 'opnai'; did you mean openai?"),
        ("oracle", "", "There is no planner 'oracle'; there are anthropic, gemini, local, openai, openai_compatible."),
        ("openai", "gpt-6-lunar", "OpenAI has no model 'gpt-6-lunar'; did you mean gpt-6-luna?"),
        ("local", "opnai/gpt-6-luna", "There is no language model 'opnai'; did you mean openai?"),
        ("local", "opnai", "There is no language model 'opnai'; did you mean openai?"),
    ],
)
def test_an_unknown_name_is_an_error_with_a_suggestion(choose: Choose, planner: str, model: str, said: str) -> None:
    with pytest.raises((NotFoundError, InvalidInputError)) as caught:
        choose(planner, model).chosen  # noqa: B018
    assert caught.value.message == said


def test_what_is_missing_is_named_by_its_setting(choose: Choose) -> None:
    chosen = choose("openai", openai=Access(key_setting="I2I_OPENAI_API_KEY")).chosen
    assert chosen is not None
    assert chosen.missing == "OpenAI needs a key; set I2I_OPENAI_API_KEY."
    model = LazyModel(chosen)
    with pytest.raises(CredentialsError, match="needs a key") as caught:
        list(model.complete(ask("hello")))
    assert caught.value.details["sent"] is False
    model.close()


def test_a_key_is_not_shown(choose: Choose) -> None:
    choice = choose("openai", openai=Access(api_key="canary-key"))
    assert "canary" not in f"{choice!r} {choice.chosen!r} {LazyModel(choice.chosen)!r}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, ""),
        (dt.date(2027, 6, 1), ""),
        (dt.date(2026, 12, 24), "The language model m will be shut down after 2026-12-24; use n instead."),
        (dt.date(2026, 11, 21), "The language model m will be shut down after 2026-11-21; use n instead."),
        (dt.date(2026, 11, 20), "The language model m was shut down after 2026-11-20; use n instead."),
    ],
    ids=["none", "far", "soon", "today", "over"],
)
def test_the_end_of_a_model_is_told_in_time(choose: Choose, day: dt.date | None, said: str) -> None:
    chosen = choose("openai").chosen
    assert chosen is not None
    card = ModelCard(provider="openai", model="m", shuts_down_on=day, successor="n")
    assert attrs.evolve(chosen, card=card).lifetime(TODAY) == said


def test_a_model_is_made_when_it_is_first_asked(choose: Choose) -> None:
    made: list[ScriptedModel] = []

    def create(context: LanguageModelContext) -> LanguageModel:
        assert context.api_key == "k"
        made.append(ScriptedModel(["ok"]))
        return made[-1]

    card = ModelCard(provider="mine", model="m")
    mine = LanguageModelDescriptor(key="mine", label="Mine", cards=lambda: [card], create=create)
    model = LazyModel(choose(mine=Access(api_key="k")).of(mine))
    assert made == []
    for _ in range(2):
        assert list(model.complete(ask("hello")))[-1].text == "ok"
    model.close()
    assert len(made) == 1
    assert made[0].is_closed
