"""Answers that this process is writing, so that they can be stopped."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from core.usecases.language.cancelling import Cancellation


@attrs.define(eq=False)
class RunningAnswers:
    """Tokens of the answers under way, by message."""

    _tokens: dict[str, Cancellation] = attrs.field(factory=dict, init=False, repr=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False, repr=False)

    @contextmanager
    def running(self, message_id: str) -> Iterator[Cancellation]:
        """Hold a token for the length of an answer."""
        token = Cancellation()
        with self._lock:
            self._tokens[message_id] = token
        try:
            yield token
        finally:
            with self._lock:
                self._tokens.pop(message_id, None)

    def stop(self, message_id: str) -> None:
        """Cancel an answer, if it is this process that writes it."""
        with self._lock:
            token = self._tokens.get(message_id)
        if token is not None:
            token.cancel()
