"""Change a plan: by hand, or by answering its questions."""

from collections.abc import Mapping

import attrs

from core.domain.action_log import LogType
from core.domain.editing.answers import answer, take_back
from core.domain.editing.document import to_document
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.revision import Origin
from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order, writable_order
from core.usecases.plans.proposal import Proposal, Proposer


def planned_order(work: UnitOfWork, actor: Actor, order_id: str, *, revision: int | None) -> Order:
    """Return a locked order whose plan may still change.

    Args:
        revision: the plan that the change was made for; None for whichever is current.

    Raises:
        NotFoundError: no such order.
        ConflictError: code ``no_open_plan`` or ``stale_plan``.
    """
    order = writable_order(work, actor, order_id)
    if order.status is not OrderStatus.AWAITING_CONFIRMATION:
        raise ConflictError(
            f"The order is {order.status.value.replace('_', ' ')}; its plan is not open to changes.",
            code="no_open_plan",
            details={"status": order.status},
        )
    check_revision(order, revision)
    return order


def check_revision(order: Order, revision: int | None) -> None:
    """Refuse work on a plan that is not the current one.

    Raises:
        ConflictError: code ``stale_plan``.
    """
    if revision is not None and revision != order.plan_revision:
        raise ConflictError(
            f"Plan {revision} is not the current plan, {order.plan_revision} is.",
            code="stale_plan",
            details={"revision": revision, "current": order.plan_revision},
        )


def note_plan(journal: Journal, work: UnitOfWork, actor: Actor, proposal: Proposal, *, what: str) -> None:
    """Write a new revision to the action log."""
    journal.note(
        work, LogType.PLAN, order_id=proposal.order.id, actor=actor,
        data={"plan": to_document(proposal.revision.plan)},
        message=f"Plan {proposal.revision.number}: {what}, {proposal.quote.total} credits.",
    )  # fmt: skip


@attrs.frozen(kw_only=True)
class GetPlan:
    """Show the current plan with its price."""

    new_reading: NewWork
    proposer: Proposer

    def __call__(self, *, actor: Actor, order_id: str) -> Proposal:
        """Return plan, price and balance.

        Raises:
            NotFoundError: no such order, or it has no plan yet.
        """
        with self.new_reading() as work:
            return self.proposer.current(work, readable_order(work, actor, order_id))


@attrs.frozen(kw_only=True)
class RevisePlan:
    """Replace the plan by one that was edited."""

    new_work: NewWork
    clock: Clock
    proposer: Proposer
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, plan: EditPlan, revision: int | None = None) -> Proposal:
        """Store the plan as a new revision and price it.

        Args:
            revision: the revision that was edited; another current one refuses the change.

        Raises:
            InvalidInputError: a step does not validate or the plan contradicts itself.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        with self.new_work() as work:
            order = planned_order(work, actor, order_id, revision=revision)
            proposal = self.proposer.propose(work, order, plan=check_plan(plan), origin=Origin.HAND)
            note_plan(self.journal, work, actor, proposal, what="edited by hand")
            work.commit()
        return proposal


@attrs.frozen(kw_only=True)
class AnswerQuestions:
    """Answer questions of the plan; each answer changes the plan in the open, and can be changed itself."""

    new_work: NewWork
    clock: Clock
    proposer: Proposer
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, answers: Mapping[str, str], revision: int | None = None
    ) -> Proposal:
        """Store the answered plan as a new revision and price it.

        Args:
            answers: question key -> option key.

        Raises:
            InvalidInputError: code ``unknown_question`` or ``unknown_option``.
            ConflictError: code ``stale_plan``, ``no_open_plan`` or ``answer_is_final``.
        """
        with self.new_work() as work:
            order = planned_order(work, actor, order_id, revision=revision)
            plan = work.plans.get(order_id, order.plan_revision).plan
            for question, option in answers.items():
                if any(q.key == question and q.answer not in (None, option) for q in plan.questions):
                    plan = take_back(plan, question=question, before=_unanswered(work, order_id, question))
                plan = answer(plan, question=question, option=option)
            proposal = self.proposer.propose(work, order, plan=check_plan(plan), origin=Origin.ANSWER)
            self.journal.note(
                work, LogType.PLAN, order_id=order_id, actor=actor, data={"answers": dict(answers)},
                message=f"Plan {proposal.revision.number}: {len(answers)} questions answered.",
            )  # fmt: skip
            work.commit()
        return proposal


def _unanswered(work: UnitOfWork, order_id: str, question: str) -> EditPlan:
    """Return the newest plan of an order in which a question was open."""
    for earlier in reversed(work.plans.list(order_id)):
        if any(q.key == question and q.answer is None for q in earlier.plan.questions):
            return earlier.plan
    raise ConflictError(
        "This answer came with the plan; change the instruction to answer otherwise.", code="answer_is_final",
        details={"question": question},
    )  # fmt: skip
