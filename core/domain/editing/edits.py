"""Edits of a plan by hand: each takes a plan and returns a checked one."""

from collections.abc import Mapping
from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import Change, EditPlan, Option, Output, Question, Step, check_plan
from core.domain.editing.scope import Scope
from core.errors import InvalidInputError, NotFoundError

MAIN = "main"


@attrs.frozen(kw_only=True)
class Place:
    """Where a step stands in a plan.

    Args:
        index: 0-based, in the list as the plan stores it.
        output: name of its output; None for the steps that all outputs share.
    """

    index: int
    output: str | None = None


def add_step(plan: EditPlan, *, step: Step, output: str | None = None) -> EditPlan:
    """Return the plan with a further step, after those that run before it or at the same stage.

    Raises:
        InvalidInputError: the step does not validate, or the instruction rules it out.
        NotFoundError: no such output.
    """
    stage = find_operation(step.op).stage
    steps = _steps(plan, output)
    at = max((i + 1 for i, s in enumerate(steps) if find_operation(s.op).stage <= stage), default=0)
    return _put(plan, output, (*steps[:at], step, *steps[at:]))


def remove_step(plan: EditPlan, *, place: Place) -> EditPlan:
    """Return the plan without a step.

    Raises:
        NotFoundError: no such step.
    """
    step_at(plan, place)
    kept = tuple(s for i, s in enumerate(_steps(plan, place.output)) if i != place.index)
    return _put(plan, place.output, kept)


def move_step(plan: EditPlan, *, place: Place, by: int) -> EditPlan:
    """Return the plan with a step some places further on, or back, among the steps of its stage.

    Raises:
        InvalidInputError: code ``fixed_order``: only steps of one stage can change places, others run by stage.
        NotFoundError: no such step.
    """
    moved = step_at(plan, place)
    steps = list(_steps(plan, place.output))
    stage = find_operation(moved.op).stage
    slots = [i for i, s in enumerate(steps) if find_operation(s.op).stage == stage]
    at = slots.index(place.index)
    if not 0 <= at + by < len(slots):
        raise InvalidInputError(
            f"{find_operation(moved.op).title} cannot move further: steps of another kind always run before or after.",
            code="fixed_order",
            details={"op": moved.op, "by": by},
        )
    peers = [steps[i] for i in slots]
    peers.insert(at + by, peers.pop(at))
    for slot, step in zip(slots, peers, strict=True):
        steps[slot] = step
    return _put(plan, place.output, tuple(steps))


def change_step(plan: EditPlan, *, place: Place, params: Mapping[str, Any]) -> EditPlan:
    """Return the plan with other parameters of a step; None takes a parameter back to its default.

    Raises:
        InvalidInputError: the parameters do not validate.
        NotFoundError: no such step.
    """
    old = step_at(plan, place)
    merged = {k: v for k, v in {**old.params, **params}.items() if v is not None}
    return _replace(plan, place, attrs.evolve(old, params=merged))


def set_scope(plan: EditPlan, *, place: Place, scope: Scope) -> EditPlan:
    """Return the plan with a step on other pictures.

    Raises:
        NotFoundError: no such step.
    """
    return _replace(plan, place, attrs.evolve(step_at(plan, place), scope=scope))


def add_output(plan: EditPlan, *, name: str, folder: str = "", like: str | None = None) -> EditPlan:
    """Return the plan with a further output; a plan without named ones keeps its own as ``main``.

    Args:
        like: the output whose own steps the new one begins with; None for none.

    Raises:
        InvalidInputError: code ``duplicate_output``, ``invalid_output_name`` or ``invalid_folder``.
        NotFoundError: no such output to begin with.
    """
    steps = _steps(plan, like) if like is not None and plan.outputs else ()
    outputs = plan.outputs or (Output(name=MAIN),)
    return check_plan(attrs.evolve(plan, outputs=(*outputs, Output(name=name, folder=folder, steps=steps))))


def remove_output(plan: EditPlan, *, name: str) -> EditPlan:
    """Return the plan without an output and its own steps.

    Raises:
        InvalidInputError: code ``last_output``.
        NotFoundError: no such output.
    """
    _output(plan, name)
    if len(plan.outputs) == 1:
        raise InvalidInputError("A plan has at least one output.", code="last_output", details={"output": name})
    kept = attrs.evolve(plan, outputs=tuple(o for o in plan.outputs if o.name != name))
    return check_plan(_answers_for(kept, name, None))


def rename_output(plan: EditPlan, *, name: str, new_name: str, folder: str | None = None) -> EditPlan:
    """Return the plan with an output under another name, and in another folder unless that is None.

    Raises:
        InvalidInputError: code ``duplicate_output``, ``invalid_output_name`` or ``invalid_folder``.
        NotFoundError: no such output.
    """
    if not plan.outputs and name == MAIN:
        plan = attrs.evolve(plan, outputs=(Output(name=MAIN),))
    old = _output(plan, name)
    new = attrs.evolve(old, name=new_name, folder=old.folder if folder is None else folder)
    renamed = attrs.evolve(plan, outputs=tuple(new if o is old else o for o in plan.outputs))
    return check_plan(_answers_for(renamed, name, new_name))


def lift_constraint(plan: EditPlan, *, index: int) -> EditPlan:
    """Return the plan without one of the things that the instruction ruled out.

    Raises:
        NotFoundError: there is no such constraint.
    """
    if not 0 <= index < len(plan.constraints):
        raise NotFoundError("The plan rules out no such thing.", details={"what": "constraint", "index": index})
    return check_plan(attrs.evolve(plan, constraints=plan.constraints[:index] + plan.constraints[index + 1 :]))


def step_at(plan: EditPlan, place: Place) -> Step:
    """Return the step at a place.

    Raises:
        NotFoundError: there is none.
    """
    steps = _steps(plan, place.output)
    if not 0 <= place.index < len(steps):
        raise NotFoundError("The plan has no such step.", details={"what": "step", "index": place.index})
    return steps[place.index]


def _steps(plan: EditPlan, output: str | None) -> tuple[Step, ...]:
    return plan.steps if output is None else _output(plan, output).steps


def _output(plan: EditPlan, name: str) -> Output:
    for output in plan.outputs:
        if output.name == name:
            return output
    raise NotFoundError(f"The plan has no output {name!r}.", details={"what": "output", "output": name})


def _replace(plan: EditPlan, place: Place, step: Step) -> EditPlan:
    steps = _steps(plan, place.output)
    return _put(plan, place.output, (*steps[: place.index], step, *steps[place.index + 1 :]))


def _put(plan: EditPlan, output: str | None, steps: tuple[Step, ...]) -> EditPlan:
    if output is None:
        return check_plan(attrs.evolve(plan, steps=steps))
    changed = (attrs.evolve(o, steps=steps) if o.name == output else o for o in plan.outputs)
    return check_plan(attrs.evolve(plan, outputs=tuple(changed)))


def _answers_for(plan: EditPlan, old: str, new: str | None) -> EditPlan:
    """Let the answers of questions follow an output to its new name; without one they leave it alone."""

    def change(made: Change) -> Change | None:
        if made.output != old:
            return made
        return attrs.evolve(made, output=new) if new is not None else None

    def option(offered: Option) -> Option:
        return attrs.evolve(offered, changes=tuple(c for c in map(change, offered.changes) if c is not None))

    def question(asked: Question) -> Question:
        return attrs.evolve(asked, options=tuple(map(option, asked.options)))

    return attrs.evolve(plan, questions=tuple(map(question, plan.questions)))
