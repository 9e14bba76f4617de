"""A child process: limits itself, then probes and renders pictures until its parent goes away.

Run as ``python -m adapters.imaging.worker`` with settings as JSON in the first message on standard input.
"""

import os
import resource
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from adapters.imaging import wire
from adapters.imaging.limits import Limits

Message = dict[str, Any]


def main() -> None:
    """Serve tasks one after the other."""
    # Ctrl-C at a terminal reaches every process; the parent decides what becomes of the picture under way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers, tasks = _private_output(), sys.stdin.buffer
    threading.Thread(target=_end_with_parent, args=(tasks.fileno(),), daemon=True).start()
    first = wire.receive(tasks)
    if first is None:
        return
    limits = Limits(**first["limits"])
    _limit_memory(limits)
    serve = _prepare(first, limits)
    wire.send(answers, {"ready": os.getpid(), "rss": _resident_bytes()})
    while (task := wire.receive(tasks)) is not None:
        _limit_cpu(limits.probe_cpu_s if task["do"] == "probe" else limits.render_cpu_s)
        wire.send(answers, {**serve(task), "rss": _resident_bytes()})


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


def _prepare(first: Message, limits: Limits) -> Any:
    # Imported under the memory limit, so that the limit is what the libraries see too.
    from adapters.imaging.serving import make_server

    folder, model = first.get("icc_folder"), first.get("onnx_model")
    return make_server(limits, Path(folder) if folder else None, Path(model) if model else None)


def _limit_memory(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
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


if __name__ == "__main__":
    main()
