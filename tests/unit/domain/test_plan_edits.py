"""Edits by hand and what differs afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.diff import Difference, DifferenceKind, compare
from core.domain.editing.edit_documents import KINDS, edit_from_document
from core.domain.editing.edits import (
    Place,
    add_output,
    add_step,
    change_step,
    lift_constraint,
    move_step,
    remove_output,
    remove_step,
    rename_output,
    set_scope,
)
from core.domain.editing.plan import (
    Cause,
    Change,
    ChangeKind,
    Constraint,
    EditPlan,
    Option,
    Output,
    Question,
    Step,
    check_plan,
)
from core.domain.editing.scope import Scope
from core.errors import I2IError, InvalidInputError, NotFoundError
from tests.unit.domain.test_sentences import valid_steps

CAUSE = Cause(start=0, end=8, words="brighter")
BRIGHT = Step(op="exposure", params={"ev": 0.5}, cause=CAUSE)
CONTRAST = Step(op="contrast", params={"amount": 10})
CUT = Step(op="background.remove")
EXPORT = Step(op="export", params={"format": "jpeg"})
PLAN = EditPlan(steps=(BRIGHT, CONTRAST, CUT, EXPORT))
TWO = EditPlan(steps=(BRIGHT,), outputs=(Output(name="web", steps=(EXPORT,)), Output(name="print", folder="p")))


def ops(plan: EditPlan, output: int | None = None) -> list[str]:
    """Return the operations of a plan in their order."""
    return [s.op for s in (plan.steps if output is None else plan.outputs[output].steps)]


def kinds(old: EditPlan, new: EditPlan) -> list[str]:
    """Return what kinds of differences there are."""
    return [d.kind.value for d in compare(old, new)]


def refusal(act: Callable[[], object]) -> str:
    """Return the code of a refusal."""
    with pytest.raises(I2IError) as caught:
        act()
    return caught.value.code


def test_a_step_is_added_where_its_kind_of_work_is_done() -> None:
    added = add_step(PLAN, step=Step(op="shadow"))
    assert ops(added) == ["exposure", "contrast", "background.remove", "shadow", "export"]
    assert ops(add_step(TWO, step=Step(op="resize", params={"long_edge": 800}), output="web"), 0) == [
        "resize",
        "export",
    ]
    assert refusal(lambda: add_step(PLAN, step=Step(op="resize"))) == "missing_parameter"
    assert refusal(lambda: add_step(TWO, step=CUT, output="none")) == "not_found"


def test_a_step_is_removed_and_only_that_one() -> None:
    doubled = EditPlan(steps=(BRIGHT, BRIGHT))
    assert ops(remove_step(PLAN, place=Place(index=1))) == ["exposure", "background.remove", "export"]
    assert len(remove_step(EditPlan(steps=(BRIGHT, CONTRAST)), place=Place(index=0)).steps) == 1
    assert len(doubled.steps) == 2
    for index in (-1, 4):
        assert refusal(lambda index=index: remove_step(PLAN, place=Place(index=index))) == "not_found"  # type: ignore[misc]


def test_of_two_equal_steps_one_is_removed() -> None:
    step = Step(op="overlay.text", params={"text": "new"})
    assert len(remove_step(EditPlan(steps=(step, step)), place=Place(index=0)).steps) == 1


def test_steps_change_places_among_their_kind_only() -> None:
    assert ops(move_step(PLAN, place=Place(index=0), by=1))[:2] == ["contrast", "exposure"]
    assert ops(move_step(PLAN, place=Place(index=1), by=-1))[:2] == ["contrast", "exposure"]
    for index, by in ((0, -1), (1, 1), (2, 1), (2, -1), (3, 1)):
        assert refusal(lambda i=index, b=by: move_step(PLAN, place=Place(index=i), by=b)) == "fixed_order"  # type: ignore[misc]


def test_parameters_are_laid_over_and_none_resets() -> None:
    changed = change_step(PLAN, place=Place(index=0), params={"ev": 1})
    assert changed.steps[0].params == {"ev": 1}
    assert changed.steps[0].cause == CAUSE
    automatic = change_step(PLAN, place=Place(index=0), params={"mode": "auto", "ev": None})
    assert automatic.steps[0].params == {"mode": "auto"}
    assert refusal(lambda: change_step(PLAN, place=Place(index=0), params={"ev": 9})) == "invalid_parameter"
    assert refusal(lambda: change_step(PLAN, place=Place(index=0), params={"ev": None})) == "invalid_step"


def test_a_scope_is_set() -> None:
    scope = Scope(globs=("IMG_1*",))
    assert set_scope(PLAN, place=Place(index=0), scope=scope).steps[0].scope == scope


def test_the_first_named_output_keeps_the_unnamed_one() -> None:
    grown = add_output(PLAN, name="web", folder="out")
    assert [(o.name, o.folder) for o in grown.outputs] == [("main", ""), ("web", "out")]
    copied = add_output(TWO, name="shop", like="web")
    assert copied.outputs[2].steps == TWO.outputs[0].steps
    assert refusal(lambda: add_output(TWO, name="WEB")) == "duplicate_output"
    assert refusal(lambda: add_output(TWO, name="a/b")) == "invalid_output_name"
    assert refusal(lambda: add_output(TWO, name="x", folder="../x")) == "invalid_folder"


def test_outputs_are_removed_and_renamed_and_answers_follow() -> None:
    answers = tuple(
        Option(key=n, label=n, changes=(Change(kind=ChangeKind.REMOVE, op="export", output=n),))
        for n in ("web", "print")
    )
    asked = check_plan(EditPlan(outputs=TWO.outputs, questions=(Question(key="q", about="?", options=answers),)))
    renamed = rename_output(asked, name="web", new_name="shop")
    assert [c.output for o in renamed.questions[0].options for c in o.changes] == ["shop", "print"]
    assert renamed.outputs[0].name == "shop"
    left = remove_output(asked, name="web")
    assert [len(o.changes) for o in left.questions[0].options] == [0, 1]
    assert refusal(lambda: remove_output(left, name="print")) == "last_output"
    assert refusal(lambda: rename_output(asked, name="web", new_name="print")) == "duplicate_output"
    assert rename_output(PLAN, name="main", new_name="web").outputs[0].name == "web"


def test_what_the_instruction_rules_out_is_refused_until_it_is_allowed() -> None:
    plan = EditPlan(steps=(BRIGHT,), constraints=(Constraint(ops=("shadow",)),))
    assert refusal(lambda: add_step(plan, step=Step(op="shadow"))) == "forbidden_step"
    allowed = lift_constraint(plan, index=0)
    assert ops(add_step(allowed, step=Step(op="shadow"))) == ["exposure", "shadow"]
    assert refusal(lambda: lift_constraint(plan, index=1)) == "not_found"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"do": "add", "op": "shadow"}, "added"),
        ({"do": "remove", "index": 0}, "removed"),
        ({"do": "move", "index": 0, "by": 1}, "moved"),
        ({"do": "set", "index": 0, "params": {"ev": 1}}, "changed"),
        ({"do": "set", "index": 0, "scope": {"files": ["a.jpg"]}}, "changed"),
    ],
)
def test_every_edit_shows_as_a_difference(document: dict[str, Any], kind: str) -> None:
    edited = edit_from_document(document)(PLAN)
    assert kinds(PLAN, edited) == [kind]
    assert kinds(edited, edited) == []


def test_differences_of_outputs() -> None:
    renamed = rename_output(TWO, name="web", new_name="shop", folder="s")
    assert [(v.label, v.old, v.new) for d in compare(TWO, renamed) for v in d.values] == [
        ("Name", "web", "shop"),
        ("Folder", "none", "s"),
    ]
    assert kinds(TWO, add_output(TWO, name="x", like="web")) == ["added", "added"]
    assert kinds(TWO, remove_output(TWO, name="print")) == ["removed"]


def test_a_changed_value_is_told_old_and_new_with_its_unit() -> None:
    (found,) = compare(PLAN, change_step(PLAN, place=Place(index=0), params={"ev": 1}))
    assert found == Difference(
        kind=DifferenceKind.CHANGED, title="Brightness", sentence="Brighten by 1 EV", values=found.values
    )
    assert [(v.label, v.old, v.new) for v in found.values] == [("Stops", "0.5 EV", "1 EV")]


def test_an_answer_is_a_difference() -> None:
    question = Question(key="q", about="Which white?", options=(Option(key="pure", label="Pure white"),))
    answered = Question(key="q", about="Which white?", options=question.options, answer="pure")
    (found,) = compare(EditPlan(questions=(question,)), EditPlan(questions=(answered,)))
    assert (found.kind, found.title, found.sentence) == (DifferenceKind.ANSWERED, "Which white?", "Pure white")


@pytest.mark.parametrize("op", OPERATIONS)
def test_adding_and_removing_any_step_is_told_and_leads_back(op: str) -> None:
    for step in valid_steps(op, 5):
        grown = add_step(PLAN, step=step)
        index = max(i for i, s in enumerate(grown.steps) if s == step)
        assert kinds(PLAN, grown) == ["added"]
        assert kinds(PLAN, remove_step(grown, place=Place(index=index))) == []


@pytest.mark.parametrize(
    "document",
    [
        {}, {"do": "fly"}, {"do": "remove"}, {"do": "remove", "index": "1"}, {"do": "remove", "index": True},
        {"do": "add", "op": 3}, {"do": "set", "index": 0, "params": [1]}, {"do": "move", "index": 0},
        {"do": "rename_output", "name": "a"},
    ],
)  # fmt: skip
def test_a_document_that_is_no_edit_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        edit_from_document(document)
    assert caught.value.code == "invalid_edit"


def test_every_kind_of_edit_can_be_written_down() -> None:
    assert len(KINDS) == 8
    edited = edit_from_document({"do": "add_output", "name": "x"})(TWO)
    edited = edit_from_document({"do": "rename_output", "name": "x", "new_name": "y", "folder": "f"})(edited)
    assert edit_from_document({"do": "remove_output", "name": "y"})(edited) == TWO
    with pytest.raises(NotFoundError):
        edit_from_document({"do": "lift", "index": 0})(TWO)
