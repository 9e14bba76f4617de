"""A later instruction laid over an earlier plan."""

from core.domain.editing.merge import merge
from core.domain.editing.plan import Constraint, EditPlan, Output, Step, check_plan
from core.domain.editing.scope import Scope

SHADOW, TONE = Step(op="shadow", params={"type": "drop"}), Step(op="exposure", params={"ev": 0.5})
ONE = Scope(files=("a.jpg",))


def test_what_a_later_wish_forbids_is_no_longer_done() -> None:
    base = EditPlan(steps=(SHADOW, TONE), outputs=(Output(name="web", steps=(SHADOW,)),))
    merged = check_plan(merge(base, EditPlan(constraints=(Constraint(ops=("shadow",)),))))
    assert [s.op for s in merged.all_steps()] == ["exposure"]


def test_what_is_forbidden_for_some_pictures_stays_for_the_others() -> None:
    forbidding = EditPlan(constraints=(Constraint(ops=("shadow",), scope=ONE),))
    wide = merge(EditPlan(steps=(SHADOW,)), forbidding)
    assert wide.steps == (SHADOW,)
    own = merge(EditPlan(steps=(Step(op="shadow", params={"type": "drop"}, scope=ONE),)), forbidding)
    assert own.steps == ()


def test_what_a_later_wish_asks_for_is_no_longer_forbidden() -> None:
    base = EditPlan(constraints=(Constraint(ops=("shadow", "exposure")),))
    merged = check_plan(merge(base, EditPlan(steps=(SHADOW,))))
    assert [c.ops for c in merged.constraints] == [("exposure",)]
