"""Inside a child: it limits itself, then answers its parent until that goes away."""

import os
import resource
import select
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from adapters.sandbox import messages

Message = dict[str, Any]
Answer = Callable[[Message], Message]


def main(prepare: Callable[[Message], Answer]) -> None:
    """Serve tasks one after the other.

    Args:
        prepare: is given the values of the parent, and returns what answers one message; it is called under the
            memory limit, so that libraries which it imports see the limit too.
    """
    # Ctrl-C at a terminal reaches every process; the parent decides what becomes of the file under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers, tasks = _private_output(), sys.stdin.buffer
    threading.Thread(target=_end_with_parent, args=(tasks.fileno(),), daemon=True).start()
    first = messages.receive(tasks)
    if first is None:
        return
    _limit_memory(first["memory_bytes"])
    answer = prepare(first["values"])
    messages.send(answers, {"ready": os.getpid(), "rss": _resident_bytes()})
    while (task := messages.receive(tasks)) is not None:
        _limit_cpu(task["cpu_s"])
        messages.send(answers, {**answer(task), "rss": _resident_bytes()})


def _private_output() -> BinaryIO:
    """Return the pipe to the parent, and point standard output elsewhere: libraries may print there."""
    mine = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(mine, "wb")


def _end_with_parent(descriptor: int) -> None:
    """End at once when the parent closes the pipe or dies, whatever is being computed.

    Asked for no event, poll still reports that the other end hung up.
    """
    hung_up = select.poll()
    hung_up.register(descriptor, 0)
    hung_up.poll()
    os._exit(0)


def _limit_memory(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (OSError, ValueError):
        # macOS knows the limit but refuses to set it; the parent still watches the time.
        return


def _limit_cpu(allowance: int) -> None:
    """Allow so many more CPU seconds; the kernel ends the process when they are used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + allowance + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except OSError:
        # No /proc: the peak is all there is, in bytes on macOS.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
