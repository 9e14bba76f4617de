"""Plan and price an order."""

from collections.abc import Iterable

import attrs

from core.domain.action_log import LogType
from core.domain.editing.blindness import ask_for_tags
from core.domain.editing.document import to_document
from core.domain.editing.foresight import foresee
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.revision import Origin
from core.domain.model_calls import ModelCall
from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError, InvalidInputError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.planner import Planner, PlanRequest
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.language.looking import PictureLooker
from core.usecases.orders.access import writable_order
from core.usecases.plans.carried import carried_plan
from core.usecases.plans.proposal import Proposal, Proposer, selected
from core.usecases.plans.request import originals, plan_request


@attrs.frozen(kw_only=True)
class SubmitOrder:
    """Read the instruction, write the plan, and say what it will cost."""

    new_work: NewWork
    clock: Clock
    planner: Planner
    looker: PictureLooker
    proposer: Proposer
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, plan: EditPlan | None = None) -> Proposal:
        """Plan the order; with a ready plan (a recipe, a file) the planner is not asked.

        Raises:
            InvalidInputError: code ``empty_order`` or ``no_instruction``, or the plan contradicts itself.
            ConflictError: code ``order_locked``, or ``order_changed`` when someone else planned it meanwhile.
            ProviderError: the planner failed; the order is a draft again.
        """
        with self.new_work() as work:
            carried = None if plan is not None else carried_plan(work, writable_order(work, actor, order_id))
            ready = plan or carried
            order = self._begin(work, actor, order_id, needs_words=ready is None)
            images = work.images.list(order_id)
            sizes = originals(order, images)
            calls: list[ModelCall] = []
            request = attrs.evolve(plan_request(work, order, images), record=calls.append)
            work.commit()
        try:
            made = check_plan(ready if ready is not None else self._plan(actor, order_id, request))
            with self.new_work() as work:
                current = writable_order(work, actor, order_id)
                if not _is_as_begun(current, order):
                    raise ConflictError("The order changed while it was planned.", code="order_changed")
                origin = Origin.AGAIN if carried else Origin.RECIPE if plan else Origin.PLANNER
                proposal = self.proposer.propose(work, current, plan=foresee(made, sizes), origin=origin)
                self._log(work, actor, proposal, calls)
                work.commit()
        except BaseException:
            self._back_to_draft(actor, order, calls)
            raise
        return proposal

    def _plan(self, actor: Actor, order_id: str, request: PlanRequest) -> EditPlan:
        """Look at pictures where that helps, then plan; pictures whose content nobody knows are asked about."""
        seen, warnings = self.looker.look(actor=actor, order_id=order_id, request=request)
        plan = self.planner.plan(seen)
        if not warnings:
            # The planner may be the first to notice that the pictures have to be told apart.
            seen, warnings = self.looker.look(actor=actor, order_id=order_id, request=seen, plan=plan)
        asked = ask_for_tags(plan, seen.pictures)
        return attrs.evolve(asked, warnings=(*asked.warnings, *warnings))

    def _begin(self, work: UnitOfWork, actor: Actor, order_id: str, *, needs_words: bool) -> Order:
        order = writable_order(work, actor, order_id)
        if not selected(work.images.list(order_id)):
            raise InvalidInputError("Add a picture first.", code="empty_order")
        if needs_words and not order.wish:
            raise InvalidInputError("Say what should be done, or attach a brief.", code="no_instruction")
        if order.status is not OrderStatus.PLANNING:
            order = order.edited(now=self.clock.now())
        else:
            # A planner that died in the middle left the order planning: start over.
            order = order.to(OrderStatus.DRAFT, now=self.clock.now())
        return work.orders.save(order.to(OrderStatus.PLANNING, now=self.clock.now()))

    def _log(self, work: UnitOfWork, actor: Actor, proposal: Proposal, calls: Iterable[ModelCall]) -> None:
        order, plan = proposal.order, proposal.revision.plan
        for call in calls:
            self.journal.note_call(work, call, order_id=order.id, actor=actor)
        steps = len(list(plan.all_steps()))
        self.journal.note(
            work, LogType.PLAN, order_id=order.id, actor=actor, prompt=order.wish, model=plan.planner,
            message=f"Plan {proposal.revision.number}: {steps} steps, {proposal.quote.total} credits.",
            data={"plan": to_document(plan)},
        )  # fmt: skip
        self.journal.tell(work, "OrderPlanned", order_id=order.id, revision=order.plan_revision, credits=order.quoted)

    def _back_to_draft(self, actor: Actor, begun: Order, calls: Iterable[ModelCall]) -> None:
        with self.new_work() as work:
            order = writable_order(work, actor, begun.id)
            for call in calls:
                self.journal.note_call(work, call, order_id=order.id, actor=actor)
            if _is_as_begun(order, begun):
                work.orders.save(order.to(OrderStatus.DRAFT, now=self.clock.now()))
            work.commit()


def _is_as_begun(current: Order, begun: Order) -> bool:
    """Whether an order still waits for the plan that was begun, and not for a later one or for none."""
    facts = (OrderStatus.PLANNING, begun.plan_revision, begun.wish)
    return (current.status, current.plan_revision, current.wish) == facts
