"""A whole order in one request: pictures and words in, work started."""

from typing import Any

import attrs

from core.domain.editing.document import to_document
from core.domain.editing.plan import EditPlan
from core.domain.orders import Order, OrderStatus
from core.errors import I2IError, InvalidInputError
from core.kernel.actor import Actor, Scope
from core.usecases.images.add import Added, AddImages, Incoming
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.read_brief import Brief
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.submit import SubmitOrder
from core.usecases.runs.confirm import ConfirmOrder


@attrs.frozen(kw_only=True)
class Wish:
    """What should be done with the uploaded pictures.

    Args:
        brief: a document, if there is one.
        plan: a ready plan; then the planner is not asked.
        is_confirmed: whether the work may start without a look at the plan.
        idempotency_key: the same key gives the same order again.
    """

    name: str = ""
    instruction: str = ""
    brief: Brief | None = None
    plan: EditPlan | None = None
    is_confirmed: bool = True
    idempotency_key: str | None = None


@attrs.frozen(kw_only=True)
class Batch:
    """What became of the request; without a proposal it was a repeat."""

    order: Order
    added: Added
    proposal: Proposal | None


@attrs.frozen(kw_only=True)
class SubmitBatch:
    """Open an order with pictures, plan it, and start the work unless a question is open."""

    create: CreateOrder
    write: SetInstruction
    add: AddImages
    submit: SubmitOrder
    confirm: ConfirmOrder
    discard: DeleteOrder

    def __call__(self, *, actor: Actor, files: tuple[Incoming, ...], wish: Wish) -> Batch:
        """Carry out the whole request; where it stops half-way, ``details`` of the error names the order.

        Raises:
            InvalidInputError: code ``no_instruction``, or ``no_usable_file`` (then the order is in the bin).
            InsufficientCreditsError: the order awaits confirmation.
        """
        actor.require_scope(Scope.ASSETS_WRITE)
        if wish.plan is None and not (wish.instruction.strip() or wish.brief):
            raise InvalidInputError("Say what should be done, or attach a brief.", code="no_instruction")
        order = self.create(
            actor=actor, name=wish.name, instruction=wish.instruction, idempotency_key=wish.idempotency_key,
            parts=_parts(files, wish),
        )  # fmt: skip
        if order.status is not OrderStatus.DRAFT or order.image_count:
            return Batch(order=order, added=Added(order=order, images=(), refused=()), proposal=None)
        try:
            return self._carry_out(actor, order, files=files, wish=wish)
        except I2IError as error:
            error.details["orderId"] = order.id
            raise

    def _carry_out(self, actor: Actor, order: Order, *, files: tuple[Incoming, ...], wish: Wish) -> Batch:
        if wish.brief is not None:
            self.write(actor=actor, order_id=order.id, brief=wish.brief)
        added = self._add(actor, order, files)
        if not added.images:
            return Batch(order=added.order, added=added, proposal=None)
        proposal = self.submit(actor=actor, order_id=order.id, plan=wish.plan)
        if not wish.is_confirmed or proposal.revision.plan.open_questions:
            return Batch(order=proposal.order, added=added, proposal=proposal)
        started = self.confirm(actor=actor, order_id=order.id, revision=proposal.revision.number)
        return Batch(order=started.order, added=added, proposal=proposal)

    def _add(self, actor: Actor, order: Order, files: tuple[Incoming, ...]) -> Added:
        added = self.add(actor=actor, order_id=order.id, files=files)
        # A repeat that finds the pictures of the first request there leaves the order to it.
        if not added.images and not added.order.image_count:
            self.discard(actor=actor, order_id=order.id)
            raise InvalidInputError(
                "None of the files can be used: " + " ".join(r.message for r in added.refused),
                code="no_usable_file",
                details={"refused": [attrs.asdict(r) for r in added.refused]},
            )
        return added


def _parts(files: tuple[Incoming, ...], wish: Wish) -> tuple[Any, ...]:
    """Return what a repeated request has to have in common with the first beside its words."""
    brief = None if wish.brief is None else [wish.brief.name, wish.brief.text]
    plan = None if wish.plan is None else to_document(wish.plan)
    return [[file.name, file.bytes] for file in files], brief, plan
