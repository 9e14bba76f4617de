"""The queue that the settings ask for."""

from adapters.jobs.broker import DramatiqQueue, embedded_queue, redis_queue
from adapters.settings import Settings


def build_queue(settings: Settings) -> DramatiqQueue:
    """Return the embedded queue, or the one in Redis; neither reaches for a server yet."""
    return redis_queue(settings.redis_url) if settings.broker == "redis" else embedded_queue()
