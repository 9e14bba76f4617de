"""The phrases of the local planner: every language says everything, and says one thing with one phrase."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from adapters.profiles import BundledProfiles
from core.ports.planner import PlanRequest
from plugins.llm.local.lexicon import LANGUAGES
from plugins.llm.local.planner import LocalPlanner
from plugins.llm.local.text import words_of

pytestmark = pytest.mark.req("S0-LLM-04")
# These are only looked up where one of their kind is expected, so their words may mean something else as well.
LOOKED_UP = frozenset(("token", "times", "unit", "numeral", "fraction", "compression", "space", "icc", "platform"))
HEAD = frozenset(("endings", "verbs", "joins"))
# What a language of a Latin script need not say, with the reason.
UNSAID = {
    ("numeral", "1"): "the word for one is the article",
    ("remove_object", "mannequin"): "the word is that of the ghost mannequin",
}
CHECKED = ("fr", "es", "it", "pt", "nl", "pl")
SENTENCES: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("lexicon_sentences.toml").read_text(encoding="utf-8")
)


def tables(language: str) -> dict[str, Any]:
    source = resources.files("plugins.llm.local").joinpath(f"lexicon/{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def meanings(language: str) -> Iterator[tuple[str, str, str]]:
    """Give table, key and phrase of every entry of a language."""
    for kind, entries in tables(language).items():
        if kind not in HEAD:
            yield from ((kind, key, phrase) for key, phrases in entries.items() for phrase in phrases)


def clashes(found: Iterator[tuple[str, str, str]]) -> list[str]:
    """Name the phrases that, compared as the planner compares them, have two meanings."""
    seen: dict[tuple[str, ...], tuple[str, str]] = {}
    twice = []
    for kind, key, phrase in found:
        words = tuple(word for word in words_of(phrase) if word != "-")
        if kind not in LOOKED_UP and seen.setdefault(words, (kind, key)) != (kind, key):
            twice.append(f"{phrase}: {seen[words]} and {(kind, key)}")
    return twice


@pytest.fixture(scope="module")
def planner() -> LocalPlanner:
    return LocalPlanner(BundledProfiles())


@pytest.mark.parametrize("language", CHECKED)
def test_every_language_says_what_english_says(language: str) -> None:
    own = tables(language)
    missing = [
        (kind, key)
        for kind, entries in tables("en").items()
        if kind not in HEAD
        for key in entries
        if not own.get(kind, {}).get(key) and (kind, key) not in UNSAID
    ]
    assert missing == []


@pytest.mark.parametrize("language", CHECKED)
def test_no_phrase_has_two_meanings(language: str) -> None:
    assert clashes(meanings(language)) == []


def test_a_phrase_with_two_meanings_is_noticed() -> None:
    planted = [("verb", "keep", "lascia"), ("filler", "function", "è"), ("link", "and", "e")]
    assert clashes(iter(planted)) == ["e: ('filler', 'function') and ('link', 'and')"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_can_be_matched(language: str) -> None:
    assert [phrase for _, _, phrase in meanings(language) if not words_of(phrase)] == []


@pytest.mark.parametrize(
    ("language", "operation"),
    [pytest.param(lang, op, id=f"{lang}-{op}") for op, texts in SENTENCES.items() for lang in texts],
)
def test_a_sentence_of_each_language_gives_its_operation(planner: LocalPlanner, language: str, operation: str) -> None:
    plan = planner.plan(PlanRequest(instruction=SENTENCES[operation][language]))
    done = {step.op for step in plan.all_steps()}
    asked = {question.key for question in plan.questions}
    declined = {wish.op for wish in plan.unsupported}
    ruled_out = {f"no {op}" for constraint in plan.constraints for op in constraint.ops}
    assert operation.replace("_", " ") in ruled_out or operation in done | asked | declined
