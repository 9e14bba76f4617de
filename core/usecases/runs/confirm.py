"""Confirm a plan: reserve the credits and start the work."""

import attrs

from core.domain.orders import Order, OrderStatus
from core.domain.runs import RunKind
from core.errors import ConflictError, InvalidInputError, InvalidTransitionError, QuestionsOpenError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.job_queue import JobQueue
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.idempotent import payload_hash
from core.usecases.orders.access import writable_order
from core.usecases.plans.proposal import PlanChecker, selected
from core.usecases.plans.revise import check_revision
from core.usecases.runs.hinting import hint
from core.usecases.runs.repeating import RunRequest
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
            ConflictError: code ``stale_plan``, ``price_changed`` or ``idempotency_mismatch``.
            InvalidTransitionError: the order does not await confirmation.
        """
        request = RunRequest(operation=OPERATION, key=idempotency_key, payload_hash=payload_hash([order_id, revision]))
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            known = request.earlier(work, actor, order)
            if known is not None:
                return known
            self._check(work, order, revision)
            started = self._start(work, actor, order)
            _check_price(order, started)
            request.remember(work, actor, started, at=self.clock.now())
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


def _check_price(order: Order, started: Started) -> None:
    """Refuse to spend more than the customer was told; the caller's unit of work is left without a commit."""
    if started.held > order.quoted:
        raise ConflictError(
            f"The price rose from {order.quoted} to {started.held} credits; submit the order again to accept it.",
            code="price_changed",
            details={"quoted": order.quoted, "price": started.held},
        )
