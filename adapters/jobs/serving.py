"""The life of a worker process."""

import signal
import threading
from types import FrameType

from adapters.jobs.runner import GRACE, WorkerRunner

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run_worker(runner: WorkerRunner, *, grace: float = GRACE) -> bool:
    """Work until the process is told to stop (SIGTERM, SIGINT); a second signal ends it at once.

    Called from the main thread.

    Args:
        grace: seconds for pictures that are being worked on.

    Returns:
        Whether they all ended in time.
    """
    told = threading.Event()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        told.set()

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        runner.start()
        told.wait()
        return runner.stop(grace)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
