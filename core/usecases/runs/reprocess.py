"""Work on finished pictures again, each with its own instruction and from a chosen version."""

import datetime as dt
from collections.abc import Callable, Sequence

import attrs

from core.domain.editing.blindness import for_these
from core.domain.editing.merge import merge
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.revision import Origin, PlanRevision
from core.domain.images import OrderImage
from core.domain.model_calls import ModelCall
from core.domain.orders import MAX_INSTRUCTION, OPEN, Order, OrderStatus, clean_words
from core.domain.runs import RunKind
from core.errors import InvalidInputError, InvalidTransitionError, QuestionsOpenError
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.job_queue import JobQueue
from core.ports.planner import Planner
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.idempotent import payload_hash
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order, writable_order
from core.usecases.plans.proposal import PlanChecker
from core.usecases.plans.request import plan_request
from core.usecases.runs.hinting import hint
from core.usecases.runs.repeating import RunRequest
from core.usecases.runs.starting import RunStarter, Started, Task

OPERATION = "reprocess"


@attrs.frozen(kw_only=True)
class Retouch:
    """What should happen to one picture.

    Args:
        instruction: words for this picture; empty repeats the plan of the base version.
        base_version: the version whose plan is continued; 0 starts from the original, None means the newest.
    """

    image_id: str
    instruction: str = ""
    base_version: int | None = None


@attrs.frozen(kw_only=True)
class Reprocess:
    """Work on one or many pictures again. Every result is rendered from the original, so quality is never lost."""

    new_work: NewWork
    new_reading: NewWork
    clock: Clock
    planner: Planner
    checker: PlanChecker
    starter: RunStarter
    journal: Journal
    queue: JobQueue

    def __call__(
        self, *, actor: Actor, order_id: str, items: Sequence[Retouch], idempotency_key: str | None = None
    ) -> Started:
        """Plan and start the work; the same key gives the same run again.

        Raises:
            InvalidInputError: an unknown version, an instruction that asks for nothing, two items for one picture.
            QuestionsOpenError: an instruction leaves a question that must be answered first.
            InvalidTransitionError: code ``image_busy``, or ``not_confirmed`` before the first plan was confirmed.
            InsufficientCreditsError: the balance does not cover it.
            ConflictError: code ``idempotency_mismatch``.
        """
        if len({i.image_id for i in items}) != len(items):
            raise InvalidInputError("A picture is named twice.", code="duplicate_image")
        wanted = payload_hash([order_id, [attrs.asdict(i) for i in items]])
        request = RunRequest(operation=OPERATION, key=idempotency_key, payload_hash=wanted)
        with self.new_reading() as work:
            known = request.earlier(work, actor, readable_order(work, actor, order_id))
        if known is not None:
            return known
        calls: list[ModelCall] = []
        try:
            changes = self._plan(actor, order_id, items, calls.append)
        finally:
            self._note(actor, order_id, calls)
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            _check_confirmed(order)
            plans = _Plans(changes=changes, now=self.clock.now())
            tasks = [self._task(work, order, item, plans) for item in items]
            started = self.starter.start(work, actor, order=order, kind=RunKind.REPROCESS, tasks=tasks)
            request.remember(work, actor, started, at=self.clock.now())
            work.commit()
        hint(self.queue, started.items)
        return started

    def _note(self, actor: Actor, order_id: str, calls: Sequence[ModelCall]) -> None:
        """Write down what language models did, whatever becomes of the work."""
        if calls:
            with self.new_work() as work:
                for call in calls:
                    self.journal.note_call(work, call, order_id=order_id, actor=actor)
                work.commit()

    def _plan(
        self, actor: Actor, order_id: str, items: Sequence[Retouch], record: Callable[[ModelCall], object]
    ) -> dict[str, EditPlan]:
        """Ask the planner once per different instruction, outside of any transaction, if there is work for it."""
        actor.require_scope(Scope.ORDERS_WRITE)
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            _check_confirmed(order)
            images = {item.image_id: image_of(work, order_id, item.image_id) for item in items}
            known = plan_request(work, order, work.images.list(order_id))
        words = {clean_words(i.instruction, limit=MAX_INSTRUCTION, what="instruction").strip() for i in items} - {""}
        about = attrs.evolve(known, previous=None, record=record)
        unseen = {i.instruction.strip() for i in items if not images[i.image_id].tags}
        plans = {w: self.planner.plan(attrs.evolve(about, instruction=w)) for w in sorted(words)}
        plans = {w: check_plan(for_these(plan) if w in unseen else plan) for w, plan in plans.items()}
        for instruction, plan in plans.items():
            if plan.open_questions:
                raise QuestionsOpenError(" ".join(q.about for q in plan.open_questions))
            if not any(True for _ in plan.all_steps()):
                raise InvalidInputError(
                    f"Nothing in {instruction[:80]!r} is something that can be done.",
                    code="nothing_understood",
                    details={"unsupported": [u.reason for u in plan.unsupported]},
                )
        return plans

    def _task(self, work: UnitOfWork, order: Order, item: Retouch, plans: "_Plans") -> Task:
        image = image_of(work, order.id, item.image_id)
        base = image.latest_version if item.base_version is None else item.base_version
        number = plans.revision(work, order, image=image, base=base, instruction=item.instruction.strip())
        self.checker.check(work, order, work.plans.get(order.id, number).plan, [image])
        return Task(image=image, base_version=base, plan_revision=number, instruction=item.instruction.strip())


@attrs.define(kw_only=True)
class _Plans:
    """Plan revisions of one reprocess: one for each pair of base plan and instruction.

    Args:
        changes: instruction -> what the planner made of it.
        numbers: revisions stored so far.
    """

    changes: dict[str, EditPlan]
    now: dt.datetime
    numbers: dict[tuple[int, str], int] = attrs.field(factory=dict)

    def revision(self, work: UnitOfWork, order: Order, *, image: OrderImage, base: int, instruction: str) -> int:
        """Return the revision to carry out, storing it when it is new."""
        base_revision = _base_revision(work, order, image, base)
        if not instruction:
            return base_revision
        # From the original the new instruction stands alone, whatever was planned before.
        key = (base_revision if base else 0, instruction)
        if key not in self.numbers:
            change = self.changes[instruction]
            plan = merge(work.plans.get(order.id, base_revision).plan, change) if base else change
            self.numbers[key] = self._store(work, order, check_plan(plan))
        return self.numbers[key]

    def _store(self, work: UnitOfWork, order: Order, plan: EditPlan) -> int:
        number = work.plans.next_number(order.id)
        work.plans.add(
            PlanRevision(order_id=order.id, number=number, plan=plan, origin=Origin.REPROCESS, created_at=self.now)
        )
        return number


def _check_confirmed(order: Order) -> None:
    """Refuse to begin with a part of an order whose plan and price nobody has agreed to yet."""
    if order.status in OPEN or order.status is OrderStatus.PLANNING:
        raise InvalidTransitionError(
            "The order has not been confirmed yet.", code="not_confirmed", details={"status": order.status}
        )


def _base_revision(work: UnitOfWork, order: Order, image: OrderImage, base: int) -> int:
    if base == 0:
        return order.plan_revision
    if not 0 < base <= image.latest_version:
        raise InvalidInputError(
            f"{image.original_name} has no version {base}.", code="unknown_version", details={"version": base}
        )
    return work.images.get_version(image.id, base).plan_revision
