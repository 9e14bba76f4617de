"""Port: whatever keeps a lease alive while its work is done."""

from contextlib import AbstractContextManager
from typing import Protocol

from core.domain.runs import RunItem


class LeaseKeeper(Protocol):
    """Prolongs the lease of a claimed item until the context is left."""

    def keep(self, item: RunItem) -> AbstractContextManager[None]:
        """Renew in the background; a lost lease is not an error here, the guarded finish notices it."""
        ...
