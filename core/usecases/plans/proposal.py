"""What a customer sees before confirming: plan, price, balance."""

from collections.abc import Iterable

import attrs

from core.domain.assets import Asset, AssetState, Purpose
from core.domain.credits.prices import Quote
from core.domain.editing.plan import EditPlan
from core.domain.editing.resolve import resolve
from core.domain.editing.revision import Origin, PlanRevision
from core.domain.editing.scope import ImageFacts
from core.domain.images import ImageStatus, OrderImage
from core.domain.orders import Order, OrderStatus
from core.errors import InvalidInputError, NotFoundError
from core.ports.clock import Clock
from core.ports.image_engine import ImageEngine
from core.ports.price_catalogue import PriceCatalogue
from core.ports.profiles import ProfileCatalogue
from core.ports.unit_of_work import UnitOfWork
from core.usecases.plans.pricing import quote_plan


@attrs.frozen(kw_only=True)
class Proposal:
    """A plan with its exact price.

    Args:
        images: how many pictures it will run on.
        available: credits that the account can spend; None for an unmetered account.
    """

    order: Order
    revision: PlanRevision
    quote: Quote
    images: int
    available: int | None

    @property
    def is_affordable(self) -> bool:
        """Whether the balance covers the quote."""
        return self.available is None or self.quote.total <= self.available


def selected(images: tuple[OrderImage, ...]) -> tuple[OrderImage, ...]:
    """Return the pictures that were not left out."""
    return tuple(i for i in images if i.status is not ImageStatus.EXCLUDED)


def facts(image: OrderImage, *, count: int) -> ImageFacts:
    """Return what a scope can see of a picture."""
    return ImageFacts(
        name=image.original_name,
        position=image.position,
        count=count,
        width=image.width,
        height=image.height,
        format=image.format,
        tags=frozenset(image.tags),
    )


@attrs.frozen(kw_only=True)
class PlanChecker:
    """Refuses, before anything is spent, a plan that could not be carried out."""

    engine: ImageEngine
    profiles: ProfileCatalogue

    def check(self, work: UnitOfWork, order: Order, plan: EditPlan, images: Iterable[OrderImage]) -> None:
        """Look up every operation, profile and logo, and resolve the plan for every picture unless questions are open.

        Raises:
            NotFoundError: no such profile, or no such logo of the order's owner.
            InvalidInputError: code ``no_engine`` or ``contradictory_plan``.
        """
        for step in plan.all_steps():
            if not self.engine.can(step.op):
                raise InvalidInputError(
                    f"No configured engine carries out {step.op}.", code="no_engine", details={"operation": step.op}
                )
            if step.params.get("profile"):
                self.profiles.get(step.params["profile"])
            if step.op == "overlay.logo":
                logo_of(work, order.owner_id, step.params["asset"])
        if plan.open_questions:
            return
        for image in images:
            resolve(plan, facts(image, count=order.image_count))


def logo_of(work: UnitOfWork, owner_id: str, asset_id: str) -> Asset:
    """Return a user's logo.

    Raises:
        NotFoundError: there is no such logo, or it was deleted, or it is someone else's.
    """
    asset = work.assets.get(asset_id)
    if asset.owner_id != owner_id or asset.purpose is not Purpose.LOGO or asset.state is not AssetState.READY:
        raise NotFoundError("There is no such logo.", details={"what": "logo", "asset": asset_id})
    return asset


def logo_keys(work: UnitOfWork, order: Order, plan: EditPlan) -> dict[str, str]:
    """Return the storage keys of the logos that a plan puts on the picture, by asset id."""
    logos = [logo_of(work, order.owner_id, s.params["asset"]) for s in plan.all_steps() if s.op == "overlay.logo"]
    return {logo.id: logo.storage_key for logo in logos}


@attrs.frozen(kw_only=True)
class Proposer:
    """Stores a plan as the next revision of an order and prices it."""

    clock: Clock
    prices: PriceCatalogue
    checker: PlanChecker

    def propose(self, work: UnitOfWork, order: Order, *, plan: EditPlan, origin: Origin) -> Proposal:
        """Make the plan the current revision of an order that awaits confirmation.

        Raises:
            InvalidInputError: the plan contradicts itself on a picture.
        """
        now = self.clock.now()
        images = selected(work.images.list(order.id))
        self.checker.check(work, order, plan, images)
        number = work.plans.next_number(order.id)
        revision = PlanRevision(order_id=order.id, number=number, plan=plan, origin=origin, created_at=now)
        work.plans.add(revision)
        quoted = quote_plan(self.prices.current(now.date()), plan, images=len(images))
        if order.status is OrderStatus.PLANNING:
            order = order.to(OrderStatus.AWAITING_CONFIRMATION, now=now)
        saved = work.orders.save(
            attrs.evolve(order, plan_revision=number, quoted=quoted.total, updated_at=now)
        )  # fmt: skip
        return Proposal(
            order=saved, revision=revision, quote=quoted, images=len(images), available=available(work, order)
        )  # fmt: skip

    def current(self, work: UnitOfWork, order: Order) -> Proposal:
        """Return the current revision with today's price.

        Raises:
            NotFoundError: the order has no plan yet.
        """
        revision = work.plans.get(order.id, order.plan_revision)
        images = selected(work.images.list(order.id))
        quoted = quote_plan(self.prices.current(self.clock.now().date()), revision.plan, images=len(images))
        return Proposal(
            order=order, revision=revision, quote=quoted, images=len(images), available=available(work, order)
        )  # fmt: skip


def available(work: UnitOfWork, order: Order) -> int | None:
    """Return the credits the order's owner can spend; None when the account is unmetered."""
    account = work.ledger.account_of(order.owner_id)
    return None if account.is_unmetered else account.available
