"""Ending items, runs and orders, exactly once."""

from collections import Counter

import attrs

from core.domain.images import DONE, ImageStatus, OrderImage
from core.domain.orders import Order, OrderStatus
from core.domain.runs import ItemState, Run, RunState
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork
from core.usecases.journal import Journal


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
        status = OrderStatus.COMPLETED if any(map(_is_usable, work.images.list(order.id))) else empty
        ended = order.to(status, now=self.clock.now())
        saved = work.orders.save(attrs.evolve(ended, summary=summarise(work, ended)))
        self.journal.tell(work, f"Order{status.value.capitalize()}", order_id=order.id)
        return saved


def _is_usable(image: OrderImage) -> bool:
    """Whether there is a result, be it an earlier one than the last that was tried."""
    return image.status in DONE or image.latest_version > 0


def summarise(work: UnitOfWork, order: Order) -> str:
    """Write what came of an order in a few plain sentences."""
    images = work.images.list(order.id)
    counts = Counter(image.status for image in images)
    done = sum(map(_is_usable, images))
    lines = [f"{done} of {len(images)} picture{'' if len(images) == 1 else 's'} finished."]
    flagged, kept = counts[ImageStatus.NEEDS_RETOUCH], done - sum(counts[status] for status in DONE)
    if flagged:
        lines.append(f"{flagged} should be looked at before delivery.")
    if kept:
        lines.append(f"{kept} could not be made again and stayed as before, at no cost.")
    if counts[ImageStatus.FAILED] > kept:
        lines.append(f"{counts[ImageStatus.FAILED] - kept} could not be made and cost nothing.")
    if counts[ImageStatus.EXCLUDED]:
        lines.append(f"{counts[ImageStatus.EXCLUDED]} were left out.")
    return " ".join(lines)
