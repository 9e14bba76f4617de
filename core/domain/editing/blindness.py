"""Asking for tags when a plan selects pictures by what they show and nobody has looked at them."""

from collections.abc import Sequence

import attrs

from core.domain.editing.plan import EditPlan, Option, Question, Step
from core.domain.editing.scope import ImageFacts, Scope

NEEDS_TAGS = "tags"
WAIT = Option(key="wait", label="Leave pictures without tags as they are in these steps")


def selects_by_content(plan: EditPlan) -> bool:
    """Whether only somebody who looks at the pictures can tell which a part of the plan is for."""
    scopes = [s.scope for s in plan.all_steps()]
    scopes += [c.scope for c in plan.constraints] + [u.scope for u in plan.unsupported]
    return any(scope.is_by_content for scope in scopes)


def for_these(plan: EditPlan) -> EditPlan:
    """Return the plan for pictures that a person picked for it: what they show need not be known to select them."""

    def widened(step: Step) -> Step:
        return attrs.evolve(step, scope=_anything(step.scope))

    return attrs.evolve(
        plan,
        steps=tuple(map(widened, plan.steps)),
        outputs=tuple(attrs.evolve(o, steps=tuple(map(widened, o.steps))) for o in plan.outputs),
        constraints=tuple(attrs.evolve(c, scope=_anything(c.scope)) for c in plan.constraints),
        unsupported=tuple(attrs.evolve(u, scope=_anything(u.scope)) for u in plan.unsupported),
        questions=tuple(q for q in plan.questions if q.key != NEEDS_TAGS),
    )


def _anything(scope: Scope) -> Scope:
    return attrs.evolve(scope, tags=(), not_tags=())


def ask_for_tags(plan: EditPlan, pictures: Sequence[ImageFacts]) -> EditPlan:
    """Ask for tags where pictures without any are to be selected by what they show; no longer where all have some.

    Without an answer those pictures are left out of such steps: guessing would change the wrong ones.
    """
    blank = [p.name for p in pictures if not p.tags]
    others = tuple(q for q in plan.questions if q.key != NEEDS_TAGS)
    if not selects_by_content(plan) or (pictures and not blank):
        return attrs.evolve(plan, questions=others)
    if len(others) < len(plan.questions):
        return plan
    which = "The pictures have" if len(blank) == len(pictures) else f"{len(blank)} of {len(pictures)} pictures have"
    what = f"{which} no tags that say what they show."
    question = Question(
        key=NEEDS_TAGS,
        about=f"{what} Tag them and plan again, or name the files in the instruction.",
        options=(WAIT,),
        blocking=False,
        default=WAIT.key,
        cause=next((s.cause for s in plan.all_steps() if s.scope.is_by_content), None),
    )
    return attrs.evolve(plan, questions=(*others, question))
