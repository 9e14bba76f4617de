"""Asking for tags when a plan selects pictures by what they show and nobody has looked at them."""

from collections.abc import Iterable

import attrs

from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Question
from core.domain.editing.scope import ImageFacts

NEEDS_TAGS = "content_tags"


def selects_by_content(plan: EditPlan) -> bool:
    """Whether only somebody who looks at the pictures can tell which a part of the plan is for."""
    scopes = [*(s.scope for s in plan.all_steps()), *(c.scope for c in plan.constraints)]
    return any(scope.is_by_content for scope in scopes)


def ask_for_tags(plan: EditPlan, pictures: Iterable[ImageFacts]) -> EditPlan:
    """Add a question when pictures without tags are to be selected by what they show; guessing would cost money.

    A question of that kind that an earlier reading asked, and that tags have answered, is taken away.
    """
    others = tuple(q for q in plan.questions if q.key != NEEDS_TAGS)
    blank = [p.name for p in pictures if not p.tags]
    if not blank or not selects_by_content(plan):
        return attrs.evolve(plan, questions=others)
    steps = [(None, s) for s in plan.steps] + [(o.name, s) for o in plan.outputs for s in o.steps]
    changes = tuple(
        Change(kind=ChangeKind.REMOVE, op=op, output=output)
        for op, output in dict.fromkeys((s.op, output) for output, s in steps if s.scope.is_by_content)
    )
    cause = next((s.cause for _, s in steps if s.scope.is_by_content), None)
    which = f"{len(blank)} pictures have" if len(blank) > 1 else f"{blank[0]} has"
    question = Question(
        key=NEEDS_TAGS,
        about=f"{which} no tags, so it is not known what is shown. Tag them and plan again, or choose here.",
        options=(
            Option(key="tagged", label="Only pictures whose tags say so"),
            Option(key="leave", label="Leave out what depends on it", changes=changes),
        ),
        cause=cause,
    )
    return attrs.evolve(plan, questions=(*others, question))
