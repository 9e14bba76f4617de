"""Find work that nobody is doing, and credits that nobody settled."""

import attrs

from core.domain.credits.ledger import HoldState
from core.ports.clock import Clock
from core.ports.job_queue import JobQueue
from core.ports.unit_of_work import NewReading, NewWork
from core.usecases.credits.bookkeeper import Bookkeeper

BATCH = 500


@attrs.frozen(kw_only=True)
class HintReadyItems:
    """Announce every item that could be claimed now: new ones, given back ones, and those of dead workers."""

    new_reading: NewReading
    queue: JobQueue
    clock: Clock

    def __call__(self, *, order_id: str | None = None) -> int:
        """Hint the items and return how many there are (at most 500 at a time).

        Raises:
            ProviderUnavailableError: the broker or the database cannot be reached.
        """
        with self.new_reading() as work:
            ready = work.runs.claimable(now=self.clock.now(), order_id=order_id, limit=BATCH)
        if ready:
            self.queue.hint(ready)
        return len(ready)


@attrs.frozen(kw_only=True)
class ReleaseOverdueHolds:
    """Give back credits that nobody captured or released in time."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    bookkeeper: Bookkeeper

    def __call__(self) -> int:
        """Release the holds whose time is over and whose work has ended; return how many."""
        with self.new_reading() as work:
            overdue = work.ledger.overdue_holds(self.clock.now(), limit=BATCH)
        released = 0
        for hold in overdue:
            with self.new_work() as work:
                if hold.ref_type == "run_item" and work.runs.get_item(hold.ref_id).is_open:
                    # Work that is still queued keeps its reservation, however long the queue is.
                    continue
                released += self.bookkeeper.release(work, hold_id=hold.id, state=HoldState.EXPIRED)
                work.commit()
        return released


@attrs.frozen(kw_only=True)
class ExpireCredits:
    """Move credits whose time is over to breakage."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    bookkeeper: Bookkeeper

    def __call__(self) -> int:
        """Expire lapsed lots; return how many accounts were touched."""
        with self.new_reading() as work:
            accounts = work.ledger.accounts_with_expired_lots(self.clock.now(), limit=BATCH)
        for account_id in accounts:
            with self.new_work() as work:
                self.bookkeeper.expire(work, account_id=account_id)
                work.commit()
        return len(accounts)
