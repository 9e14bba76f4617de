"""A child process: limits itself, then probes and renders pictures until its parent goes away.

Run as ``python -m adapters.imaging.worker`` with settings as JSON in the first message on standard input.
"""

import os
import queue
import resource
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
    # Ctrl-C at a terminal reaches the whole group; the parent decides, and lets a picture under way end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_output()
    tasks: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    first = tasks.get()
    limits = Limits(**first["limits"])
    _limit_memory(limits)
    serve = _prepare(first, limits)
    wire.send(answers, {"ready": os.getpid(), "rss": _resident_bytes()})
    while True:
        task = tasks.get()
        _limit_cpu(limits.probe_cpu_s if task["do"] == "probe" else limits.render_cpu_s)
        wire.send(answers, {**serve(task), "rss": _resident_bytes()})


def _private_output() -> BinaryIO:
    """Return the pipe to the parent, and point standard output elsewhere: libraries may print there."""
    mine = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(mine, "wb")


def _listen(stream: BinaryIO, tasks: "queue.SimpleQueue[Message]") -> None:
    """Pass messages on; when the parent closes the pipe or dies, end at once, whatever is being computed."""
    while True:
        try:
            message = wire.receive(stream)
        except wire.WireError:
            message = None
        if message is None:
            os._exit(0)
        tasks.put(message)


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
