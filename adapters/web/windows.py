"""Counting in moving windows: in this process, or in Redis for several processes together."""

import time

import attrs
import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from adapters.settings import Settings

PREFIX = "i2i:limits"
SECONDS_WITHOUT = 10.0
CONNECT_SECONDS = 1.0
log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.web")


@attrs.frozen
class Hit:
    """What became of one request that was counted; ``resets_at`` in seconds since 1970."""

    is_allowed: bool
    remaining: int
    resets_at: float


class Windows:
    """Counts; while Redis is away, each process counts by itself instead of refusing everybody or nobody."""

    def __init__(self, redis_url: str = "") -> None:
        """Keep the parts; nothing is connected yet.

        Args:
            redis_url: empty to count in this process alone.
        """
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared: MovingWindowRateLimiter | None = None
        self._away_until = 0.0
        if redis_url:
            storage = RedisStorage(
                redis_url, key_prefix=PREFIX, wrap_exceptions=True, socket_connect_timeout=CONNECT_SECONDS,
                socket_timeout=CONNECT_SECONDS,
            )  # fmt: skip
            self._shared = MovingWindowRateLimiter(storage)

    def hit(self, item: RateLimitItem, kind: str, caller: str) -> Hit:
        """Count one request of a caller."""
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                return _hit(self._shared, item, (kind, caller))
            except StorageError as error:
                self._away_until = time.monotonic() + SECONDS_WITHOUT
                log.warning("rate_limits_not_shared", error=str(error.storage_error))
        return _hit(self._own, item, (kind, caller))


def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, who: tuple[str, str]) -> Hit:
    is_allowed = limiter.hit(item, *who)
    window = limiter.get_window_stats(item, *who)
    return Hit(is_allowed, window.remaining, window.reset_time)


def windows_of(settings: Settings) -> Windows:
    """Return what the settings ask for: with the redis broker several server processes count together."""
    return Windows(settings.redis_url if settings.broker == "redis" else "")
