"""Reading and writing pipes until a deadline, in the calling thread: a timer thread would cost two switches a task."""

import os
import select
import time


class DeadlinePipe:
    """A pair of pipe ends that look like one binary stream whose operations end at a deadline.

    Args:
        source, target: file descriptors to read from and to write to; both are made non-blocking.
    """

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._deadline = time.monotonic()
        os.set_blocking(source, False)
        os.set_blocking(target, False)

    def allow(self, seconds: float) -> None:
        """Set the deadline."""
        self._deadline = time.monotonic() + seconds

    def _wait(self, descriptor: int, event: int) -> None:
        left = self._deadline - time.monotonic()
        poll = select.poll()
        poll.register(descriptor, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError

    def read(self, count: int) -> bytes:
        """Read exactly ``count`` bytes, fewer at the end of the stream.

        Raises:
            TimeoutError: the deadline passed.
        """
        parts: list[bytes] = []
        while count:
            self._wait(self._source, select.POLLIN)
            part = os.read(self._source, count)
            if not part:
                break
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def write(self, data: bytes) -> int:
        """Write all bytes.

        Raises:
            TimeoutError: the deadline passed.
        """
        view = memoryview(data)
        while view:
            self._wait(self._target, select.POLLOUT)
            view = view[os.write(self._target, view) :]
        return len(data)

    def flush(self) -> None:
        """Do nothing: every write has reached the pipe."""
