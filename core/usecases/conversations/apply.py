"""Confirm what the assistant proposed."""

import attrs

from core.domain.conversations import Message, Proposal
from core.domain.editing.document import from_document
from core.domain.editing.revision import Origin
from core.domain.images import ImageStatus
from core.domain.orders import MAX_INSTRUCTION, Order, clean_words
from core.errors import ConflictError, NotFoundError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.plans.carried import reworded
from core.usecases.plans.proposal import Proposal as PricedPlan
from core.usecases.plans.proposal import Proposer
from core.usecases.plans.revise import note_plan, planned_order


@attrs.frozen(kw_only=True)
class Applied:
    """What came of a confirmed proposal.

    Args:
        plan: the new plan with its price; None where the words of a draft changed.
    """

    order: Order
    message: Message
    plan: PricedPlan | None


@attrs.frozen(kw_only=True)
class ApplyProposal:
    """Confirm a proposal of the assistant: the plan, or the words of a draft, become what it showed."""

    new_work: NewWork
    clock: Clock
    proposer: Proposer
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, message_id: str) -> Applied:
        """Store what was proposed, all of it or nothing.

        Raises:
            NotFoundError: no such order or message.
            InvalidInputError: code ``no_proposal``, or the plan can no longer be carried out.
            ConflictError: code ``already_applied``, ``stale_proposal`` when the order moved on, or ``no_open_plan``.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            message = _message(work, order_id, message_id)
            proposal = message.proposal()
            _check_fresh(order, proposal)
            if proposal.plan is None:
                applied = self._write(work, order, message)
            else:
                applied = self._revise(work, actor, order, message)
            work.commit()
        return applied

    def _revise(self, work: UnitOfWork, actor: Actor, order: Order, message: Message) -> Applied:
        proposal = message.proposal()
        order = planned_order(work, actor, order.id, revision=proposal.base_revision)
        if proposal.image_ids is not None:
            _choose(work, order.id, frozenset(proposal.image_ids))
        plan = from_document(proposal.plan)
        made = self.proposer.propose(work, order, plan=plan, origin=Origin.ASSISTANT)
        note_plan(self.journal, work, actor, made, what="proposed by the assistant and confirmed")
        return Applied(order=made.order, message=_mark(work, message, made.revision.number), plan=made)

    def _write(self, work: UnitOfWork, order: Order, message: Message) -> Applied:
        words = clean_words(message.proposal().instruction or "", limit=MAX_INSTRUCTION, what="instruction")
        changed = attrs.evolve(order.edited(now=self.clock.now()), instruction=words)
        saved = work.orders.save(reworded(work, order, changed))
        return Applied(order=saved, message=_mark(work, message, 0), plan=None)


def _message(work: UnitOfWork, order_id: str, message_id: str) -> Message:
    talk = work.conversations.of_order(order_id)
    message = work.conversations.get_message(message_id)
    if talk is None or message.conversation_id != talk.id:
        raise NotFoundError("There is no such message.", details={"what": "message"})
    return message


def _check_fresh(order: Order, proposal: Proposal) -> None:
    if proposal.is_applied:
        raise ConflictError("This proposal was confirmed before.", code="already_applied")
    if proposal.is_stale(revision=order.plan_revision, instruction=order.instruction):
        raise ConflictError(
            "The order changed since this was proposed; ask again.", code="stale_proposal",
            details={"revision": proposal.base_revision, "current": order.plan_revision},
        )  # fmt: skip


def _choose(work: UnitOfWork, order_id: str, image_ids: frozenset[str]) -> None:
    for image in work.images.list(order_id):
        status = ImageStatus.READY if image.id in image_ids else ImageStatus.EXCLUDED
        if image.status is not status:
            work.images.save(image.to(status))


def _mark(work: UnitOfWork, message: Message, revision: int) -> Message:
    applied = message.applied(revision)
    work.conversations.save_message(applied)
    return applied
