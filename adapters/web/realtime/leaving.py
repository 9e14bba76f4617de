"""Telling a view that streams its answer that the reader has gone: the bridge to Flask does not."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.realtime.frames import MEDIA_TYPE
from core.usecases.language.cancelling import Cancellation

GONE = "i2i.gone"


class Leaving:
    """Watches the readers of event streams; a view finds the token of its reader with ``reader_of``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        gone, watching = Cancellation(), set[asyncio.Task[None]]()

        async def watched(message: Message) -> None:
            # From here on the body has been read, so nobody else waits for what the client sends.
            if message["type"] == "http.response.start" and _is_stream(message):
                watching.add(asyncio.ensure_future(_watch(receive, gone)))
            await send(message)

        try:
            await self._app({**scope, GONE: gone}, receive, watched)
        finally:
            for task in watching:
                task.cancel()


def reader_of(environ: dict[str, Any]) -> Cancellation:
    """Return the token that is cancelled when the reader of an answer goes away."""
    found: Cancellation = environ.get("asgi.scope", {}).get(GONE) or Cancellation()
    return found


def _is_stream(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(MEDIA_TYPE.encode()) for name, value in message["headers"])


async def _watch(receive: Receive, gone: Cancellation) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    # What is called then may close connections, which takes its time.
    await asyncio.get_running_loop().run_in_executor(None, gone.cancel)
