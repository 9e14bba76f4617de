"""A language model with given lines, for tests: it answers what the script says and remembers what it was asked."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from core.domain.language_models import ModelCard, TokenPrice
from core.ports.language_model import (
    AnswerCancelledError,
    CancelToken,
    Event,
    Finished,
    ModelRequest,
    TextDelta,
    UnsupportedByModelError,
    Usage,
)

CARD = ModelCard(
    provider="scripted",
    model="scripted-1",
    has_vision=True,
    max_pictures=4,
    prices=(TokenPrice(input=1_000_000, cached_input=100_000, output=4_000_000),),
)
USAGE = Usage(input_tokens=1000, cached_input_tokens=200, output_tokens=50)

Line = str | dict[str, Any] | list[Any] | Exception | Callable[[ModelRequest], Any]


@attrs.define
class ScriptedModel:
    """Answers with its lines, one for each request; the last line is repeated.

    Args:
        lines: a text, a JSON answer, pieces of text (a list, with an exception to break off), an error, or a function
            that makes one of these of the request.
        requests: what it was asked, in order.
    """

    lines: list[Line] = attrs.field(factory=lambda: ["ok"], repr=False)
    card: ModelCard = CARD
    usage: Usage = USAGE
    requests: list[ModelRequest] = attrs.field(factory=list, repr=False)
    is_closed: bool = False

    def complete(self, request: ModelRequest, *, cancel: CancelToken | None = None) -> Iterator[Event]:
        """Give the next line in pieces."""
        self._check(request)
        self.requests.append(request)
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        said = ""
        for piece in _pieces(line(request) if callable(line) else line):
            if cancel is not None and cancel.is_cancelled:
                raise AnswerCancelledError("The answer was cancelled.")
            if isinstance(piece, Exception):
                raise piece
            said += piece
            yield TextDelta(text=piece)
        yield Finished(text=said, usage=self.usage, model=self.card.model, request_id=f"req-{len(self.requests)}")

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True

    def _check(self, request: ModelRequest) -> None:
        pictures = sum(len(turn.pictures) for turn in request.turns)
        if pictures and not self.card.has_vision:
            raise UnsupportedByModelError("This model does not look at pictures.")
        if pictures > self.card.max_pictures:
            raise UnsupportedByModelError(f"This model looks at {self.card.max_pictures} pictures at most.")


def _pieces(line: Any) -> Iterator[str | Exception]:
    if isinstance(line, dict):
        line = json.dumps(line, ensure_ascii=False)
    if isinstance(line, str):
        half = len(line) // 2
        line = [part for part in (line[:half], line[half:]) if part]
    yield from line if isinstance(line, list) else [line]
