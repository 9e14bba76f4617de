"""Tell what a planner makes of every clause of some words, for whoever wants to know why."""

import attrs

from core.domain.editing.blindness import ask_for_tags
from core.domain.editing.fates import Fate, fates
from core.domain.editing.foresight import foresee
from core.domain.editing.plan import EditPlan
from core.kernel.actor import Actor
from core.ports.planner import Planner, PlanRequest
from core.ports.unit_of_work import NewReading
from core.usecases.orders.access import readable_order
from core.usecases.plans.places import Places, places_of
from core.usecases.plans.request import originals, plan_request


@attrs.frozen(kw_only=True)
class Explanation:
    """What became of some words."""

    places: Places
    plan: EditPlan
    fates: tuple[Fate, ...]


@attrs.frozen(kw_only=True)
class ExplainWords:
    """Tell what the planner makes of every clause of some words; nothing is stored."""

    planner: Planner

    def __call__(self, places: Places) -> Explanation:
        """Return the plan of the words without pictures, and what became of each clause.

        Raises:
            ProviderError: the planner could not answer.
        """
        plan = self.planner.plan(PlanRequest(instruction=places.text))
        return Explanation(places=places, plan=plan, fates=fates(places.text, plan))


@attrs.frozen(kw_only=True)
class ExplainOrder:
    """Tell what the planner makes of every clause of the words of an order, or of others; nothing is stored."""

    new_reading: NewReading
    planner: Planner

    def __call__(self, *, actor: Actor, order_id: str, places: Places | None = None) -> Explanation:
        """Return the plan of the words for the pictures of the order, and what became of each clause.

        Args:
            places: other words; None takes those of the order.

        Raises:
            NotFoundError: no such order of this user.
            ProviderError: the planner could not answer.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            images = work.images.list(order_id)
            request = plan_request(work, order, images)
        places = places or places_of(order)
        request = attrs.evolve(request, instruction=places.text)
        plan = foresee(ask_for_tags(self.planner.plan(request), request.pictures), originals(order, images))
        return Explanation(places=places, plan=plan, fates=fates(places.text, plan))
