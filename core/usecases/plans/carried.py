"""A plan that was carried over from an earlier order, and holds while the words stay as they came."""

import attrs

from core.domain.editing.plan import EditPlan
from core.domain.editing.revision import Origin, PlanRevision
from core.domain.orders import Order
from core.ports.unit_of_work import UnitOfWork


def carried_plan(work: UnitOfWork, order: Order) -> EditPlan | None:
    """Return the plan with which an order was opened; None when it is to be read from the words."""
    revision = _current(work, order)
    return revision.plan if revision is not None and revision.origin is Origin.AGAIN else None


def reworded(work: UnitOfWork, before: Order, order: Order) -> Order:
    """Return an order whose words were written anew; a plan that came with other words is left behind."""
    if order.wish == before.wish or carried_plan(work, before) is None:
        return order
    return attrs.evolve(order, plan_revision=0)


def _current(work: UnitOfWork, order: Order) -> PlanRevision | None:
    return work.plans.get(order.id, order.plan_revision) if order.plan_revision else None
