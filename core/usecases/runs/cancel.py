"""Cancel the work on an order."""

import attrs

from core.domain.action_log import LogType
from core.domain.orders import Order, OrderStatus
from core.domain.runs import RunState
from core.errors import InvalidTransitionError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork
from core.usecases.credits.bookkeeper import Bookkeeper
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.runs.ending import RunEnder


@attrs.frozen(kw_only=True)
class CancelOrder:
    """Stop the work on an order: finished pictures stay, everything else is released."""

    new_work: NewWork
    clock: Clock
    bookkeeper: Bookkeeper
    journal: Journal
    ender: RunEnder

    def __call__(self, *, actor: Actor, order_id: str) -> Order:
        """Cancel every picture that has not ended and give its credits back.

        Raises:
            InvalidTransitionError: nothing is being worked on.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            if order.status is not OrderStatus.PROCESSING:
                raise InvalidTransitionError("Nothing is being worked on.", details={"status": order.status})
            cancelled = 0
            for run in work.runs.list(order_id):
                if run.state is not RunState.RUNNING:
                    continue
                items = work.runs.cancel_open(run.id)
                for item in items:
                    image = work.images.get(item.image_id, for_update=True)
                    work.images.save(image.cancel())
                    self.bookkeeper.release(work, hold_id=item.hold_id)
                ended = attrs.evolve(run, open_items=0, state=RunState.CANCELLED, finished_at=self.clock.now())
                work.runs.save(ended)
                cancelled += len(items)
            message = f"Cancelled; {cancelled} pictures were not worked on and cost nothing."
            self.journal.note(work, LogType.CANCEL, order_id=order_id, actor=actor, message=message)
            saved = self.ender.close_order(work, order, cancelled=True)
            work.commit()
        return saved
