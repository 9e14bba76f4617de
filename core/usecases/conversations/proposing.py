"""Turning a wish into a change of the plan that somebody may confirm; nothing is stored here."""

import attrs

from core.domain.conversations import Proposal
from core.domain.editing.diff import compare
from core.domain.editing.document import to_document
from core.domain.editing.foresight import SMALL_ORIGINALS, foresee
from core.domain.editing.merge import merge
from core.domain.editing.plan import EditPlan, check_plan
from core.usecases.conversations.describing import changes
from core.usecases.conversations.situations import Situation


def continue_plan(base: EditPlan, change: EditPlan) -> EditPlan:
    """Return a plan with a wish of the conversation laid over it.

    What was asked, assumed and declined before still holds. The words of the wish are not those of the instruction,
    so nothing points at their places.

    Raises:
        InvalidInputError: the two contradict each other.
    """
    wish = _without_places(change)
    asked = {q.key for q in wish.questions} | {SMALL_ORIGINALS}
    known = {a.about for a in base.assumptions} | {w.about for w in base.warnings}
    return check_plan(
        attrs.evolve(
            merge(base, wish),
            questions=(*(q for q in base.questions if q.key not in asked), *wish.questions),
            assumptions=(*base.assumptions, *(a for a in wish.assumptions if a.about not in known)),
            warnings=(*base.warnings, *(w for w in wish.warnings if w.about not in known)),
            unsupported=base.unsupported,
            explanation=base.explanation,
            planner=base.planner,
        )
    )


def _without_places(plan: EditPlan) -> EditPlan:
    return attrs.evolve(
        plan,
        steps=tuple(attrs.evolve(s, cause=None) for s in plan.steps),
        outputs=tuple(attrs.evolve(o, steps=tuple(attrs.evolve(s, cause=None) for s in o.steps)) for o in plan.outputs),
        constraints=tuple(attrs.evolve(c, cause=None) for c in plan.constraints),
        assumptions=tuple(attrs.evolve(a, cause=None) for a in plan.assumptions),
        questions=tuple(attrs.evolve(q, cause=None) for q in plan.questions),
        warnings=tuple(attrs.evolve(w, cause=None) for w in plan.warnings),
    )


def is_wish(change: EditPlan) -> bool:
    """Whether a planner found anything to change in some words."""
    return bool(change.outputs or change.constraints or any(True for _ in change.all_steps()))


def propose_plan(situation: Situation, plan: EditPlan, *, image_ids: tuple[str, ...] | None = None) -> Proposal | None:
    """Return the change from the current plan to another one, None where nothing would change.

    Args:
        image_ids: the pictures that would stay; None for those that are chosen now.
    """
    before = situation.plan or EditPlan()
    now = {i.id for i in situation.chosen}
    kept = [o for o, i in zip(situation.originals, situation.chosen, strict=True) if i.id in set(image_ids or now)]
    plan = foresee(plan, kept)
    differences = compare(before, plan)
    has_same_pictures = image_ids is None or set(image_ids) == now
    if not differences and has_same_pictures and before.constraints == plan.constraints:
        return None
    count = len(now) if image_ids is None else len(image_ids)
    return Proposal(
        base_revision=situation.order.plan_revision, plan=to_document(plan), image_ids=image_ids,
        changes=changes(differences), questions=tuple(q.about for q in plan.open_questions),
        images_before=len(now), images_after=count, total_before=situation.quote(before).total,
        total_after=situation.quote(plan, images=count).total,
    )  # fmt: skip


def propose_words(situation: Situation, *, wish: str, before: EditPlan, after: EditPlan) -> Proposal:
    """Return a draft's words with a wish added, and what that would change.

    Args:
        before, after: what a planner reads in the words without and with the wish.
    """
    order, count = situation.order, len(situation.chosen)
    return Proposal(
        base_revision=order.plan_revision, base_instruction=order.instruction,
        instruction=joined_words(order.instruction, wish), changes=changes(compare(before, after)),
        questions=tuple(q.about for q in after.open_questions), images_before=count, images_after=count,
        total_before=situation.quote(before).total if is_wish(before) else 0, total_after=situation.quote(after).total,
    )  # fmt: skip


def joined_words(instruction: str, wish: str) -> str:
    """Return an instruction with a further wish."""
    return "\n".join(part for part in (instruction.strip(), wish.strip()) if part)
