"""An order as it is watched and reviewed: pictures, work under way, what it cost, and where its feed stands."""

import datetime as dt

import attrs

from core.domain.images import ImageVersion, OrderImage
from core.domain.orders import Order
from core.domain.runs import Run, RunState
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.repositories.ledger import HoldTotals
from core.ports.unit_of_work import NewReading
from core.usecases.orders.access import readable_order

MINUTE = dt.timedelta(minutes=1)


@attrs.frozen(kw_only=True)
class Pace:
    """How the runs that are open go on.

    Args:
        total: pictures of those runs.
        done, failed: pictures of them that have ended.
        per_minute: pictures that ended in the last minute, or since the start if that is shorter ago; 0 while unknown.
        seconds_left: at that pace; None while unknown.
    """

    total: int
    done: int
    failed: int
    per_minute: float
    seconds_left: float | None

    @property
    def ended(self) -> int:
        """Pictures that are through, whether or not they could be made."""
        return self.done + self.failed

    @property
    def percent(self) -> int:
        """0 to 100."""
        return 100 * self.ended // self.total if self.total else 100


@attrs.frozen(kw_only=True)
class Gallery:
    """An order with its pictures, their newest versions, and its runs.

    Args:
        credits: what all of its work reserves, has cost and gave back.
        sequence: last event of the feed that is in here for certain.
        pace: None when nothing is being worked on.
    """

    order: Order
    images: tuple[OrderImage, ...]
    versions: dict[str, ImageVersion]
    runs: tuple[Run, ...]
    credits: HoldTotals
    sequence: int
    pace: Pace | None

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the deliverables, in the order in which they first appear."""
        return tuple(dict.fromkeys(f.output for v in self.versions.values() for f in v.files))


@attrs.frozen(kw_only=True)
class ShowGallery:
    """Show an order with all that is needed to watch its work and to review its results."""

    new_reading: NewReading
    clock: Clock

    def __call__(self, *, actor: Actor, order_id: str) -> Gallery:
        """Return the order as it is now.

        Raises:
            NotFoundError: no such order of this user.
        """
        topic = f"order/{order_id}"
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            # Read first: what happens meanwhile is told once more, and nothing is missed.
            sequence = work.events.heads([topic]).get(topic, 0)
            runs, versions = work.runs.list(order_id), work.images.latest_versions(order_id)
            holds = [item.hold_id for run in runs for item in work.runs.items(run.id)]
            return Gallery(
                order=order, images=work.images.list(order_id), versions=versions, runs=runs, sequence=sequence,
                credits=work.ledger.hold_totals(holds), pace=_pace(runs, versions, now=self.clock.now()),
            )  # fmt: skip


def _pace(runs: tuple[Run, ...], versions: dict[str, ImageVersion], *, now: dt.datetime) -> Pace | None:
    running = {run.id: run for run in runs if run.state is RunState.RUNNING}
    if not running:
        return None
    since = max(now - MINUTE, min(run.created_at for run in running.values()))
    fresh = sum(v.run_id in running and v.created_at > since for v in versions.values())
    seconds = (now - since).total_seconds()
    per_second = fresh / seconds if seconds > 0 else 0.0
    left = sum(run.open_items for run in running.values())
    done, failed = (sum(getattr(run, name) for run in running.values()) for name in ("done_items", "failed_items"))
    return Pace(
        total=left + done + failed, done=done, failed=failed, per_minute=per_second * 60,
        seconds_left=left / per_second if per_second else None,
    )  # fmt: skip
