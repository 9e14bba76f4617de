"""How often one may ask: a table of rates by kind of request."""

import time

import attrs
from apiflask import APIFlask
from flask import Response, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from core.errors import LimitReachedError


@attrs.frozen(kw_only=True)
class Rates:
    """Requests per minute, by kind (source: decision C39).

    Args:
        reads, writes, uploads: per user; uploads come one file at a time, so they may be many.
        failed_keys: refused keys per address, after which the answer is 429.
        open_pages: per address, without a key.
    """

    reads: int = 300
    writes: int = 60
    uploads: int = 600
    failed_keys: int = 10
    open_pages: int = 300


UPLOADS = frozenset({"images.add_images", "assets.add_logo", "briefs.set_brief"})


class RateLimits:
    """Counts requests in this process."""

    def __init__(self, rates: Rates) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items = {name: RateLimitItemPerMinute(amount) for name, amount in attrs.asdict(rates).items()}

    def hit(self, kind: str, caller: str) -> int:
        """Count a request and return how many are left in this minute.

        Raises:
            LimitReachedError: code ``too_many_requests``, with the seconds to wait.
        """
        item = self._items[kind]
        is_allowed = self._limiter.hit(item, kind, caller)
        window = self._limiter.get_window_stats(item, kind, caller)
        if not is_allowed:
            raise LimitReachedError(
                f"At most {item.amount} such requests a minute.",
                code="too_many_requests",
                retry_after=max(1.0, window.reset_time - time.time()),
                details={"kind": kind, "limit": item.amount},
            )
        return window.remaining


def kind_of_request() -> str:
    """Return which rate applies to the current request of a known user."""
    if request.endpoint in UPLOADS:
        return "uploads"
    return "reads" if request.method in {"GET", "HEAD", "OPTIONS"} else "writes"


def count_failure() -> None:
    """Count a refused key against the address that sent it.

    Raises:
        LimitReachedError: there were too many; other keys from that address still work.
    """
    limits: RateLimits = g.limits
    limits.hit("failed_keys", request.remote_addr or "")


def register(app: APIFlask, rates: Rates) -> None:
    """Count every API request by user, or by address where there is none."""
    limits = RateLimits(rates)

    @app.before_request
    def begin() -> None:
        g.limits = limits

    @app.after_request
    def tell(response: Response) -> Response:
        if "remaining" in g:
            response.headers["X-RateLimit-Remaining"] = str(g.remaining)
        return response


def count() -> None:
    """Count the current request, whose caller is known by now."""
    limits: RateLimits = g.limits
    if "actor" in g:
        g.remaining = limits.hit(kind_of_request(), g.actor.user_id)
    elif request.path.startswith("/api/") or request.endpoint is None:
        g.remaining = limits.hit("open_pages", request.remote_addr or "")
