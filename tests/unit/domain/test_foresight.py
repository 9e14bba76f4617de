"""What is told about small originals before anything is spent."""

import pytest

from core.domain.editing.answers import answer
from core.domain.editing.foresight import SMALL_ORIGINALS, Original, foresee
from core.domain.editing.plan import EditPlan, Output, Step, check_plan
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts

CANVAS = Step(op="canvas", params={"width": 2000, "height": 2000})


def original(width: int, height: int) -> Original:
    return Original(facts=ImageFacts(name="a.jpg", position=1, count=1), width=width, height=height)


def asks(plan: EditPlan, *originals: Original) -> bool:
    return any(q.key == SMALL_ORIGINALS for q in foresee(check_plan(plan), originals).questions)


@pytest.mark.parametrize(
    ("steps", "size", "expected"),
    [
        ((CANVAS, Step(op="subject.place", params={"fill": 85})), (1024, 1024), True),
        ((CANVAS, Step(op="subject.place", params={"fill": 85})), (1700, 900), False),
        ((CANVAS, Step(op="subject.place", params={"fill": 85, "enlarge": True})), (300, 300), False),
        ((CANVAS, Step(op="subject.place", params={"margin_left": 100, "margin_right": 100})), (1799, 900), True),
        ((CANVAS, Step(op="subject.place", params={"margin_left": 100, "margin_right": 100})), (1800, 900), False),
        ((CANVAS,), (300, 300), False),
        ((Step(op="resize", params={"long_edge": 1600}),), (1599, 1000), True),
        ((Step(op="resize", params={"long_edge": 1600}),), (1600, 1000), False),
        ((Step(op="sharpen"),), (10, 10), False),
    ],
)
def test_asks_only_when_an_original_cannot_reach_the_size(
    steps: tuple[Step, ...], size: tuple[int, int], expected: bool
) -> None:
    assert asks(EditPlan(steps=steps), original(*size)) is expected


def test_the_question_has_a_visible_default_and_does_not_block() -> None:
    plan = foresee(EditPlan(steps=(Step(op="resize", params={"long_edge": 1600}),)), [original(800, 800)])
    (question,) = plan.questions
    assert (question.blocking, question.default) == (False, "keep")
    assert not plan.open_questions
    assert "original" in plan.warnings[0].about


def test_answering_enlarge_reaches_every_output() -> None:
    sizes = [Output(name=n, steps=(Step(op="resize", params={"long_edge": e}),)) for n, e in (("a", 900), ("b", 1800))]
    plan = foresee(check_plan(EditPlan(outputs=tuple(sizes))), [original(800, 800)])
    enlarged = check_plan(answer(plan, question=SMALL_ORIGINALS, option="enlarge"))
    resolved = resolve(enlarged, original(800, 800).facts)
    assert [(o.params("resize") or {})["enlarge"] for o in resolved.outputs] == [True, True]
