"""Only what is wished is planned: not what is described, reported, asked, put off or taken back, in any language."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.profiles import BundledProfiles
from core.domain.editing.plan import EditPlan
from core.ports.planner import PlanRequest
from plugins.llm.local import moods
from plugins.llm.local.clauses import Clause
from plugins.llm.local.planner import LocalPlanner

pytestmark = pytest.mark.req("S0-LLM-04")
SENTENCES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("moods.toml").read_text(encoding="utf-8"))
# Moods of sentences that stand before a wish for a size, which is all that may be done.
IDLE = ("described", "photographed", "asked", "reported", "postponed")
Plans = Callable[[str], EditPlan]


@pytest.fixture(scope="module")
def plan() -> Plans:
    planner = LocalPlanner(BundledProfiles())
    return lambda words: planner.plan(PlanRequest(instruction=words))


def cases(*names: str) -> list[object]:
    return [
        pytest.param(words, id=f"{name}-{language}") for name in names for language, words in SENTENCES[name].items()
    ]


def done(plan: EditPlan) -> set[str]:
    return {step.op for step in plan.all_steps()}


def shadows(plan: EditPlan) -> set[str]:
    return {str(step.params.get("type")) for step in plan.all_steps() if step.op == "shadow"}


def told(plan: EditPlan) -> Iterator[str]:
    """Yield the words that the plan lists as read without doing anything for them."""
    yield from (a.cause.words for a in plan.assumptions if a.cause)
    yield from (u.words for u in plan.unsupported)
    yield from (c.cause.words for c in plan.constraints if c.cause)


@pytest.mark.parametrize("words", cases(*IDLE))
def test_a_sentence_that_wishes_for_nothing_plans_nothing_and_is_not_lost(plan: Plans, words: str) -> None:
    found = plan(words)
    assert done(found) == {"resize"}
    assert not found.open_questions
    first = next(words.find(mark) for mark in (". ", "? ", "? ", "。", "？", "। ") if mark in words)
    assert any(text and text in words[: first + 1] for text in told(found))


@pytest.mark.parametrize("words", cases("examined"))
def test_a_check_is_a_check(plan: Plans, words: str) -> None:
    found = plan(words)
    assert done(found) == set()
    assert [wish.op for wish in found.unsupported] == ["check"]


@pytest.mark.parametrize("words", cases("retracted", "ruled_out"))
def test_what_is_taken_back_or_ruled_out_is_not_done(plan: Plans, words: str) -> None:
    found = plan(words)
    assert shadows(found) <= {"none"}
    assert not found.open_questions


@pytest.mark.parametrize("words", cases("intended"))
def test_what_is_meant_to_be_so_is_left_alone(plan: Plans, words: str) -> None:
    assert done(plan(words)) == set()


def test_a_plain_no_rules_out_the_question_before_it(plan: Plans) -> None:
    found = plan("Crop? No. Shadow? No. White background, yes.")
    assert shadows(found) <= {"none"}
    assert not done(found) & {"crop", "trim"}


@pytest.mark.parametrize("words", cases("reminded"))
def test_a_reminder_is_a_wish(plan: Plans, words: str) -> None:
    assert shadows(plan(words)) == {"drop"}


@pytest.mark.parametrize("words", cases("requested"))
def test_a_polite_question_is_a_wish(plan: Plans, words: str) -> None:
    assert {"background.remove", "background.set"} <= done(plan(words))


def test_what_is_done_already_is_spared_and_the_rest_is_done(plan: Plans) -> None:
    found = plan("Cut everything out. IMG_1 to IMG_3 are already cut out.")
    assert done(found) >= {"background.remove"}
    assert any("background.remove" in c.ops and not c.scope.is_all for c in found.constraints)


def test_a_whole_mail_is_taken_back(plan: Plans) -> None:
    found = plan("Forget that, 1500 px wide only.\n\n> On Monday Ada wrote:\n> Add a shadow and mirror all of them.")
    assert not done(found) & {"shadow", "flip"}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Match the colour to the swatch.", id="swatch"),
        pytest.param("Recolour the bags to the new shade.", id="shade"),
        pytest.param("Two versions please.", id="versions"),
        pytest.param("Put our slogan on every picture.", id="slogan"),
        pytest.param("Use our preset.", id="preset"),
        pytest.param("Watermark please.", id="watermark"),
        pytest.param("Only the marked ones: white background.", id="marked"),
        pytest.param("Make the background our brand colour.", id="brand-colour"),
        pytest.param("Resize them to the usual size.", id="usual-size"),
        pytest.param("Write the SKU below each product.", id="sku"),
    ],
)
def test_what_is_named_but_missing_is_asked_for(plan: Plans, words: str) -> None:
    assert plan(words).open_questions


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Match the colour to REF.jpg.", id="reference"),
        pytest.param("Remove the price tags.", id="price-tags"),
        pytest.param("No logo, no watermark, white background.", id="no-logo"),
        pytest.param("Don't use our brand colour, plain white please.", id="no-brand-colour"),
        pytest.param("Two versions: web 1000 px wide as JPG, print TIFF in original size.", id="versions"),
    ],
)
def test_what_is_told_is_not_asked_for(plan: Plans, words: str) -> None:
    assert not plan(words).open_questions


def test_a_reader_that_believes_every_word_is_caught(monkeypatch: pytest.MonkeyPatch, plan: Plans) -> None:
    """Without moods most of the sentences above would be planned: the table can tell the difference."""

    def credulous(clauses: list[Clause], draft: object) -> list[Clause]:
        return clauses

    monkeypatch.setattr(moods, "settle", credulous)
    fooled = [w for name in IDLE for w in SENTENCES[name].values() if done(plan(w)) != {"resize"}]
    assert len(fooled) > 40
