"""Change single steps and outputs of a plan by hand."""

from collections.abc import Callable, Sequence

import attrs

from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.revision import Origin
from core.domain.images import ImageStatus
from core.errors import InsufficientCreditsError, InvalidInputError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.price_catalogue import PriceCatalogue
from core.ports.unit_of_work import NewWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.plans.pricing import price_per_image
from core.usecases.plans.proposal import Proposal, Proposer, available, selected
from core.usecases.plans.revise import note_plan, planned_order

Edit = Callable[[EditPlan], EditPlan]


@attrs.frozen(kw_only=True)
class EditPlanSteps:
    """Change steps and outputs of the plan, all of the edits or none."""

    new_work: NewWork
    proposer: Proposer
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, edits: Sequence[Edit], revision: int | None = None
    ) -> Proposal:  # fmt: skip
        """Store the edited plan as a new revision and price it.

        Args:
            edits: functions of ``core.domain.editing.edits``, applied one after the other.
            revision: the revision that was edited; another current one refuses the change.

        Raises:
            InvalidInputError: an edit does not validate, or the plan contradicts itself.
            NotFoundError: no such order, step or output.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        with self.new_work() as work:
            order = planned_order(work, actor, order_id, revision=revision)
            plan = work.plans.get(order_id, order.plan_revision).plan
            for edit in edits:
                plan = edit(plan)
            proposal = self.proposer.propose(work, order, plan=check_plan(plan), origin=Origin.HAND)
            note_plan(self.journal, work, actor, proposal, what="edited by hand")
            work.commit()
        return proposal


@attrs.frozen(kw_only=True)
class ChoosePlannedPictures:
    """Leave pictures out of a planned order, for instance those that the balance does not cover."""

    new_work: NewWork
    clock: Clock
    prices: PriceCatalogue
    proposer: Proposer
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str] | None = None, revision: int | None = None
    ) -> Proposal:
        """Run the plan on these pictures only, and price it again.

        Args:
            image_ids: pictures that stay; None keeps the first ones, as many as the balance pays for.

        Raises:
            InsufficientCreditsError: the balance pays for no picture at all.
            InvalidInputError: code ``empty_order``, when no picture would stay.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        with self.new_work() as work:
            order = planned_order(work, actor, order_id, revision=revision)
            plan = work.plans.get(order_id, order.plan_revision).plan
            images = work.images.list(order_id)
            if image_ids is None:
                price = price_per_image(self.prices.current(self.clock.now().date()), plan)
                wanted = {i.id for i in selected(images)[: _affordable(available(work, order), price)]}
            else:
                wanted = {image_of(work, order_id, i).id for i in image_ids}
            if not wanted:
                raise InvalidInputError("Keep at least one picture.", code="empty_order")
            for image in images:
                status = ImageStatus.READY if image.id in wanted else ImageStatus.EXCLUDED
                if image.status is not status:
                    work.images.save(image.to(status))
            proposal = self.proposer.propose(work, order, plan=plan, origin=Origin.HAND)
            note_plan(self.journal, work, actor, proposal, what=f"for {len(wanted)} of {len(images)} pictures")
            work.commit()
        return proposal


def _affordable(credits: int | None, price: int) -> int | None:
    """Return how many pictures some credits pay for; None for all."""
    if credits is None or price == 0:
        return None
    if credits < price:
        raise InsufficientCreditsError(required=price, available=credits)
    return credits // price
