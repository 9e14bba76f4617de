"""Turning a wish into a change of the plan that somebody may confirm; nothing is stored here."""

import attrs

from core.domain.conversations import Proposal
from core.domain.editing.catalogue import find_operation
from core.domain.editing.diff import compare
from core.domain.editing.document import to_document
from core.domain.editing.foresight import SMALL_ORIGINALS, foresee
from core.domain.editing.merge import merge
from core.domain.editing.plan import EditPlan, PlanWarning, Step, check_plan
from core.usecases.conversations.describing import changes, kept_changes
from core.usecases.conversations.situations import Situation


def continue_plan(base: EditPlan, change: EditPlan) -> EditPlan:
    """Return a plan with a wish of the conversation laid over it.

    What was asked, assumed and declined before still holds. The words of the wish are not those of the instruction,
    so nothing points at their places.

    Raises:
        InvalidInputError: the two contradict each other.
    """
    wish = _without_places(change)
    merged = merge(base, wish)
    asked = {q.key for q in wish.questions} | {SMALL_ORIGINALS}
    known = {a.about for a in base.assumptions} | {w.about for w in base.warnings}
    return check_plan(
        attrs.evolve(
            merged,
            steps=_in_place(base.steps, merged.steps),
            questions=(*(q for q in base.questions if q.key not in asked), *wish.questions),
            assumptions=(*base.assumptions, *(a for a in wish.assumptions if a.about not in known)),
            warnings=(*base.warnings, *(w for w in wish.warnings if w.about not in known)),
            unsupported=base.unsupported,
            explanation=base.explanation,
            planner=base.planner,
        )
    )


def _in_place(before: tuple[Step, ...], after: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the later steps in the order of the earlier ones, so that a changed step does not seem to have moved."""
    left = list(after)
    found: list[Step] = []
    for old in before:
        same = (s for s in left if s == old)
        match = next(same, None) or next((s for s in left if (s.op, s.scope) == (old.op, old.scope)), None)
        if match is not None:
            left.remove(match)
            found.append(match)
    for new in left:
        stage = find_operation(new.op).stage
        at = max((i + 1 for i, s in enumerate(found) if find_operation(s.op).stage <= stage), default=0)
        found.insert(at, new)
    return tuple(found)


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
    foreseen = foresee(plan, kept)
    plan = attrs.evolve(foreseen, warnings=_once(foreseen.warnings))
    differences = (*changes(compare(before, plan)), *kept_changes(before, plan))
    has_same_pictures = image_ids is None or set(image_ids) == now
    if not differences and has_same_pictures:
        return None
    count = len(now) if image_ids is None else len(image_ids)
    return Proposal(
        base_revision=situation.order.plan_revision, plan=to_document(plan), image_ids=image_ids,
        changes=differences, questions=tuple(q.about for q in plan.open_questions),
        images_before=len(now), images_after=count, total_before=situation.quote(before).total,
        total_after=situation.quote(plan, images=count).total,
    )  # fmt: skip


def _once(warnings: tuple[PlanWarning, ...]) -> tuple[PlanWarning, ...]:
    return tuple({w.about: w for w in warnings}.values())


def propose_words(situation: Situation, *, wish: str, before: EditPlan, after: EditPlan) -> Proposal:
    """Return a draft's words with a wish added, and what that would change.

    Args:
        before, after: what a planner reads in the words without and with the wish.
    """
    order, count = situation.order, len(situation.chosen)
    differences = (*changes(compare(before, after)), *kept_changes(before, after))
    return Proposal(
        base_revision=order.plan_revision, base_instruction=order.instruction,
        instruction=joined_words(order.instruction, wish), changes=differences,
        questions=tuple(q.about for q in after.open_questions), images_before=count, images_after=count,
        total_before=situation.quote(before).total if is_wish(before) else 0, total_after=situation.quote(after).total,
    )  # fmt: skip


def joined_words(instruction: str, wish: str) -> str:
    """Return an instruction with a further wish."""
    return "\n".join(part for part in (instruction.strip(), wish.strip()) if part)
