"""The web server's one application: streams by themselves, everything else through Flask in a pool of threads."""

import re
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import attrs
from a2wsgi import WSGIMiddleware
from prometheus_client import Gauge
from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from adapters.bootstrap import Application
from adapters.web.app import create_app
from adapters.web.converters import IdConverter
from adapters.web.limits import Rates
from adapters.web.realtime.hub import FeedHub
from adapters.web.realtime.leaving import Leaving
from adapters.web.realtime.places import Places
from adapters.web.realtime.stream import OrderStream, Pace
from core.usecases.queries.feed import ReadHeads, ReadNews

THREADS = 32
ID = re.compile(IdConverter.regex)
FEED_THREADS = 4  # they share the connections of the database with the threads of Flask


@attrs.frozen(kw_only=True)
class WebServer:
    """The ASGI application, and what has to be told when the server stops.

    Args:
        router: other live routes join its list.
        executors: threads that read the feed.
    """

    router: Router
    hub: FeedHub
    executors: tuple[Executor, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.router(scope, receive, send)

    def stop(self) -> None:
        """End all streams, which would otherwise keep the server from stopping; called on the event loop."""
        self.hub.close()

    def close(self) -> None:
        """Let the threads go, when the last request has been answered."""
        for executor in self.executors:
            executor.shutdown(wait=False)


class _GetRoute(Route):
    """A route that leaves other methods, and what is no id, to Flask, which answers for that address too."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match GET only."""
        match, child = super().matches(scope)
        is_ours = match is Match.FULL and scope["method"] == "GET"
        is_ours = is_ours and all(ID.fullmatch(value) for value in child["path_params"].values())
        return (match, child) if is_ours else (Match.NONE, {})


def build_asgi(
    application: Application, *, rates: Rates | None = None, pace: Pace | None = None, places: Places | None = None
) -> WebServer:
    """Build the application of one server process.

    Args:
        rates, pace, places: limits; the defaults when None.
    """
    flask = create_app(application, rates=rates)
    places = places or Places()
    executor = ThreadPoolExecutor(FEED_THREADS, thread_name_prefix="feed")
    # The poller has a thread of its own, so that a crowd that comes back does not hold up the news.
    poller = ThreadPoolExecutor(1, thread_name_prefix="feed-poller")
    heads, news = application.use(ReadHeads), application.use(ReadNews)
    hub = FeedHub(
        heads=lambda topics: heads(topics=topics), news=lambda seen: news(seen=seen), executor=poller
    )  # fmt: skip
    stream = OrderStream(
        application=application, hub=hub, places=places, rates=flask.extensions["i2i_limits"], executor=executor,
        pace=pace or Pace(),
    )  # fmt: skip
    streams = Gauge("i2i_streams", "Open live streams.", registry=flask.extensions["i2i_metrics"].registry)
    streams.set_function(lambda: places.taken)
    routes = [_GetRoute("/api/orders/{order_id}/stream", endpoint=stream, methods=["GET"])]
    bridge: Any = WSGIMiddleware(_accepting_chunks(flask), workers=THREADS)
    router = Router(routes=routes, redirect_slashes=False, default=Leaving(bridge))
    return WebServer(router=router, hub=hub, executors=(executor, poller))


def _accepting_chunks(app: Callable[..., Any]) -> Callable[..., Any]:
    """Let bodies without a length through: the bridge marks their end, which Werkzeug must be told."""

    def accept(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    return accept
