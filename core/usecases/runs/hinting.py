"""Telling the workers after a commit."""

import contextlib
from collections.abc import Iterable

from core.domain.runs import RunItem
from core.errors import ProviderUnavailableError
from core.ports.job_queue import JobQueue


def hint(queue: JobQueue, items: Iterable[RunItem]) -> None:
    """Announce items; a broker that is down only costs latency, since the reconciler looks for them too."""
    with contextlib.suppress(ProviderUnavailableError):
        queue.hint([item.id for item in items])
