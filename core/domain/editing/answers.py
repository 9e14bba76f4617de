"""Answering the questions of a plan: an answer changes the plan in the open."""

import attrs

from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Output, Question, Step
from core.errors import InvalidInputError


def answer(plan: EditPlan, *, question: str, option: str) -> EditPlan:
    """Return the plan with one question answered and the answer's changes made.

    Raises:
        InvalidInputError: code ``unknown_question`` or ``unknown_option``.
    """
    asked = _find_question(plan, question)
    chosen = _find_option(asked, option)
    for change in chosen.changes:
        plan = _apply(plan, change)
    answered = attrs.evolve(asked, answer=option)
    return attrs.evolve(plan, questions=tuple(answered if q.key == question else q for q in plan.questions))


def take_back(plan: EditPlan, *, question: str, before: EditPlan) -> EditPlan:
    """Return the plan with a question open again, and the steps that its answer changed as they were before.

    Args:
        before: an earlier plan, in which nobody had answered the question.

    Raises:
        InvalidInputError: code ``unknown_question``.
    """
    asked = _find_question(plan, question)
    given = next((o for o in asked.options if o.key == asked.answer), None)
    for place in dict.fromkeys((c.op, c.output) for c in (given.changes if given is not None else ())):
        plan = _restored(plan, before, *place)
    opened = attrs.evolve(asked, answer=None)
    return attrs.evolve(plan, questions=tuple(opened if q.key == question else q for q in plan.questions))


def _restored(plan: EditPlan, before: EditPlan, op: str, output: str | None) -> EditPlan:
    if output is None:
        return attrs.evolve(plan, steps=_exchanged(plan.steps, before.steps, op))
    old = next((o.steps for o in before.outputs if o.name == output), ())
    return attrs.evolve(
        plan,
        outputs=tuple(
            attrs.evolve(o, steps=_exchanged(o.steps, old, op)) if o.name == output else o for o in plan.outputs
        ),
    )


def _exchanged(steps: tuple[Step, ...], before: tuple[Step, ...], op: str) -> tuple[Step, ...]:
    """Return the steps with those of one operation as they were before, where the first of them stood."""
    place = next((i for i, s in enumerate(steps) if s.op == op), None)
    if place is None:
        place = next((i for i, s in enumerate(before) if s.op == op), 0)
    others = [s for s in steps if s.op != op]
    ahead = sum(1 for s in steps[:place] if s.op != op)
    return (*others[:ahead], *(s for s in before if s.op == op), *others[ahead:])


def _find_question(plan: EditPlan, key: str) -> Question:
    for question in plan.questions:
        if question.key == key:
            return question
    raise InvalidInputError(f"The plan asks no question {key!r}.", code="unknown_question", details={"question": key})


def _find_option(question: Question, key: str) -> Option:
    for option in question.options:
        if option.key == key:
            return option
    known = ", ".join(o.key for o in question.options) or "none; change the instruction instead"
    raise InvalidInputError(
        f"{key!r} does not answer {question.key!r}; possible answers: {known}.",
        code="unknown_option",
        details={"question": question.key, "options": [o.key for o in question.options]},
    )


def _apply(plan: EditPlan, change: Change) -> EditPlan:
    if change.output is None:
        return attrs.evolve(plan, steps=_changed(plan.steps, change))
    return attrs.evolve(plan, outputs=tuple(_changed_output(o, change) for o in plan.outputs))


def _changed_output(output: Output, change: Change) -> Output:
    if output.name != change.output:
        return output
    return attrs.evolve(output, steps=_changed(output.steps, change))


def _changed(steps: tuple[Step, ...], change: Change) -> tuple[Step, ...]:
    kept = tuple(s for s in steps if s.op != change.op)
    if change.kind is ChangeKind.REMOVE:
        return kept
    old = next((s for s in steps if s.op == change.op), Step(op=change.op))
    step = attrs.evolve(old, params={k: v for k, v in (old.params | change.params).items() if v is not None})
    if change.op not in {s.op for s in steps}:
        return (*steps, step)
    return tuple(step if s is old else s for s in steps)
