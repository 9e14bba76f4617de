"""Mail that is written to the server's own terminal, for installations without a post office."""

import sys
import threading
from collections.abc import Callable, Mapping
from typing import TextIO

import structlog

from adapters.email.letters import LetterWriter

RULE = "-" * 78
log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.mail")


class ConsoleMailer:
    """Prints letters for people, or logs them where logs are for machines.

    Args:
        stream: where to print; standard error when None.
    """

    def __init__(
        self, writer: LetterWriter, *, as_log: bool = False, stream: Callable[[], TextIO] = lambda: sys.stderr
    ) -> None:
        self._writer = writer
        self._as_log = as_log
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, *, to: str, template: str, values: Mapping[str, str]) -> None:
        """Print a letter."""
        letter = self._writer.write(to=to, template=template, values=values)
        if self._as_log:
            log.info("mail", to=letter.to, subject=letter.subject, text=letter.text)
            return
        with self._lock:
            stream = self._stream()
            stream.write(f"\n{RULE}\nMail to {letter.to}\nSubject: {letter.subject}\n\n{letter.text}{RULE}\n\n")
            stream.flush()
