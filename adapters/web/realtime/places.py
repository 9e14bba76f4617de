"""How many streams may be open at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import LimitReachedError, ProviderUnavailableError

PER_USER = 20
IN_ALL = 2_000
RETRY_AFTER = 10.0


class Places:
    """Counts the open streams of this process."""

    def __init__(self, *, per_user: int = PER_USER, in_all: int = IN_ALL) -> None:
        self._per_user = per_user
        self._in_all = in_all
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many streams are open."""
        return self._taken.total()

    @contextmanager
    def place(self, user_id: str) -> Iterator[None]:
        """Take a place for the length of a block.

        Raises:
            LimitReachedError: code ``too_many_streams``; the user has enough of them.
            ProviderUnavailableError: code ``server_full``.
        """
        if self._taken[user_id] >= self._per_user:
            raise LimitReachedError(
                f"At most {self._per_user} streams at once; close another one.",
                code="too_many_streams",
                retry_after=RETRY_AFTER,
                details={"limit": self._per_user},
            )
        if self.taken >= self._in_all:
            raise ProviderUnavailableError(
                "The server has no room for another stream; ask for the events instead.", code="server_full"
            )
        self._taken[user_id] += 1
        try:
            yield
        finally:
            self._taken[user_id] -= 1
            if not self._taken[user_id]:
                del self._taken[user_id]
