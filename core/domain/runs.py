"""A run: one execution of a plan on chosen pictures, as items that are leased jobs."""

import datetime as dt
import enum

import attrs

MAX_ATTEMPTS = 3


class RunKind(enum.StrEnum):
    """Why a run was started."""

    INITIAL = "initial"
    RETRY = "retry"
    REPROCESS = "reprocess"


class RunState(enum.StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ItemState(enum.StrEnum):
    """Where one picture of a run stands; done, failed and cancelled are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = frozenset({ItemState.DONE, ItemState.FAILED, ItemState.CANCELLED})


@attrs.frozen(kw_only=True)
class Run:
    """One execution of a plan.

    Args:
        price_version: the price list that was frozen when the run was confirmed.
        open_items: items that have not ended; the one who brings it to 0 ends the run.
        done_items, failed_items: how the others ended.
    """

    id: str
    order_id: str
    kind: RunKind
    requested_by: str
    price_version: str
    created_at: dt.datetime
    open_items: int
    done_items: int = 0
    failed_items: int = 0
    state: RunState = RunState.RUNNING
    finished_at: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class RunItem:
    """One picture in a run. The row is the job: a broker message only hints at it.

    Args:
        base_version: the version whose plan this continues; 0 for the original.
        instruction: words of a reprocess, for the log; empty otherwise.
        hold_id: credits reserved for it.
        attempts: claims so far, counted before the work so that a killed worker counts.
        lease_until: until when a worker owns it.
        fence: grows with every claim; only its latest holder may finish the item.
        available_at: not claimed before (back-off after a failed attempt).
    """

    id: str
    run_id: str
    order_id: str
    image_id: str
    base_version: int
    plan_revision: int
    hold_id: str
    created_at: dt.datetime
    available_at: dt.datetime
    instruction: str = ""
    state: ItemState = ItemState.QUEUED
    attempts: int = 0
    lease_until: dt.datetime | None = None
    fence: int = 0
    last_error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state not in FINAL


def retry_delay(attempts: int) -> dt.timedelta:
    """Return how long to wait before the next attempt: 1, 4, 9 … seconds."""
    return dt.timedelta(seconds=attempts * attempts)
