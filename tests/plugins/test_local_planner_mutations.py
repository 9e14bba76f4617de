"""However a wish is mangled, nothing is planned that nobody asked for; what means nothing changes nothing."""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.profiles import BundledProfiles
from bench.briefs.report import load
from core.domain.editing.plan import Cause, EditPlan, Step
from core.domain.editing.scope import ALL
from core.errors import InvalidInputError
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner
from tests.support.plan_meaning import meaning

pytestmark = pytest.mark.req("S0-LLM-04")
HERE = Path(__file__)
TRIGGERS: dict[str, Any] = tomllib.loads(HERE.with_name("trigger_words.toml").read_text("utf-8"))
TRANSLATIONS: list[dict[str, Any]] = tomllib.loads(HERE.with_name("translations.toml").read_text("utf-8"))["brief"]
SETS = HERE.parents[2] / "bench" / "briefs" / "sets" / "tuning"
TUNING = [b["brief"] for path in sorted(SETS.glob("*.jsonl")) for b in load(path)]
SIMPLE = [text for brief in TRANSLATIONS for text in brief["texts"].values()]
BRIEFS = TUNING + SIMPLE
PLANNER = LocalPlanner(BundledProfiles())
PLACES = re.compile("|".join(TRIGGERS["places"]))
WORDS = {op: re.compile("|".join(words)) for op, words in TRIGGERS["words"].items()}
# Words of the languages that ask for nothing.
NOISE = (
    "well", "okay", "actually", "team", "Monday", "thanks", "hello", "also", "halt", "eben", "gerne", "Team", "Montag",
    "bonjour", "merci", "lundi", "hola", "gracias", "lunes", "ciao", "grazie", "obrigado", "olá", "hallo", "dank",
    "dzień", "dobry", "こんにちは", "ありがとう", "你好", "谢谢", "नमस्ते", "धन्यवाद", "namaste", "dhanyavaad", "yaar",
    "xyzzy", "lorem", "ipsum", "…", "–", "!!", "🙂",
)  # fmt: skip
Mutation = Callable[[list[str], int, Any], list[str]]


def read(text: str) -> EditPlan | None:
    """The plan of a text; None when it is refused with a reason."""
    try:
        return PLANNER.plan(PlanRequest(instruction=text))
    except InvalidInputError:
        return None


@functools.cache
def meant(text: str) -> dict[str, Any]:
    """What the plan of a text does."""
    return meaning(PLANNER.plan(PlanRequest(instruction=text)))


def ops(plan: EditPlan | None) -> set[str]:
    return {s.op for s in plan.all_steps()} if plan else set()


def invented(plan: EditPlan | None, *texts: str) -> set[str]:
    """Operations of a plan for which no word stands in any of the texts, neither of them nor of a marketplace."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold() for text in texts)
    if PLACES.search(plain):
        return set()
    return {op for op in ops(plan) if op in WORDS and not WORDS[op].search(plain)}


def drop(words: list[str], at: int, draw: Any) -> list[str]:
    return words[:at] + words[at + 1 :]


def double(words: list[str], at: int, draw: Any) -> list[str]:
    return [*words[:at], words[at], *words[at:]]


def swap(words: list[str], at: int, draw: Any) -> list[str]:
    other = draw(st.integers(0, len(words) - 1))
    swapped = list(words)
    swapped[at], swapped[other] = words[other], words[at]
    return swapped


def insert(words: list[str], at: int, draw: Any) -> list[str]:
    return [*words[:at], draw(st.sampled_from(NOISE)), *words[at:]]


def slip(words: list[str], at: int, draw: Any) -> list[str]:
    """A slip of the finger: two neighbouring letters change places, or one is lost."""
    word = words[at]
    place = draw(st.integers(0, max(len(word) - 2, 0)))
    two = word[place : place + 2]
    return [
        *words[:at],
        word[:place] + draw(st.sampled_from((two[::-1], two[1:]))) + word[place + 2 :],
        *words[at + 1 :],
    ]


def case(words: list[str], at: int, draw: Any) -> list[str]:
    return [*words[:at], draw(st.sampled_from((words[at].upper(), words[at].lower()))), *words[at + 1 :]]


MUTATIONS: tuple[Mutation, ...] = (drop, double, swap, insert, slip, case)


@st.composite
def mangled(draw: Any) -> tuple[str, str]:
    """A brief, and the same after up to six accidents."""
    text = draw(st.sampled_from(BRIEFS))
    words = text.split(" ")
    for _ in range(draw(st.integers(1, 6))):
        if words:
            words = draw(st.sampled_from(MUTATIONS))(words, draw(st.integers(0, len(words) - 1)), draw)
    return text, " ".join(words)


COMMIT = settings(max_examples=300, deadline=None, derandomize=True, database=None)
NIGHT = settings(max_examples=5000, deadline=None, database=None)


@COMMIT
@given(mangled())
def test_an_accident_makes_no_operation_that_nobody_named(pair: tuple[str, str]) -> None:
    text, broken = pair
    assert invented(read(broken), text, broken) == set()


@pytest.mark.long
@NIGHT
@given(mangled())
def test_five_thousand_accidents_make_no_operation_that_nobody_named(pair: tuple[str, str]) -> None:
    text, broken = pair
    assert invented(read(broken), text, broken) == set()


@pytest.mark.parametrize("number", range(0, len(BRIEFS), 20))
def test_no_brief_leads_to_an_operation_that_it_does_not_name(number: int) -> None:
    for text in BRIEFS[number : number + 20]:
        assert invented(read(text), text) == set(), text


def named(plan: EditPlan | None) -> set[str]:
    """Operations that a plan holds, forbids, asks about or cannot do."""
    if plan is None:
        return set()
    asked = {c.op for q in plan.questions for o in q.options for c in o.changes}
    return ops(plan) | asked | {op for c in plan.constraints for op in c.ops} | {u.op for u in plan.unsupported if u.op}


# What a wish for one of them can become when a word is lost: they are the sides of one thing.
FAMILIES = (
    {"canvas", "subject.place", "resize", "crop", "trim"},
    {"background.remove", "background.set"},
    {"export", "colour.convert"},
    {"straighten", "rotate"},
    {"levels", "contrast"},
)


@st.composite
def thinned(draw: Any) -> tuple[str, str]:
    """A simple brief, and the same with words lost and with words that mean nothing."""
    text = draw(st.sampled_from(SIMPLE))
    words = text.split(" ")
    for _ in range(draw(st.integers(1, 4))):
        if words:
            words = draw(st.sampled_from((drop, insert)))(words, draw(st.integers(0, len(words) - 1)), draw)
    return text, " ".join(words)


@COMMIT
@given(thinned())
def test_losing_words_gains_no_operation(pair: tuple[str, str]) -> None:
    text, thin = pair
    before = named(read(text))
    allowed = before.union(*(family for family in FAMILIES if family & before))
    assert ops(read(thin)) - allowed == set()


SPACES: dict[str, Callable[[str], str]] = {
    "double spaces": lambda t: t.replace(" ", "  "),
    "tabs": lambda t: t.replace(" ", "\t"),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "margins": lambda t: f"\n\n  {t} \n",
    "windows": lambda t: f"{t}\r\n",
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    "soft hyphen": lambda t: t.replace("ground", "gro\u00adund"),
    "byte order mark": lambda t: f"\ufeff{t}",
}
POLITE: dict[str, Callable[[str], str]] = {
    "please": lambda t: f"Please: {t}",
    "hello": lambda t: f"Hi there,\n{t}\nThanks a lot!",
    "hallo": lambda t: f"Hallo zusammen,\n{t}\nVielen Dank!",
    "bonjour": lambda t: f"Bonjour,\n{t}\nMerci beaucoup !",
    "hola": lambda t: f"Hola,\n{t}\n¡Muchas gracias!",
    "japanese": lambda t: f"お世話になっております。\n{t}\nよろしくお願いいたします。",
    "chinese": lambda t: f"你好，\n{t}\n谢谢！",
    "excited": lambda t: f"{t}!!!",
    "smiling": lambda t: f"{t} 🙂",
}


@pytest.mark.parametrize("spacing", SPACES)
def test_space_means_nothing(spacing: str) -> None:
    wrong = [t for t in SIMPLE if meant(SPACES[spacing](t)) != meant(t)]
    assert wrong == []


@pytest.mark.parametrize("manner", POLITE)
def test_politeness_means_nothing(manner: str) -> None:
    texts = [brief["texts"]["en"] for brief in TRANSLATIONS]
    wrong = [t for t in texts if meant(POLITE[manner](t)) != meant(t)]
    assert wrong == []


@pytest.mark.parametrize("brief", [pytest.param(b, id=b["key"]) for b in TRANSLATIONS])
def test_letter_case_and_saying_it_twice_mean_nothing(brief: dict[str, Any]) -> None:
    text = brief["texts"]["en"]
    expected = meant(text)
    assert meant(text.upper()) == expected
    if not brief.get("outputs"):  # two versions, said twice, may well be four
        assert meant(f"{text} {text}") == expected


def test_a_planner_that_invents_is_caught() -> None:
    text = "White background, JPG."
    plan = PLANNER.plan(PlanRequest(instruction=text))
    assert invented(plan, text) == set()
    cause = Cause(start=0, end=5, words="White")
    for op in ("flip", "shadow", "overlay.text", "exposure", "naming"):
        spoilt = attrs.evolve(plan, steps=(*plan.steps, Step(op=op, scope=ALL, cause=cause)))
        assert invented(spoilt, text) == {op}
