"""Every clause of a text has a fate, and together the fates hold every word."""

import re
from itertools import chain, pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.editing.courtesy import is_courtesy, is_head_line
from core.domain.editing.fates import Fate, FateKind, fates
from core.domain.editing.plan import (
    Assumption,
    Cause,
    Constraint,
    EditPlan,
    Option,
    Output,
    PlanWarning,
    Question,
    Step,
    Unsupported,
)

WORD = re.compile(r"\w")
CLAUSES = (
    "White background", "2000 x 2000 px", "JPG, quality 90", "no shadow", "Bitte alles freistellen",
    "merci d'avance", "añadir sombra suave", "背景を白にして", "请把背景换成白色", "कृपया पृष्ठभूमि सफेद करें",
    "1. Crop to 4:5", "– remove the tag", "Size: 1,500 px", "IMG_0412.jpg: straighten", "Thanks", "Von: Anna", "🙂",
    "| a | b |",
    "e.g. soft", "\u00a0x\u00a0", "...",
)  # fmt: skip
JOINTS = ("\n", ". ", ", ", " and ", "。", "; ", "\n\n", " - ", " ", "")


def cause(text: str, words: str) -> Cause:
    """Return where words stand in a text."""
    start = text.index(words)
    return Cause(start=start, end=start + len(words), words=words)


def told(text: str, plan: EditPlan) -> list[tuple[str, str]]:
    """Return words with what became of them."""
    return [(f.words, f.kind.value) for f in fates(text, plan)]


@st.composite
def briefs(draw: st.DrawFn) -> tuple[str, EditPlan]:
    """Assemble a text, and a plan in which any stretches of it caused something."""
    parts = draw(st.lists(st.tuples(st.sampled_from(CLAUSES), st.sampled_from(JOINTS)), max_size=12))
    text = "".join(part + joint for part, joint in parts)
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places).map(sorted), max_size=8))
    causes = [Cause(start=a, end=b, words=text[a:b]) for a, b in spans]
    kinds = draw(st.lists(st.integers(0, 6), min_size=len(causes), max_size=len(causes)))
    at: dict[int, list[Cause]] = {
        kind: [c for c, k in zip(causes, kinds, strict=True) if k == kind] for kind in range(7)
    }
    plan = EditPlan(
        steps=tuple(Step(op="export", cause=c) for c in at[0]),
        outputs=(Output(name="web", steps=tuple(Step(op="export", cause=c) for c in at[1])),),
        constraints=tuple(Constraint(ops=("crop",), cause=c) for c in at[2]),
        questions=tuple(Question(key=f"q{i}", about="?", cause=c) for i, c in enumerate(at[3])),
        unsupported=tuple(Unsupported(words=c.words, reason="", cause=c) for c in at[4]),
        assumptions=tuple(Assumption(about="", cause=c) for c in at[5]),
        warnings=tuple(PlanWarning(about="", cause=c) for c in at[6]),
    )
    return text, plan


def lost_words(text: str, found: tuple[Fate, ...]) -> list[int]:
    """Return where letters and digits stand that no fate holds."""
    held = {i for f in found for i in range(f.start, f.end)}
    return [m.start() for m in WORD.finditer(text) if m.start() not in held]


@given(briefs())
def test_no_word_is_lost_and_none_is_told_twice(brief: tuple[str, EditPlan]) -> None:
    text, plan = brief
    found = fates(text, plan)
    assert lost_words(text, found) == []
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(text[f.start : f.end] == f.words and f.words.strip() for f in found)


@given(briefs())
def test_whatever_has_words_in_the_text_is_the_fate_of_some(brief: tuple[str, EditPlan]) -> None:
    text, plan = brief
    causes = chain(
        (s.cause for s in plan.all_steps()), (c.cause for c in plan.constraints), (q.cause for q in plan.questions),
        (u.cause for u in plan.unsupported), (a.cause for a in plan.assumptions), (w.cause for w in plan.warnings),
    )  # fmt: skip
    caused = [c for c in causes if c is not None and WORD.search(c.words)]
    found = fates(text, plan)
    assert len({ref for f in found for ref in f.refs}) == len(caused)
    for one in caused:
        assert any(f.refs and f.start < one.end and one.start < f.end for f in found)


def test_the_check_for_lost_words_sees_a_word_that_is_lost() -> None:
    text = "White background, no unicorns"
    found = fates(text, EditPlan())
    assert lost_words(text, found[:1]) != []
    assert lost_words(text, (attrs.evolve(found[0], end=5), found[1])) != []


def test_each_kind_is_told() -> None:
    text = (
        "Hello, white background and soft shadow. Keep the size. A back view too. Which grey? Add unicorns."
        " As JPEG (sRGB). Small files. Thanks"
    )
    plan = EditPlan(
        steps=(Step(op="background.set", cause=cause(text, "white background")),),
        outputs=(Output(name="web", steps=(Step(op="shadow", cause=cause(text, "soft shadow")),)),),
        constraints=(Constraint(ops=("resize",), cause=cause(text, "Keep the size")),),
        questions=(Question(key="grey", about="Which?", cause=cause(text, "grey")),),
        unsupported=(
            Unsupported(words="back view", reason="", refused=True, cause=cause(text, "back view")),
            Unsupported(words="unicorns", reason="", cause=cause(text, "unicorns")),
        ),
        assumptions=(Assumption(about="sRGB", cause=cause(text, "sRGB")),),
        warnings=(PlanWarning(about="small", cause=cause(text, "Small")),),
    )
    assert told(text, plan) == [
        ("Hello,", "polite"), ("white background", "step"), ("and soft shadow.", "step"),
        ("Keep the size.", "constraint"),
        ("A back view too.", "refusal"), ("Which grey?", "question"), ("Add unicorns.", "not_understood"),
        ("As JPEG (sRGB).", "assumption"), ("Small files.", "warning"), ("Thanks", "polite"),
    ]  # fmt: skip
    refs = [f.refs for f in fates(text, plan)]
    assert refs[1:5] == [("steps/0",), ("outputs/0/steps/0",), ("constraints/0",), ("unsupported/0",)]


def test_of_several_things_the_one_that_matters_most_is_told_first() -> None:
    text = "Transparent JPG"
    whole = cause(text, text)
    step = Step(op="export", cause=cause(text, "JPG"))
    wish = Unsupported(words=text, reason="", op="layers", cause=whole)
    note = PlanWarning(about="", cause=whole)
    options = (Option(key="png", label="PNG"),)
    open_question = Question(key="alpha", about="", options=options, cause=whole)

    def first(**parts: object) -> tuple[FateKind, tuple[str, ...]]:
        (fate,) = fates(text, EditPlan(steps=(step,), warnings=(note,), **parts))  # type: ignore[arg-type]
        return fate.kind, fate.refs

    assert first() == (FateKind.STEP, ("steps/0", "warnings/0"))
    assert first(questions=(open_question,)) == (FateKind.QUESTION, ("questions/0", "steps/0", "warnings/0"))
    settled = attrs.evolve(open_question, answer="png")
    assert first(questions=(settled,)) == (FateKind.STEP, ("steps/0", "questions/0", "warnings/0"))
    assert first(unsupported=(wish,))[0] is FateKind.REFUSAL


def test_a_number_a_label_and_a_full_line_do_not_end_a_clause() -> None:
    text = (
        "1. White background\n2.5 px wide, 10.000 files\nSize: 2000 x 3000\n"
        "The shadow should be as soft as in the picture that we sent you\nlast week by mail\nno names"
    )
    assert [f.words for f in fates(text, EditPlan())] == [
        "1. White background", "2.5 px wide,", "10.000 files", "Size: 2000 x 3000",
        "The shadow should be as soft as in the picture that we sent you\nlast week by mail", "no names",
    ]  # fmt: skip


def test_words_of_one_cause_stay_together_and_words_that_were_changed_since_cause_nothing() -> None:
    text = "margin 10 px top, bottom, left. No shadow"
    step = Step(op="subject.place", cause=cause(text, "margin 10 px top, bottom, left"))
    stale = Step(op="shadow", cause=Cause(start=32, end=41, words="Soft glow"))
    assert told(text, EditPlan(steps=(step, stale))) == [
        ("margin 10 px top, bottom, left.", "step"), ("No shadow", "not_understood"),
    ]  # fmt: skip


def test_what_comes_from_several_sentences_is_told_at_both_ends_and_where_nothing_else_is() -> None:
    text = "Grey background.\nSoft shadow.\nAnd so on.\nWhite background."
    question = Question(key="colour", about="Which?", cause=cause(text, text))
    step = Step(op="shadow", cause=cause(text, "Soft shadow"))
    assert [(f.kind.value, f.refs) for f in fates(text, EditPlan(steps=(step,), questions=(question,)))] == [
        ("question", ("questions/0",)), ("step", ("steps/0",)), ("question", ("questions/0",)),
        ("question", ("questions/0",)),
    ]  # fmt: skip


def test_a_word_or_two_after_a_comma_go_with_what_was_said_before() -> None:
    text = "JPG, max. 2 MB, evenly, please, but no unicorns. Alone"
    step = Step(op="export", cause=cause(text, "JPG, max. 2 MB"))
    assert told(text, EditPlan(steps=(step,))) == [
        ("JPG, max. 2 MB, evenly,", "step"), ("please,", "polite"), ("but no unicorns.", "not_understood"),
        ("Alone", "not_understood"),
    ]  # fmt: skip


def test_a_label_goes_with_what_it_introduces() -> None:
    text = "Two files of each:\nweb JPG\nNote:\nnothing\nNote:"
    step = Step(op="export", cause=cause(text, "JPG"))
    assert told(text, EditPlan(steps=(step,))) == [
        ("Two files of each:\nweb JPG", "step"), ("Note:", "not_understood"), ("nothing", "not_understood"),
        ("Note:", "not_understood"),
    ]  # fmt: skip


def test_a_text_without_words_has_no_fates() -> None:
    assert fates("", EditPlan()) == fates(" \n🙂 --- !\n", EditPlan()) == ()


@pytest.mark.parametrize(
    "words",
    [
        "Hi Anna,", "Dear team", "Thanks in advance!", "Mit freundlichen Grüßen", "Bonjour Madame Dupont", "¡Gracias!",
        "Buenos días", "Cordiali saluti", "Oi gente, tudo bem?", "Met vriendelijke groet", "Dzień dobry",
        "よろしくお願いします。", "谢谢！", "धन्यवाद", "shukriya", "pls", "Hallo zusammen",
    ],
)  # fmt: skip
def test_courtesy_is_known_in_every_language(words: str) -> None:
    assert is_courtesy(words)


@pytest.mark.parametrize(
    "words", ["thanks for adding unicorns", "please", "White", "Hi 2000 px", "merci de tout flouter"]
)
def test_wishes_are_no_courtesy(words: str) -> None:
    assert is_courtesy(words) == (words == "please")


def test_names_count_only_behind_a_closing() -> None:
    assert is_courtesy("Anna Schmidt", after_courtesy=True)
    assert not is_courtesy("Anna Schmidt")
    assert not is_courtesy("white background", after_courtesy=True)
    assert [is_head_line(x) for x in ("From: Anna", "> Betreff: Bilder", "件名：写真", "Size: 20 px")] == [1, 1, 1, 0]
    assert all(
        is_head_line(x) for x in ("> On Tue, 4 Mar, Tom wrote:", "Le 4 mars, Karim a écrit :", "-- Ana escreveu --")
    )
    assert told("On 4 March, Tom wrote:\nwhite", EditPlan())[:2] == [
        ("On 4 March,", "polite"),
        ("Tom wrote:", "polite"),
    ]


def test_a_line_of_many_clauses_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def counted(line: str) -> bool:
        looks.append(line)
        return is_head_line(line)

    monkeypatch.setattr("core.domain.editing.fates.is_head_line", counted)
    line = "ab, " * 500
    found = fates(f"From: Anna, Ben\n{line}", EditPlan())
    assert [f.kind for f in found[:2]] == [FateKind.POLITE] * 2
    assert len(found) == 502
    assert looks == ["From: Anna, Ben", line]
