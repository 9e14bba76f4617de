"""Something that is done again and again on a thread of its own."""

import logging
import threading
from collections.abc import Callable

from core.errors import ProviderUnavailableError

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0


def pause_after(failures: int, *, usual: float = 0.5) -> float:
    """Return the seconds to wait after so many failures in a row: doubling, at most 30 (or the usual pause)."""
    return max(usual, min(usual * 2.0 ** min(failures, 16), LONGEST_PAUSE))


class Loop:
    """Calls a function every so often, or at once when woken; an error is logged and the next pause is longer."""

    def __init__(self, name: str, act: Callable[[], object], *, every: float, at_once: bool = True) -> None:
        """Keep the parts.

        Args:
            every: seconds between two calls.
            at_once: call it at the start; otherwise after the first pause.
        """
        self._name = name
        self._act = act
        self._every = every
        self._at_once = at_once
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Call the function now, or once more when it is being called."""
        self._wake.set()

    def stop(self) -> None:
        """Call the function no more; a call that is under way ends by itself."""
        self._stopping.set()
        self._wake.set()

    def join(self, seconds: float) -> None:
        """Wait until a call that is under way has ended."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        failures = 0
        if not self._at_once:
            self._wake.wait(self._every)
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._act()
                failures = 0
            except ProviderUnavailableError as error:
                failures += 1
                log.warning("The %s failed; going on. %s", self._name, error)
            except Exception:
                failures += 1
                log.exception("The %s failed; going on.", self._name)
            self._wake.wait(pause_after(failures, usual=self._every) if failures else self._every)
