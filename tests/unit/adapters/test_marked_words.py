"""Marks of clauses, and briefs by page and line."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.marked_words import Mark, Page, browser_marks, legend_of, marks_of, pages_of, segments, target_of
from core.domain.briefs import SOFT_BREAK, cite
from core.domain.editing.plan import Cause, EditPlan, Output, Question, Step, Unsupported
from core.usecases.plans.places import Places
from core.usecases.plans.understand import Understanding

TEXT = "Hello Ada,\nwhite background, soft shadow. Which size? Recolour the shoe. Sing to me. Thanks!"


def caused(words: str) -> Cause:
    """Return the place of some words."""
    start = TEXT.index(words)
    return Cause(start=start, end=start + len(words), words=words)


PLAN = EditPlan(
    steps=(Step(op="background.set", cause=caused("white background")),),
    outputs=(Output(name="web", steps=(Step(op="shadow", cause=caused("soft shadow")),)),),
    questions=(Question(key="size", about="Which size?", cause=caused("Which size")),),
    unsupported=(
        Unsupported(words="Recolour the shoe", reason="", op="colour.replace", cause=caused("Recolour the shoe")),
        Unsupported(words="Sing to me", reason="Not understood.", cause=caused("Sing to me")),
    ),
)


def told(marks: Sequence[Mark]) -> list[tuple[str, str, str]]:
    """Return words, kind and target of each mark."""
    return [(TEXT[m.start : m.end], m.kind, m.target) for m in marks]


@pytest.mark.req("S0-BRIEF-01")
def test_every_clause_but_courtesy_is_marked_and_leads_to_what_it_caused() -> None:
    assert told(marks_of(TEXT, PLAN)) == [
        ("white background,", "step", "step-shared-0"), ("soft shadow.", "step", "step-web-0"),
        ("Which size?", "question", "questions-0"), ("Recolour the shoe.", "provider", "unsupported-0"),
        ("Sing to me.", "not_understood", "unsupported-1"),
    ]  # fmt: skip
    assert list(legend_of(marks_of(TEXT, PLAN))) == ["step", "question", "provider", "not_understood"]


def test_what_was_taken_out_by_hand_was_not_misunderstood() -> None:
    edited = EditPlan(steps=PLAN.steps, unsupported=PLAN.unsupported)
    kinds = {words: kind for words, kind, _ in told(marks_of(TEXT, edited, PLAN))}
    assert kinds["Which size?"] == "changed"
    assert kinds["Sing to me."] == "not_understood"
    without_memory = {words: kind for words, kind, _ in told(marks_of(TEXT, edited))}
    assert without_memory["Which size?"] == "not_understood"


def test_a_plan_that_knows_no_word_marks_nothing() -> None:
    assert marks_of(TEXT, EditPlan(steps=(Step(op="shadow"),))) == ()
    assert target_of("outputs/0/steps/3", PLAN) == "step-web-3"


def test_a_browser_counts_in_utf_16() -> None:
    class Read:
        places = Places(instruction="  🙂 no shadow. ", brief="🙂🙂\nwhite background")
        plan = EditPlan(
            steps=(
                Step(op="shadow", cause=Cause(start=2, end=11, words="no shadow")),
                Step(op="background.set", cause=Cause(start=16, end=32, words="white background")),
            )
        )

    read: Understanding = Read()  # type: ignore[assignment]  # the two parts that count
    units = {"instruction": "  🙂 no shadow. ", "brief": "🙂🙂\nwhite background"}
    marks = browser_marks(read, units["instruction"])
    cut = [units[m.source].encode("utf-16-le")[2 * m.start : 2 * m.end].decode("utf-16-le") for m in marks]
    assert cut == ["🙂 no shadow.", "white background"]


texts = st.text(st.sampled_from(f"ab \n{SOFT_BREAK}"), max_size=40)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    """Draw a text with pages that begin at the beginning of lines."""
    text = draw(texts)
    lines = [0, *(i + 1 for i, c in enumerate(text) if c in f"\n{SOFT_BREAK}")]
    more = draw(st.lists(st.sampled_from(lines), max_size=3))
    return text, tuple(sorted({0, *more})) if draw(st.booleans()) else ()


def wrong_places(text: str, starts: Sequence[int], pages: Sequence[Page]) -> list[int]:
    """Return where lines begin that are numbered otherwise than they are cited, or whose words are lost."""
    at, found = 0, []
    for page in pages:
        for line in page.lines:
            place = cite(text, starts, at)
            words = "".join(s.text for s in line.segments) + line.end
            if ((place.page or 0), place.line) != (page.number, line.number) or not text.startswith(words, at):
                found.append(at)
            at += len(words)
    return found if at == len(text) else [*found, at]


@given(documents())
def test_lines_are_numbered_as_they_are_cited_and_no_word_is_lost(document: tuple[str, tuple[int, ...]]) -> None:
    text, starts = document
    marks = [Mark(start=i, end=i + 2, kind="step") for i in range(3, len(text), 5)]
    assert wrong_places(text, starts, pages_of(text, starts, marks)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text, starts: pages_of(text, ()), id="pages are left out"),
        pytest.param(lambda text, starts: pages_of(text.replace(SOFT_BREAK, " "), starts), id="full lines go on"),
        pytest.param(lambda text, starts: pages_of(text[:-1], starts), id="the last letter is lost"),
    ],
)
def test_a_wrong_place_is_noticed(spoil: Callable[[str, Sequence[int]], Sequence[Page]]) -> None:
    text, starts = f"one\ntwo{SOFT_BREAK}three\nfour", (0, 4)
    assert wrong_places(text, starts, pages_of(text, starts)) == []
    assert wrong_places(text, starts, spoil(text, starts))


def test_marks_count_from_where_a_text_begins() -> None:
    (page,) = pages_of("ab\ncd", (), [Mark(start=11, end=14, kind="step")], at=10)
    assert [[(s.text, s.start, s.mark is not None) for s in line.segments] for line in page.lines] == [
        [("a", 10, False), ("b", 11, True)], [("c", 13, True), ("d", 14, False)],
    ]  # fmt: skip
    assert [s.text for s in segments("abc", [Mark(start=0, end=9, kind="step")], start=1, end=3)] == ["bc"]
