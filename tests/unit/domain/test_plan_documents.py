"""Plans as documents: nothing is lost on the way, and nothing wrong gets in."""

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.editing.answers import answer
from core.domain.editing.document import from_document, to_document
from core.domain.editing.merge import merge
from core.domain.editing.plan import (
    Assumption,
    Cause,
    Change,
    ChangeKind,
    Constraint,
    EditPlan,
    Option,
    Output,
    PlanWarning,
    Question,
    Step,
    Unsupported,
    check_plan,
)
from core.domain.editing.provided import wish_sentence
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts, Scope
from core.errors import InvalidInputError

CAUSE = Cause(start=0, end=5, words="white")
FULL = check_plan(
    EditPlan(
        steps=(
            Step(op="background.remove", cause=CAUSE),
            Step(op="exposure", params={"ev": -0.5}, scope=Scope(ranges=(("a1", "a9"),), indexes=((1, -1),))),
        ),
        outputs=(
            Output(name="shop", folder="web/large", steps=(Step(op="export", params={"format": "jpeg"}),)),
            Output(name="thumb", steps=(Step(op="resize", params={"long_edge": 600}),)),
        ),
        constraints=(Constraint(ops=("crop",), scope=Scope(globs=("x*",)), cause=CAUSE),),
        assumptions=(Assumption(about="White was assumed.", cause=CAUSE),),
        questions=(
            Question(
                key="background",
                about="Which background?",
                options=(
                    Option(
                        key="grey",
                        label="Grey",
                        changes=(Change(kind=ChangeKind.SET, op="background.set", params={"colour": "#EEEEEE"}),),
                    ),
                    Option(key="none", label="None", changes=(Change(kind=ChangeKind.REMOVE, op="background.remove"),)),
                ),
            ),
        ),
        warnings=(PlanWarning(about="Colours are approximate."),),
        unsupported=(Unsupported(words="a back view", reason="It was not photographed.", refused=True),),
        explanation="As the brief says.",
        planner="local",
    )
)


def test_a_plan_survives_its_document() -> None:
    assert from_document(json.loads(json.dumps(to_document(FULL)))) == FULL


def test_an_answer_changes_the_plan_in_the_open() -> None:
    answered = answer(FULL, question="background", option="grey")
    assert answered.open_questions == ()
    assert next(s for s in answered.steps if s.op == "background.set").params == {"colour": "#EEEEEE"}
    removed = answer(FULL, question="background", option="none")
    assert "background.remove" not in [s.op for s in removed.steps]


@pytest.mark.parametrize(
    ("question", "option", "code"), [("size", "grey", "unknown_question"), ("background", "blue", "unknown_option")]
)
def test_an_answer_to_nothing_is_refused(question: str, option: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        answer(FULL, question=question, option=option)
    assert refused.value.code == code


def test_a_later_instruction_is_laid_over_the_plan() -> None:
    change = EditPlan(steps=(Step(op="background.remove"), Step(op="sharpen")), planner="local")
    merged = check_plan(merge(FULL, change))
    assert [s.op for s in merged.steps] == ["exposure", "background.remove", "sharpen"]
    assert merged.output_names == ("shop", "thumb")


def test_a_later_instruction_for_all_wins_over_an_earlier_one_for_some() -> None:
    one = Scope(files=("IMG_1",))
    base = EditPlan(
        steps=(
            Step(op="exposure", params={"ev": 1}, scope=one),
            Step(op="overlay.text", params={"text": "1"}, scope=one),
        )
    )
    words = Step(op="overlay.text", params={"text": "all"})
    merged = merge(base, EditPlan(steps=(Step(op="exposure", params={"ev": -1}), words)))
    (output,) = resolve(check_plan(merged), ImageFacts(name="IMG_1.jpg", position=1, count=2)).outputs
    assert [s.params.get("ev", s.params.get("text")) for s in output.steps] == [-1, "1", "all"]


@pytest.mark.parametrize("scope", [Scope(), Scope(files=("IMG_1",))])
def test_what_was_ruled_out_stays_so_until_it_is_asked_for(scope: Scope) -> None:
    sharpen = () if scope.is_all else (Step(op="sharpen"),)
    base = EditPlan(
        steps=(Step(op="exposure", params={"ev": 1}), *sharpen),
        constraints=(Constraint(ops=("sharpen", "contrast"), scope=scope),),
    )

    def ops(change: Step) -> list[str]:
        merged = check_plan(merge(base, EditPlan(steps=(change,))))
        (output,) = resolve(merged, ImageFacts(name="IMG_1.jpg", position=1, count=2)).outputs
        return sorted(s.op for s in output.steps)

    assert ops(Step(op="exposure", params={"ev": -1})) == ["exposure"]
    assert ops(Step(op="sharpen")) == ["exposure", "sharpen"]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {"format": 2},
        {"steps": {}},
        {"steps": [{"params": {}}]},
        {"steps": [{"op": "sharpen", "speed": 3}]},
        {"steps": [{"op": "sharpen", "scope": {"files": "a"}}]},
        {"steps": [{"op": "sharpen", "scope": {"ranges": [["a"]]}}]},
        {"steps": [{"op": "sharpen"}] * 201},
        {"outputs": [{"name": "../up"}]},
        {"outputs": [{"name": "a", "folder": "../up"}]},
        {"outputs": [{"name": "a", "folder": "/root"}]},
        {"outputs": [{"name": "a"}, {"name": "A"}]},
        {
            "questions": [
                {"key": "q", "about": "?", "options": [{"key": "o", "label": "l", "changes": [{"kind": "x"}]}]}
            ]
        },
        {"explanation": "x" * 10_001},
    ],
)
def test_a_broken_document_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidInputError):
        from_document(broken)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
keys = st.sampled_from(["steps", "outputs", "questions", "constraints", "format", "planner", "warnings"])


@given(st.dictionaries(keys, json_values, max_size=4))
def test_random_documents_are_read_or_refused_but_never_crash(document: dict[str, Any]) -> None:
    try:
        plan = from_document(document)
    except InvalidInputError:
        return
    assert from_document(to_document(plan)) == plan


def test_a_wish_that_needs_a_provider_keeps_what_is_known_of_it() -> None:
    wish = Unsupported(
        words="remove pins and clips",
        reason="A retoucher is needed.",
        op="remove_object",
        params={"what": ["pins", "clips"], "target": {"pantone": "286 C"}, "max_delta_e": 3},
        scope=Scope(tags=("dress",)),
        output="web",
    )
    plan = from_document(to_document(EditPlan(unsupported=(wish,))))
    assert plan.unsupported == (wish,)
    assert wish.needs_provider
    assert not attrs.evolve(wish, refused=True).needs_provider
    assert wish_sentence("remove_object", wish.params) == "Remove: pins, clips, target pantone 286 C, max delta e 3"


@pytest.mark.parametrize("params", [{"what": "x" * 501}, {"what": [["a"]]}, {"a": {"b": {"c": 1}}}, {"a": None}])
def test_wishes_hold_short_plain_values_only(params: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        check_plan(EditPlan(unsupported=(Unsupported(words="", reason="", op="retouch", params=params),)))


def test_what_is_ruled_out_for_a_part_of_the_picture_holds_back_no_work_on_the_whole() -> None:
    spared = Constraint(ops=("retouch", "flip"), region="skin")
    plan = check_plan(EditPlan(steps=(Step(op="flip"),), constraints=(spared,)))
    (output,) = resolve(plan, ImageFacts(name="a.jpg", position=1, count=1)).outputs
    assert [s.op for s in output.steps] == ["flip"]


@pytest.mark.parametrize(("width", "stays"), [(2999, True), (3000, False), (0, False)])
def test_a_check_of_the_original_stays_only_where_it_fails(width: int, stays: bool) -> None:
    rule = Step(op="check", params={"rule": "long_edge >= 3000", "on_fail": "return"})
    plan = check_plan(EditPlan(steps=(rule,)))
    image = ImageFacts(name="a.jpg", position=1, count=1, width=width, height=width // 2)
    assert bool(resolve(plan, image).outputs[0].steps) is stays
