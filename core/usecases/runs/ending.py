"""Ending items, runs and orders, exactly once."""

import attrs

from core.domain.conversations import LOCAL
from core.domain.orders import Order, OrderStatus
from core.domain.runs import ItemState, Run, RunState
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork
from core.usecases.journal import Journal
from core.usecases.summaries.local import gather, is_usable, local_summary


@attrs.frozen(kw_only=True)
class RunEnder:
    """Counts ended items and closes the run and the order with the last one; order and run must be locked."""

    clock: Clock
    journal: Journal

    def count(self, work: UnitOfWork, order: Order, run: Run, *, state: ItemState) -> Run:
        """Record that one item ended."""
        counted = attrs.evolve(
            run,
            open_items=run.open_items - 1,
            done_items=run.done_items + (state is ItemState.DONE),
            failed_items=run.failed_items + (state is ItemState.FAILED),
        )
        if counted.open_items > 0:
            work.runs.save(counted)
            return counted
        return self._close(work, order, counted)

    def _close(self, work: UnitOfWork, order: Order, run: Run) -> Run:
        ended = attrs.evolve(run, state=RunState.FINISHED, finished_at=self.clock.now())
        work.runs.save(ended)
        facts = {"run": run.id, "done": run.done_items, "failed": run.failed_items}
        self.journal.tell(work, "RunFinished", order_id=order.id, **facts)
        self.close_order(work, order)
        return ended

    def close_order(self, work: UnitOfWork, order: Order, *, cancelled: bool = False) -> Order:
        """End the order when no run of it is open: completed with any usable picture, else failed or cancelled."""
        if any(r.state is RunState.RUNNING for r in work.runs.list(order.id)):
            return order
        empty = OrderStatus.CANCELLED if cancelled else OrderStatus.FAILED
        status = OrderStatus.COMPLETED if any(map(is_usable, work.images.list(order.id))) else empty
        now = self.clock.now()
        ended = order.to(status, now=now)
        summary = local_summary(gather(work, ended))
        saved = work.orders.save(attrs.evolve(ended, summary=summary, summary_by=LOCAL, summary_at=now))
        self.journal.tell(work, f"Order{status.value.capitalize()}", order_id=order.id)
        return saved
