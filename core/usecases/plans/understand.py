"""Say what an instruction is taken to mean while it is still being written: nothing is stored, logged or sent."""

from collections.abc import Sequence

import attrs

from core.domain.credits.prices import Quote
from core.domain.editing.blindness import ask_for_tags
from core.domain.editing.foresight import Original, foresee
from core.domain.editing.plan import EditPlan
from core.domain.orders import MAX_IMAGES, MAX_INSTRUCTION, Order, clean_words
from core.errors import InvalidInputError
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.planner import Planner, PlanRequest
from core.ports.price_catalogue import PriceCatalogue
from core.ports.unit_of_work import NewReading, UnitOfWork
from core.usecases.orders.access import readable_order
from core.usecases.plans.places import Places
from core.usecases.plans.pricing import price_per_image, quote_plan
from core.usecases.plans.proposal import selected
from core.usecases.plans.request import originals, plan_request, previous_plan


@attrs.frozen(kw_only=True)
class Understanding:
    """What the local planner reads in some words, and what that would cost.

    Args:
        places: the words that were read.
        images: how many pictures the total is for.
        per_image: credits of one picture.
        available: credits that the account can spend; None for an unmetered account.
    """

    places: Places
    plan: EditPlan
    images: int
    per_image: int
    quote: Quote
    available: int | None

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to read."""
        return not self.places.text

    @property
    def is_affordable(self) -> bool:
        """Whether the balance covers the total."""
        return self.available is None or self.quote.total <= self.available


@attrs.frozen(kw_only=True)
class _Known:
    """What the words can refer to."""

    owner_id: str
    request: PlanRequest
    count: int
    originals: tuple[Original, ...] = ()
    brief: str = ""
    brief_name: str = ""
    brief_pages: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class UnderstandInstruction:
    """Read an instruction with the local planner and price what it means, without storing anything."""

    new_reading: NewReading
    clock: Clock
    prices: PriceCatalogue
    local_planner: Planner

    def __call__(
        self, *, actor: Actor, instruction: str, brief: str | None = None, order_id: str | None = None,
        images: int | None = None, names: Sequence[str] = (), formats: Sequence[str] = (),
    ) -> Understanding:  # fmt: skip
        """Return the plan of the words, its price for the pictures, and the balance.

        Args:
            brief: words of an attached document; None takes those of the order.
            order_id: the order whose pictures are meant; without one, ``names`` and ``formats`` describe them.
            images: how many pictures are priced; None counts those of the order or the names.

        Raises:
            InvalidInputError: code ``text_too_long``, or ``too_many_images`` for a count outside 0 to 100.
            NotFoundError: no such order.
        """
        actor.require_scope(Scope.ORDERS_READ)
        if images is not None and not 0 <= images <= MAX_IMAGES:
            raise InvalidInputError(f"An order holds up to {MAX_IMAGES} pictures.", code="too_many_images")
        with self.new_reading() as work:
            if order_id:
                known = self._of_order(work, readable_order(work, actor, order_id))
            else:
                known = _Known(
                    owner_id=actor.user_id, count=len(names),
                    request=PlanRequest(
                        instruction="", names=tuple(names), formats=tuple(formats),
                        previous=previous_plan(work, actor.user_id),
                    ),
                )  # fmt: skip
            account = work.ledger.account_of(known.owner_id)
        # Checked as an order would, but read as given: the places of words refer to the text as it was written.
        clean_words(instruction, limit=MAX_INSTRUCTION, what="instruction")
        given = instruction.replace("\r\n", "\n")
        if brief is None or brief == known.brief:
            places = Places(instruction=given, brief=known.brief, name=known.brief_name, pages=known.brief_pages)
        else:
            places = Places(instruction=given, brief=brief.replace("\r\n", "\n"))
        plan = self._plan(places.text, known)
        prices = self.prices.current(self.clock.now().date())
        count = known.count if images is None else images
        return Understanding(
            places=places, plan=plan, images=count, per_image=price_per_image(prices, plan),
            quote=quote_plan(prices, plan, images=count), available=None if account.is_unmetered else account.available,
        )  # fmt: skip

    def _plan(self, text: str, known: "_Known") -> EditPlan:
        if not text:
            return EditPlan(planner=self.local_planner.name)
        request = attrs.evolve(known.request, instruction=text)
        plan = ask_for_tags(self.local_planner.plan(request), request.pictures)
        return foresee(plan, known.originals)

    def _of_order(self, work: UnitOfWork, order: Order) -> "_Known":
        images = work.images.list(order.id)
        return _Known(
            owner_id=order.owner_id, request=plan_request(work, order, images),
            originals=originals(order, images), brief=order.brief_text,
            brief_name=order.brief_name, brief_pages=order.brief_pages, count=len(selected(images)),
        )  # fmt: skip
