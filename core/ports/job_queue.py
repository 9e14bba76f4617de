"""Port: hints that there is work. The work itself is in the database."""

from collections.abc import Iterable
from typing import Protocol


class JobQueue(Protocol):
    """Tells workers where to look. Losing a hint costs latency, never work."""

    def hint(self, item_ids: Iterable[str]) -> None:
        """Announce run items that are ready to be claimed.

        Raises:
            ProviderUnavailableError: the broker cannot be reached (the reconciler hints again).
        """
        ...
