"""Continuing a plan: a later instruction changes an earlier plan instead of replacing it."""

import attrs

from core.domain.editing.plan import EditPlan, Output, Step


def merge(base: EditPlan, change: EditPlan) -> EditPlan:
    """Return the base plan with the steps of a later instruction laid over it.

    A step of the change replaces every step of the same operation and scope. Outputs of the base stay unless
    the change names outputs of its own. The result is rendered from the original, so nothing is lost by repeating.
    """
    outputs = tuple(_without(o, change.steps) for o in base.outputs)
    return EditPlan(
        steps=_laid_over(base.steps, change.steps),
        outputs=change.outputs or outputs,
        constraints=change.constraints,
        assumptions=change.assumptions,
        questions=change.questions,
        warnings=change.warnings,
        unsupported=change.unsupported,
        explanation=change.explanation,
        planner=change.planner,
    )


def _laid_over(base: tuple[Step, ...], change: tuple[Step, ...]) -> tuple[Step, ...]:
    replaced = {(s.op, s.scope) for s in change}
    return tuple(s for s in base if (s.op, s.scope) not in replaced) + change


def _without(output: Output, change: tuple[Step, ...]) -> Output:
    replaced = {(s.op, s.scope) for s in change}
    return attrs.evolve(output, steps=tuple(s for s in output.steps if (s.op, s.scope) not in replaced))
