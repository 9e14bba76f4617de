"""What a planner and the checks of sizes may know of an order."""

from collections.abc import Sequence

from core.domain.editing.foresight import Original
from core.domain.editing.plan import EditPlan
from core.domain.images import OrderImage
from core.domain.orders import Order
from core.ports.planner import PlanRequest
from core.ports.unit_of_work import UnitOfWork
from core.usecases.plans.proposal import facts, selected


def plan_request(work: UnitOfWork, order: Order, images: Sequence[OrderImage]) -> PlanRequest:
    """Return what the planner is asked about an order."""
    return PlanRequest(
        instruction=order.wish,
        names=tuple(i.original_name for i in images),
        formats=tuple(i.format for i in images),
        tags=tuple(frozenset(i.tags) for i in images),
        sizes=tuple((i.width, i.height) for i in images),
        previous=previous_plan(work, order.owner_id),
    )


def previous_plan(work: UnitOfWork, owner_id: str) -> EditPlan | None:
    """Return the plan of the only order that somebody has finished; None when there is none or several."""
    earlier = work.orders.latest_ended(owner_id, limit=2)
    return work.plans.get(earlier[0].id, earlier[0].plan_revision).plan if len(earlier) == 1 else None


def originals(order: Order, images: tuple[OrderImage, ...]) -> tuple[Original, ...]:
    """Return the pictures that were not left out, with their sizes."""
    return tuple(
        Original(facts=facts(i, count=order.image_count), width=i.width, height=i.height) for i in selected(images)
    )
