"""Continuing a plan: a later instruction changes an earlier plan instead of replacing it."""

from collections.abc import Iterable

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import Constraint, EditPlan, Step


def merge(base: EditPlan, change: EditPlan) -> EditPlan:
    """Return the base plan with the steps of a later instruction laid over it.

    A step of the change replaces every step of the same operation and scope; one for all pictures replaces those for
    some of them too, unless several such steps may work on one picture. What the base rules out stays ruled out,
    except for what the change asks for; what the change rules out is no longer done. Outputs of the base stay unless
    the change names outputs of its own.
    The result is rendered from the original, so nothing is lost by repeating.
    """
    outputs = tuple(attrs.evolve(o, steps=_left(o.steps, change)) for o in base.outputs)
    return EditPlan(
        steps=_left(base.steps, change) + change.steps,
        outputs=change.outputs or outputs,
        constraints=tuple(_still_ruled_out(base.constraints, change)) + change.constraints,
        assumptions=change.assumptions,
        questions=change.questions,
        warnings=change.warnings,
        unsupported=change.unsupported,
        explanation=change.explanation,
        planner=change.planner,
    )


def _left(base: tuple[Step, ...], change: EditPlan) -> tuple[Step, ...]:
    return tuple(
        old
        for old in base
        if not any(_replaces(new, old) for new in change.steps)
        and not any(_rules_out(constraint, old) for constraint in change.constraints)
    )


def _rules_out(constraint: Constraint, old: Step) -> bool:
    return old.op in constraint.ops and (constraint.scope.is_all or constraint.scope == old.scope)


def _replaces(new: Step, old: Step) -> bool:
    reaches_all = new.scope.is_all and not find_operation(new.op).is_repeatable
    return new.op == old.op and (reaches_all or new.scope == old.scope)


def _still_ruled_out(base: Iterable[Constraint], change: EditPlan) -> Iterable[Constraint]:
    steps = tuple(change.all_steps())
    for old in base:
        asked = {s.op for s in steps if old.scope.is_all or s.scope.is_all or s.scope == old.scope}
        ops = tuple(op for op in old.ops if op not in asked)
        if ops:
            yield attrs.evolve(old, ops=ops)
