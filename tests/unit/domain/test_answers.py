"""An answer changes the plan, and can be changed itself without touching what else was done meanwhile."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.editing.answers import answer, take_back
from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Output, Question, Step
from core.errors import InvalidInputError

OPS = ("exposure", "contrast", "shadow", "resize")
OUTPUTS = (None, "web", "print")
REMOVE = Option(key="leave", label="Leave it out", changes=(Change(kind=ChangeKind.REMOVE, op="exposure"),))
MORE = Option(
    key="more", label="More", changes=(Change(kind=ChangeKind.SET, op="exposure", params={"ev": 1.0}),)
)  # fmt: skip
KEEP = Option(key="do", label="Do it")
QUESTION = Question(key="which", about="Which holds?", options=(KEEP, REMOVE, MORE))
PLAN = EditPlan(
    steps=(Step(op="resize", params={"width": 100}), Step(op="exposure", params={"ev": 0.5}), Step(op="contrast")),
    questions=(QUESTION,),
)


def ops(plan: EditPlan) -> list[str]:
    """Return the operations of the shared steps."""
    return [s.op for s in plan.steps]


def test_a_step_that_an_answer_removed_is_back_in_its_place() -> None:
    left = answer(PLAN, question="which", option="leave")
    assert ops(left) == ["resize", "contrast"]
    assert take_back(left, question="which", before=PLAN) == PLAN


def test_what_was_edited_since_stays() -> None:
    left = answer(PLAN, question="which", option="more")
    edited = attrs.evolve(left, steps=(*left.steps, Step(op="shadow")))
    back = take_back(edited, question="which", before=PLAN)
    assert ops(back) == ["resize", "exposure", "contrast", "shadow"]
    assert back.steps[1].params == {"ev": 0.5}
    assert back.open_questions == (QUESTION,)


def test_only_the_output_that_the_answer_changed_is_touched() -> None:
    change = Change(kind=ChangeKind.REMOVE, op="exposure", output="web")
    question = attrs.evolve(QUESTION, options=(KEEP, Option(key="leave", label="No", changes=(change,))))
    web, prints = (Output(name=name, steps=(Step(op="exposure"),)) for name in ("web", "print"))
    plan = EditPlan(outputs=(web, prints), questions=(question,))
    left = answer(plan, question="which", option="leave")
    assert [len(o.steps) for o in left.outputs] == [0, 1]
    without_print = attrs.evolve(left, outputs=(left.outputs[0], Output(name="print")))
    back = take_back(without_print, question="which", before=plan)
    assert [len(o.steps) for o in back.outputs] == [1, 0]


def test_a_question_that_the_plan_does_not_ask() -> None:
    with pytest.raises(InvalidInputError, match="asks no question 'other'"):
        take_back(PLAN, question="other", before=PLAN)


steps = st.lists(st.sampled_from(OPS), max_size=4, unique=True).map(lambda x: tuple(Step(op=op) for op in x))
changes = st.builds(
    Change, kind=st.sampled_from(ChangeKind), op=st.sampled_from(OPS), output=st.sampled_from(OUTPUTS),
    params=st.just({}),
)  # fmt: skip


@given(steps, steps, steps, st.lists(changes, max_size=4))
def test_an_answer_taken_back_leaves_the_same_steps(
    shared: tuple[Step, ...], web: tuple[Step, ...], prints: tuple[Step, ...], made: list[Change]
) -> None:
    option = Option(key="some", label="Some", changes=tuple(made))
    plan = EditPlan(
        steps=shared, outputs=(Output(name="web", steps=web), Output(name="print", steps=prints)),
        questions=(attrs.evolve(QUESTION, options=(KEEP, option)),),
    )  # fmt: skip
    back = take_back(answer(plan, question="which", option="some"), question="which", before=plan)
    assert back.open_questions == plan.questions
    for one, other in (
        (back.steps, plan.steps),
        *zip((o.steps for o in back.outputs), (o.steps for o in plan.outputs), strict=True),
    ):
        assert sorted(s.op for s in one) == sorted(s.op for s in other)
