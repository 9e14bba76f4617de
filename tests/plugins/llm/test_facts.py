"""What the plugins know of models is data: complete, dated, and without a model that is already gone."""

import datetime as dt
from pathlib import Path

import pytest

from core.domain.language_models import ModelCard, TokenPrice
from plugins.language_models.facts import ProviderFacts, read_facts
from tests.plugins.llm.conftest import PLUGINS

FACTS = {facts.key: facts for facts in (plugin.facts() for plugin in PLUGINS)}
everyone = pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
SMALL = """
label = "Shelf"
base_url = "https://shelf.example"
checked_on = 2026-11-21
[defaults]
source = "a page"
[[models]]
model = "one"
effort = "low"
prices = [
    { until = 2026-12-31, input = 100, cached_input = 10, output = 400 },
    { since = 2027-01-01, input = 200, output = 800 },
]
"""


def faults_of(facts: ProviderFacts) -> list[str]:
    """Return what is wrong with the data of a provider."""
    known = {card.model: card for card in facts.cards}
    default = facts.cards[0]
    found = [f"{card.model} has no source" for card in facts.cards if not card.source]
    found += [f"{card.model} twice" for card in facts.cards if known[card.model] is not card]
    if default.shuts_down_on is not None:
        found.append(f"the default {default.model} is going to be shut down")
    for card in facts.cards:
        if card.is_shut_down(facts.checked_on):
            found.append(f"{card.model} is gone")
        if card.shuts_down_on and not _lives_longer(known.get(card.successor), card):
            found.append(f"{card.model} has no successor")
    return found


def _lives_longer(successor: ModelCard | None, card: ModelCard) -> bool:
    return successor is not None and card.shuts_down_on is not None and not successor.is_shut_down(card.shuts_down_on)


@everyone
def test_the_data_hold(facts: ProviderFacts) -> None:
    assert faults_of(facts) == []
    assert facts.checked_on >= dt.date(2026, 11, 21)
    assert all(card.checked_on == facts.checked_on and card.provider == facts.key for card in facts.cards)


@everyone
def test_prices_are_plausible(facts: ProviderFacts) -> None:
    for card in facts.cards:
        for price in card.prices:
            assert 0 < price.cached_input <= price.input < price.output < 200_000_000, card.model
        assert len({price.above_input for price in card.prices}) == len(card.prices), card.model


def test_a_default_of_every_provider_can_look_at_pictures_and_has_a_price() -> None:
    defaults = [facts.cards[0] for key, facts in FACTS.items() if key != "openai_compatible"]
    assert all(card.has_vision and card.prices and card.has_streaming for card in defaults)
    assert not FACTS["openai_compatible"].cards[0].has_vision, "nobody knows what a server of one's own runs"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("shuts_down_on = 2026-11-20", "one is gone"),
        ("shuts_down_on = 2027-01-01", "the default one is going to be shut down"),
        ("shuts_down_on = 2027-01-01\nsuccessor = 'two'", "one has no successor"),
        ("source = ''", "one has no source"),
    ],
    ids=["gone", "ending", "heirless", "unsourced"],
)
def test_faults_would_be_caught(tmp_path: Path, change: str, fault: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(SMALL.replace('effort = "low"', change))
    assert fault in faults_of(read_facts("shelf", path))


def test_prices_hold_for_their_time(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(SMALL)
    before, after = (read_facts("shelf", path, today=dt.date(year, 1, 1)).cards[0] for year in (2026, 2027))
    assert before.prices == (TokenPrice(input=100, cached_input=10, output=400),)
    assert after.prices == (TokenPrice(input=200, cached_input=200, output=800),), "unknown cached input is not cheap"
    assert read_facts("shelf", path).efforts == {"one": "low"}


def test_a_misspelt_entry_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(SMALL + "has_vison = true\n")
    with pytest.raises(TypeError, match="has_vison"):
        read_facts("shelf", path)
