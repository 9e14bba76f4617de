"""Open an order like an earlier one."""

import attrs

from core.domain.action_log import LogType
from core.domain.editing.recipe import recipe_plan
from core.domain.editing.revision import Origin, PlanRevision
from core.domain.orders import MAX_NAME, Order
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order
from core.usecases.orders.brief_files import BriefKeeper

SUFFIX = " (again)"


@attrs.frozen(kw_only=True)
class RunAgain:
    """Open a draft with the words and the plan of an earlier order, for new pictures."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator
    journal: Journal
    brief_keeper: BriefKeeper

    def __call__(self, *, actor: Actor, order_id: str) -> Order:
        """Create the draft; submitted with the same words, it gets the same plan without asking the planner.

        Raises:
            NotFoundError: no such order of this user.
            LimitReachedError: code ``quota_exceeded``: there is no room for the document of its brief.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        with self.new_work() as work:
            source = readable_order(work, actor, order_id)
            order = self.brief_keeper.copy(work, self._like(actor, source), source=source)
            work.orders.add(order)
            if source.plan_revision:
                order = self._with_plan(work, order, source)
            message = f"Opened like {source.name}."
            self.journal.note(
                work, LogType.PLAN, order_id=order.id, actor=actor, message=message, data={"order": source.id}
            )  # fmt: skip
            self.journal.tell(work, "OrderCreated", order_id=order.id, name=order.name)
            work.commit()
        return order

    def _like(self, actor: Actor, source: Order) -> Order:
        now = self.clock.now()
        name = source.name.removesuffix(SUFFIX)[: MAX_NAME - len(SUFFIX)] + SUFFIX
        return Order(
            id=self.ids.new(), owner_id=actor.user_id, name=name, created_at=now, updated_at=now,
            instruction=source.instruction, brief_name=source.brief_name, brief_text=source.brief_text,
            brief_pages=source.brief_pages,
        )  # fmt: skip

    def _with_plan(self, work: UnitOfWork, order: Order, source: Order) -> Order:
        plan = work.plans.get(source.id, source.plan_revision).plan
        if plan.open_questions:
            return order
        work.plans.add(
            PlanRevision(
                order_id=order.id, number=1, plan=recipe_plan(plan), origin=Origin.AGAIN, created_at=order.created_at
            )
        )  # fmt: skip
        return work.orders.save(attrs.evolve(order, plan_revision=1))
