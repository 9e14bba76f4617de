"""One thread that renews the leases of all work in progress."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.domain.runs import RunItem
from core.errors import ProviderUnavailableError
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork

log = logging.getLogger(__name__)

AT_MOST = dt.timedelta(hours=1)


class ThreadLeaseKeeper:
    """Renews leases every third of their length; the thread runs only while something is kept."""

    def __init__(
        self, *, new_work: NewWork, clock: Clock, lease: dt.timedelta, at_most: dt.timedelta = AT_MOST
    ) -> None:
        """Keep the parts.

        Args:
            lease: how far ahead a lease is renewed.
            at_most: work that hangs longer than this is no longer renewed, so that another worker can have it.
        """
        self._new_work = new_work
        self._clock = clock
        self._lease = lease
        self._at_most = at_most.total_seconds()
        self._kept: dict[tuple[str, int], float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def keep(self, item: RunItem) -> Iterator[None]:
        """Renew in the background; a lost lease is logged, and the guarded finish notices it."""
        key = (item.id, item.fence)
        with self._changed:
            self._kept[key] = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._kept.pop(key, None)
                self._changed.notify_all()

    def _run(self) -> None:
        pause = self._lease.total_seconds() / 3
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._kept, timeout=pause)
                if not self._kept:
                    self._thread = None
                    return
                kept = dict(self._kept)
            try:
                gone = self._renew(kept)
            except Exception as error:  # a database that is away for a while is asked again while the lease lasts
                is_new = not isinstance(error, ProviderUnavailableError)
                log.warning("%d leases were not renewed; trying again. %s", len(kept), error, exc_info=is_new)
                continue
            with self._changed:
                for key in gone:
                    self._kept.pop(key, None)

    def _renew(self, kept: dict[tuple[str, int], float]) -> list[tuple[str, int]]:
        """Renew in one transaction and return what need not be renewed again."""
        gone = []
        now = time.monotonic()
        with self._new_work() as work:
            until = self._clock.now() + self._lease
            for (item_id, fence), since in kept.items():
                if now - since > self._at_most:
                    log.error("Item %s takes over %.0f s; its lease is not renewed.", item_id, self._at_most)
                    gone.append((item_id, fence))
                elif not work.runs.renew(item_id, fence=fence, lease_until=until):
                    log.warning("The lease of item %s was lost; what comes of it is dropped.", item_id)
                    gone.append((item_id, fence))
            work.commit()
        return gone
