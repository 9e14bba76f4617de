"""What the assistant may know of an order: its plan, its pictures, and what they cost."""

import attrs

from core.domain.credits.prices import PriceList, Quote
from core.domain.editing.foresight import Original
from core.domain.editing.plan import EditPlan
from core.domain.images import ImageVersion, OrderImage
from core.domain.orders import Order, OrderStatus
from core.ports.planner import PlanRequest
from core.ports.unit_of_work import UnitOfWork
from core.usecases.plans.carried import carried_plan
from core.usecases.plans.pricing import price_per_image, quote_plan
from core.usecases.plans.proposal import available, selected
from core.usecases.plans.request import originals, plan_request


@attrs.frozen(kw_only=True)
class Situation:
    """An order as it is when somebody asks about it.

    Args:
        plan: what will be done; None while there is no plan, or only one from before the order was changed.
        images: all of its pictures; ``chosen`` are those that were not left out.
        request: what a planner may know of it.
        available: credits that the account can spend; None for an unmetered account.
    """

    order: Order
    plan: EditPlan | None
    images: tuple[OrderImage, ...]
    versions: dict[str, ImageVersion]
    originals: tuple[Original, ...]
    request: PlanRequest
    prices: PriceList
    available: int | None

    @property
    def chosen(self) -> tuple[OrderImage, ...]:
        """Pictures that the plan runs on."""
        return selected(self.images)

    def quote(self, plan: EditPlan, *, images: int | None = None) -> Quote:
        """Price a plan for some pictures, or for those that are chosen."""
        return quote_plan(self.prices, plan, images=len(self.chosen) if images is None else images)

    def per_image(self, plan: EditPlan) -> int:
        """Return what one picture costs."""
        return price_per_image(self.prices, plan)


def look_at(work: UnitOfWork, order: Order, prices: PriceList) -> Situation:
    """Gather what is known of an order."""
    images = work.images.list(order.id)
    return Situation(
        order=order, plan=_plan(work, order), images=images,
        versions=work.images.latest_versions(order.id), originals=originals(order, images),
        request=plan_request(work, order, images), prices=prices, available=available(work, order),
    )  # fmt: skip


def _plan(work: UnitOfWork, order: Order) -> EditPlan | None:
    if order.status is OrderStatus.DRAFT:
        return carried_plan(work, order)
    return work.plans.get(order.id, order.plan_revision).plan if order.plan_revision else None
