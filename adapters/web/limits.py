"""How often one may ask: a table of rates by kind of request."""

import time

import attrs
from apiflask import APIFlask
from flask import Response, g, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from adapters.web.doors import DoorRates
from adapters.web.networks import network_of
from adapters.web.windows import Windows, windows_of
from core.errors import LimitReachedError


@attrs.frozen(kw_only=True)
class Rates:
    """Requests per minute, and answers of the assistant per hour, by kind (source: decision C39).

    Args:
        reads, writes, uploads: per user; uploads come one file at a time, so they may be many.
        pictures: per user; a page shows a hundred of them.
        pages: per user; parts of pages are fetched again while work goes on and while somebody looks for something.
        review: per user; one key press approves a picture, one click changes a step.
        typing: per user; an instruction is read, and stored, while it is written.
        streams: live streams begun, per user; a browser begins one for each page and after each broken connection.
        failed_keys: refused keys per address, after which the answer is 429.
        open_pages: per address, without a key.
        assistant: answers of the assistant an hour, per user.
        doors: tries to get in.
    """

    reads: int = 300
    writes: int = 60
    uploads: int = 600
    pictures: int = 3000
    pages: int = 1200
    review: int = 600
    typing: int = 600
    failed_keys: int = 10
    open_pages: int = 300
    streams: int = 120
    assistant: int = 30
    doors: DoorRates = attrs.field(factory=DoorRates)


UPLOADS = frozenset({"images.add_images", "assets.add_logo", "briefs.set_brief"})
KINDS = {
    **dict.fromkeys(UPLOADS, "uploads"),
    **dict.fromkeys(("files.get_thumbnail", "files.download_image", "plans.show_preview"), "pictures"),
    # What a review asks for while a person goes through a hundred pictures as fast as keys can be pressed.
    **dict.fromkeys((f"order_viewer.{part}" for part in ("viewer", "film", "details", "view")), "pictures"),
    **dict.fromkeys(("order_page.cards", "order_page.progress"), "pictures"),
    **dict.fromkeys(("plans.understand", "plan_page.understanding", "plan_editor.preview"), "typing"),
    "orders.change_order": "typing",
    **dict.fromkeys(("images.select_images", "images.reorder_images"), "review"),
    **dict.fromkeys(("llm.chat", "llm.send_message", "llm.write_summary", "llm.summarize"), "assistant"),
}
HOURLY = frozenset({"assistant"})
CLICKED = frozenset({"review", "plan_editor"})  # blueprints in which each click is a request


class RateLimits:
    """Counts requests, in this process alone unless told otherwise."""

    def __init__(self, rates: Rates, windows: Windows | None = None) -> None:
        self._windows = windows or Windows()
        self._items = {
            name: (RateLimitItemPerHour if name in HOURLY else RateLimitItemPerMinute)(amount)
            for name, amount in attrs.asdict(rates, recurse=False).items()
            if isinstance(amount, int)
        }

    def hit(self, kind: str, caller: str) -> int:
        """Count a request and return how many are left in this minute or hour.

        Raises:
            LimitReachedError: code ``too_many_requests``, with the seconds to wait.
        """
        item = self._items[kind]
        hit = self._windows.hit(item, kind, caller)
        if not hit.is_allowed:
            raise LimitReachedError(
                f"At most {item.amount} such requests {'an hour' if kind in HOURLY else 'a minute'}.",
                code="too_many_requests",
                retry_after=max(1.0, hit.resets_at - time.time()),
                details={"kind": kind, "limit": item.amount},
            )
        return hit.remaining


def kind_of_request() -> str:
    """Return which rate applies to the current request of a known user."""
    if request.endpoint in KINDS:
        return KINDS[request.endpoint]
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return "reads" if request.path.startswith("/api/") else "pages"
    return "review" if request.blueprint in CLICKED else "writes"


def count_failure() -> None:
    """Count a refused key against the address that sent it.

    Raises:
        LimitReachedError: there were too many; other keys from that address still work.
    """
    limits: RateLimits = g.limits
    limits.hit("failed_keys", network_of(request.remote_addr or ""))


def register(app: APIFlask, rates: Rates) -> None:
    """Count every API request by user, or by address where there is none."""
    limits = RateLimits(rates, windows_of(app.extensions["i2i"].settings))
    app.extensions["i2i_limits"] = limits  # for what is served beside Flask

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
        g.remaining = limits.hit("open_pages", network_of(request.remote_addr or ""))
