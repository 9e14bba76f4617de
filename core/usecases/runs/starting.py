"""Starting a run: reserve the credits, queue the pictures, announce the work."""

from collections.abc import Sequence

import attrs

from core.domain.action_log import LogType
from core.domain.images import OrderImage
from core.domain.orders import Order, OrderStatus
from core.domain.runs import Run, RunItem, RunKind
from core.errors import InvalidInputError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.price_catalogue import PriceCatalogue
from core.ports.unit_of_work import UnitOfWork
from core.usecases.credits.bookkeeper import Bookkeeper, Note, Reservation
from core.usecases.journal import Journal
from core.usecases.plans.pricing import EDIT, price_per_image


@attrs.frozen(kw_only=True)
class Task:
    """One picture of a run before it is stored.

    Args:
        base_version: the version whose plan it continues; 0 for the original.
        plan_revision: the plan to carry out.
        instruction: words of a reprocess, for the log.
    """

    image: OrderImage
    base_version: int
    plan_revision: int
    instruction: str = ""


@attrs.frozen(kw_only=True)
class Started:
    """A run that was confirmed, and what it reserved."""

    order: Order
    run: Run
    items: tuple[RunItem, ...]
    held: int


_LOG_TYPES = {RunKind.INITIAL: LogType.CONFIRM, RunKind.RETRY: LogType.REPROCESS, RunKind.REPROCESS: LogType.REPROCESS}


@attrs.frozen(kw_only=True)
class RunStarter:
    """Starts runs inside the caller's unit of work; the order must be locked."""

    clock: Clock
    ids: IdGenerator
    prices: PriceCatalogue
    bookkeeper: Bookkeeper
    journal: Journal

    def start(self, work: UnitOfWork, actor: Actor, *, order: Order, kind: RunKind, tasks: Sequence[Task]) -> Started:
        """Reserve, queue and announce; all or nothing.

        Raises:
            InvalidInputError: code ``no_images``.
            InvalidTransitionError: a picture is busy, or the order cannot be worked on now.
            InsufficientCreditsError: the balance does not cover it; the order stays as it is.
        """
        if not tasks:
            raise InvalidInputError("There is no picture to work on.", code="no_images")
        now = self.clock.now()
        run_id = self.ids.new()
        item_ids = [self.ids.new() for _ in tasks]
        holds, version = self._reserve(work, actor, order, tasks=tasks, item_ids=item_ids)
        items = tuple(
            RunItem(
                id=item_id, run_id=run_id, order_id=order.id, image_id=task.image.id, base_version=task.base_version,
                plan_revision=task.plan_revision, hold_id=hold, instruction=task.instruction, created_at=now,
                available_at=now,
            )
            for item_id, task, hold in zip(item_ids, tasks, holds, strict=True)
        )  # fmt: skip
        run = Run(
            id=run_id, order_id=order.id, kind=kind, requested_by=actor.user_id, price_version=version, created_at=now,
            open_items=len(items),
        )  # fmt: skip
        for task in tasks:
            work.images.save(task.image.queue())
        work.runs.add(run, items)
        saved = order
        if order.status is not OrderStatus.PROCESSING:
            saved = work.orders.save(order.to(OrderStatus.PROCESSING, now=now))
        held = sum(work.ledger.get_hold(h).amount for h in holds)
        self._tell(work, actor, run=run, items=items, held=held)
        return Started(order=saved, run=run, items=items, held=held)

    def _reserve(
        self, work: UnitOfWork, actor: Actor, order: Order, *, tasks: Sequence[Task], item_ids: Sequence[str]
    ) -> tuple[list[str], str]:
        prices = self.prices.current(self.clock.now().date())
        each = {
            number: price_per_image(prices, work.plans.get(order.id, number).plan)
            for number in {t.plan_revision for t in tasks}
        }
        wanted = [
            Reservation(ref_type="run_item", ref_id=item_id, operation=EDIT, amount=each[task.plan_revision])
            for item_id, task in zip(item_ids, tasks, strict=True)
        ]
        account = work.ledger.account_of(order.owner_id)
        note = Note(actor=actor.label or actor.user_id, reason=f"Order {order.name}")
        holds = self.bookkeeper.reserve(
            work, account_id=account.id, wanted=wanted, price_version=prices.version, note=note
        )  # fmt: skip
        return [h.id for h in holds], prices.version

    def _tell(self, work: UnitOfWork, actor: Actor, *, run: Run, items: Sequence[RunItem], held: int) -> None:
        count = len(items)
        plural = "" if count == 1 else "s"
        message = f"Work on {count} picture{plural} confirmed; {held} credits reserved."
        prompts = sorted({i.instruction for i in items if i.instruction})
        self.journal.note(
            work, _LOG_TYPES[run.kind], order_id=run.order_id, actor=actor, message=message, run_id=run.id,
            prompt="\n".join(prompts),
        )  # fmt: skip
        self.journal.tell(
            work, "RunStarted", order_id=run.order_id, run=run.id, items=[i.id for i in items], held=held
        )  # fmt: skip
