"""Waiting, unless somebody gives up."""

import threading

from core.ports.language_model import CancelToken


def pause(seconds: float, cancel: CancelToken | None = None) -> None:
    """Return after so many seconds, or as soon as the token is cancelled."""
    woken = threading.Event()
    if cancel is not None:
        cancel.on_cancel(woken.set)
    woken.wait(seconds)
