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
