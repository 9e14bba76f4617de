"""Confirm a plan: reserve the credits and start the work."""

import attrs

from core.domain.orders import Order, OrderStatus
from core.domain.runs import RunKind
from core.errors import InvalidInputError, InvalidTransitionError, QuestionsOpenError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.job_queue import JobQueue
from core.ports.repositories.idempotency import IdempotencyRecord
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.idempotent import check_key, check_same, payload_hash
from core.usecases.orders.access import writable_order
from core.usecases.plans.proposal import PlanChecker, selected
from core.usecases.plans.revise import check_revision
from core.usecases.runs.hinting import hint
from core.usecases.runs.starting import RunStarter, Started, Task

OPERATION = "confirm_order"


@attrs.frozen(kw_only=True)
class ConfirmOrder:
    """Confirm the plan: reserve its price and start the work."""

    new_work: NewWork
    clock: Clock
    checker: PlanChecker
    starter: RunStarter
    queue: JobQueue

    def __call__(
        self, *, actor: Actor, order_id: str, revision: int | None = None, idempotency_key: str | None = None
    ) -> Started:
        """Start the work once; the same key gives the same run again.

        Args:
            revision: the plan the customer saw; another current plan refuses the confirmation.

        Raises:
            InvalidInputError: code ``empty_plan``, when nothing would be done.
            QuestionsOpenError: questions must be answered first.
            InsufficientCreditsError: nothing was started, nothing is lost.
            ConflictError: code ``stale_plan`` or ``idempotency_mismatch``.
            InvalidTransitionError: the order does not await confirmation.
        """
        wanted = payload_hash([order_id, revision])
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            known = self._known(work, actor, order, key=idempotency_key, wanted=wanted)
            if known is not None:
                return known
            self._check(work, order, revision)
            started = self._start(work, actor, order)
            if idempotency_key is not None:
                work.idempotency.add(
                    IdempotencyRecord(
                        owner_id=actor.user_id, key=idempotency_key, operation=OPERATION, payload_hash=wanted,
                        result_id=started.run.id, created_at=self.clock.now(),
                    )
                )  # fmt: skip
            work.commit()
        hint(self.queue, started.items)
        return started

    def _check(self, work: UnitOfWork, order: Order, revision: int | None) -> None:
        if order.status is not OrderStatus.AWAITING_CONFIRMATION:
            raise InvalidTransitionError(
                f"The order is {order.status.value.replace('_', ' ')}; there is nothing to confirm.",
                details={"status": order.status},
            )
        check_revision(order, revision)
        plan = work.plans.get(order.id, order.plan_revision).plan
        open_questions = plan.open_questions
        if open_questions:
            raise QuestionsOpenError(
                f"{len(open_questions)} question{'' if len(open_questions) == 1 else 's'} must be answered first: "
                + " ".join(q.about for q in open_questions),
                details={"questions": [q.key for q in open_questions]},
            )
        if not any(True for _ in plan.all_steps()):
            raise InvalidInputError("The plan holds no step; nothing would be done.", code="empty_plan")

    def _start(self, work: UnitOfWork, actor: Actor, order: Order) -> Started:
        images = selected(work.images.list(order.id))
        plan = work.plans.get(order.id, order.plan_revision).plan
        self.checker.check(work, order, plan, images)
        tasks = [Task(image=i, base_version=0, plan_revision=order.plan_revision) for i in images]
        return self.starter.start(work, actor, order=order, kind=RunKind.INITIAL, tasks=tasks)

    def _known(self, work: UnitOfWork, actor: Actor, order: Order, *, key: str | None, wanted: str) -> Started | None:
        record = work.idempotency.find(actor.user_id, OPERATION, check_key(key)) if key is not None else None
        if record is None:
            return None
        check_same(record.payload_hash, wanted, key=record.key)
        items = work.runs.items(record.result_id)
        held = sum(work.ledger.get_hold(i.hold_id).amount for i in items)
        return Started(order=order, run=work.runs.get(record.result_id), items=items, held=held)
