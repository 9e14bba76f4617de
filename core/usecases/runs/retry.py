"""Try the failed pictures of an order again."""

import attrs

from core.domain.images import ImageStatus
from core.domain.runs import ItemState, RunKind
from core.errors import InvalidInputError
from core.kernel.actor import Actor
from core.ports.job_queue import JobQueue
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.orders.access import writable_order
from core.usecases.runs.hinting import hint
from core.usecases.runs.starting import RunStarter, Started, Task


@attrs.frozen(kw_only=True)
class RetryFailed:
    """Try every failed picture of an order again, with the plan that it failed with."""

    new_work: NewWork
    starter: RunStarter
    queue: JobQueue

    def __call__(self, *, actor: Actor, order_id: str) -> Started:
        """Start a run over the failed pictures.

        Raises:
            InvalidInputError: code ``nothing_failed``.
            InsufficientCreditsError: the balance does not cover it.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            tasks = self._tasks(work, order_id)
            if not tasks:
                raise InvalidInputError("No picture of this order failed.", code="nothing_failed")
            started = self.starter.start(work, actor, order=order, kind=RunKind.RETRY, tasks=tasks)
            work.commit()
        hint(self.queue, started.items)
        return started

    def _tasks(self, work: UnitOfWork, order_id: str) -> list[Task]:
        items = (item for run in work.runs.list(order_id) for item in work.runs.items(run.id))
        latest = {item.image_id: item for item in items if item.state is ItemState.FAILED}
        return [
            Task(
                image=image,
                base_version=latest[image.id].base_version,
                plan_revision=latest[image.id].plan_revision,
                instruction=latest[image.id].instruction,
            )
            for image in work.images.list(order_id)
            if image.status is ImageStatus.FAILED
        ]
