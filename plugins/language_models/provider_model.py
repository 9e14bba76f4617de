"""What every language model behind a library has in common: checks, a deadline, cancelling, errors."""

import abc
import importlib
import json
import logging
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, ClassVar

import attrs

from core.domain.integrations import check_url
from core.domain.language_models import StructuredOutput
from core.errors import CredentialsError, InvalidInputError, ProviderError
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    CancelToken,
    Event,
    Finished,
    ModelConnectionError,
    ModelRequest,
    ModelTimeoutError,
    TextDelta,
    UnsupportedByModelError,
    Usage,
)
from plugins.hookspecs import LanguageModelContext
from plugins.language_models.facts import ProviderFacts
from plugins.language_models.failures import Failures
from plugins.language_models.lines import Cut, Line

MAX_ANSWER = 1_000_000  # characters
MAX_NAME = 200
MAX_LOGGED = 1000  # characters of what a provider says about an error
MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
CUT_KINDS: dict[Cut, type[ProviderError]] = {
    Cut.CANCELLED: AnswerCancelledError,
    Cut.TOO_LATE: ModelTimeoutError,
}

logger = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class Ending:
    """What is known when an answer is complete."""

    usage: Usage
    model: str
    request_id: str = ""


class ProviderModel(abc.ABC):
    """A language model behind the library of its provider.

    Args:
        context: the chosen model, the key and the address.
        facts: what is known of the provider.

    Raises:
        CredentialsError: there is no key, or it cannot be one.
        InvalidInputError: the address is not one; code ``invalid_base_url``.
    """

    library: ClassVar[str]

    def __init__(self, context: LanguageModelContext, facts: ProviderFacts) -> None:
        self.card = context.card
        self._failures = Failures(label=facts.label, card=context.card)
        self._key = check_key(context.api_key, facts.label)
        self._base_url = check_base_url(context.base_url or facts.base_url, facts.label)
        self._effort = facts.efforts.get(context.card.model, "")
        self._lines: set[Line] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.card.provider}/{self.card.model}>"

    def complete(self, request: ModelRequest, *, cancel: CancelToken | None = None) -> Iterator[Event]:
        """Answer a request; see ``core.ports.language_model.LanguageModel``."""
        self._check(request)
        importlib.import_module(self.library)  # it may take seconds, which are not those of the request
        logging.getLogger(self.library.partition(".")[0]).setLevel(logging.INFO)  # below, it would log whole requests
        return self._answer(request, self._compose(request), cancel)

    def close(self) -> None:
        """Cut what is still being answered."""
        for line in tuple(self._lines):
            line.cut(Cut.CANCELLED)

    @abc.abstractmethod
    def _compose(self, request: ModelRequest) -> dict[str, Any]:
        """Return the arguments for the library."""

    @abc.abstractmethod
    def _read(self, arguments: dict[str, Any], line: Line) -> Generator[str, None, Ending]:
        """Send the request and yield the text as it comes."""

    @abc.abstractmethod
    def _explain(self, error: Exception) -> ProviderError | None:
        """Return what an error of the library means; None when it says nothing about the provider."""

    def _check(self, request: ModelRequest) -> None:
        pictures = [picture for turn in request.turns for picture in turn.pictures]
        size = sum(len(picture.content) for picture in pictures)
        reason = ""
        if pictures and not self.card.has_vision:
            reason = "does not look at pictures"
        elif len(pictures) > self.card.max_pictures:
            reason = f"looks at {self.card.max_pictures} pictures at most, not at {len(pictures)}"
        elif size > self.card.max_picture_bytes:
            reason = f"takes {self.card.max_picture_bytes} bytes of pictures at most, not {size}"
        elif any(picture.media_type not in MEDIA_TYPES for picture in pictures):
            reason = "takes pictures as JPEG, PNG or WebP only"
        if reason:
            raise UnsupportedByModelError(
                f"The model {self.card.model} {reason}.",
                details={"provider": self.card.provider, "model": self.card.model, "sent": False},
            )

    def _answer(
        self, request: ModelRequest, arguments: dict[str, Any], cancel: CancelToken | None
    ) -> Generator[Event, None, None]:
        line = Line(seconds=request.seconds)
        self._lines.add(line)
        try:
            if cancel is not None:
                cancel.on_cancel(lambda: line.cut(Cut.CANCELLED))
            with line:
                is_told = request.schema is not None and not self._has_native_schema(request)
                finished = yield from self._deltas(arguments, line, is_fenced=is_told)
        finally:
            self._lines.discard(line)
        yield finished

    def _deltas(
        self, arguments: dict[str, Any], line: Line, *, is_fenced: bool
    ) -> Generator[TextDelta, None, Finished]:
        """Yield the text; one that may stand between fences comes whole, without them."""
        parts: list[str] = []
        length = 0
        pieces = self._pieces(arguments, line)
        while True:
            piece = next(pieces)
            if isinstance(piece, Ending):
                text = "".join(parts)
                text = without_fences(text) if is_fenced else text
                model, request_id = _name(piece.model, self.card.model), _name(piece.request_id, "")
                return Finished(text=text, usage=piece.usage, model=model, request_id=request_id)
            length += len(piece)
            if length > MAX_ANSWER:
                raise self._failures.make(AnswerInvalidError, reason="too_long")
            parts.append(piece)
            if self.card.has_streaming and not is_fenced:
                yield TextDelta(text=piece)

    def _pieces(self, arguments: dict[str, Any], line: Line) -> Generator[str | Ending, None, None]:
        """Yield the text piece by piece and how it ended, with the errors of this project instead of the library's."""
        try:
            self._stop_if_cut(line)
            reading = self._read(arguments, line)
            try:
                while True:
                    piece = next(reading)
                    self._stop_if_cut(line)
                    if piece:
                        yield piece
            except StopIteration as end:
                ending: Ending = end.value
            if line.cut_for is Cut.CANCELLED:
                raise self._cut(line)
            yield ending  # also when it is late: it is whole, and paid
        except ProviderError:
            if line.cut_for is None:
                raise
            raise self._cut(line) from None
        except Exception as error:
            found = self._translated(error, line)
            if found is None:
                raise
            # Not chained: an error of the library repeats what the provider wrote, and that is for the debug log.
            raise found from None

    def _translated(self, error: Exception, line: Line) -> ProviderError | None:
        """Return this project's error for one of the library; None for a fault of i2i's own."""
        if line.cut_for is not None:
            return self._cut(line)
        kind = _of_transport(error)
        if kind is not None:
            found: ProviderError | None = self._failures.make(kind, sent=line.was_sent, maybe_billed=line.was_sent)
        else:
            found = self._explain(error)
        if found is None and line.was_sent and isinstance(error, UNREADABLE):
            found = self._failures.make(AnswerInvalidError, reason="unreadable")
        if found is not None:
            said = str(error).replace(self._key, "…")[:MAX_LOGGED]
            logger.debug("%s, %s: %s", self.card.provider, found.code, said)
        return found

    def _stop_if_cut(self, line: Line) -> None:
        if line.cut_for is not None:
            raise self._cut(line)

    def _cut(self, line: Line) -> ProviderError:
        kind = CUT_KINDS[line.cut_for or Cut.CANCELLED]
        return self._failures.make(kind, sent=line.was_sent, maybe_billed=line.was_sent)

    def _lost(self) -> ProviderError:
        """Return the error for an answer that ends without an end."""
        return self._failures.make(ModelConnectionError, sent=True, maybe_billed=True)

    def _system(self, request: ModelRequest) -> str:
        """Return what the model is told about itself, with the schema where it takes none."""
        if request.schema is None or self._has_native_schema(request):
            return request.system
        schema = json.dumps(request.schema, ensure_ascii=False, separators=(",", ":"))
        return f"{request.system}\n\nAnswer with one JSON value and nothing else. It has to fit this schema:\n{schema}"

    def _takes(self, schema: Mapping[str, Any]) -> bool:
        """Tell whether the provider can enforce a schema; one that it cannot is told in words."""
        return bool(schema)

    def _has_native_schema(self, request: ModelRequest) -> bool:
        is_native = self.card.structured_output is StructuredOutput.NATIVE and not request.is_schema_told
        return is_native and request.schema is not None and self._takes(request.schema)

    def _max_output_tokens(self, request: ModelRequest) -> int:
        return min(request.max_output_tokens, self.card.max_output_tokens)

    def _temperature(self, request: ModelRequest) -> float | None:
        return request.temperature if self.card.takes_temperature else None


def _of_transport(error: BaseException | None) -> type[ProviderError] | None:
    """Return what an error of the connection means, if it is one, however the library has wrapped it."""
    import httpx2

    from plugins.language_models.bounds import TooMuchError

    kinds: tuple[tuple[tuple[type[Exception], ...], type[ProviderError]], ...] = (
        ((TooMuchError,), AnswerInvalidError),
        ((httpx2.TimeoutException,), ModelTimeoutError),
        ((httpx2.TransportError, httpx2.StreamError, OSError), ModelConnectionError),
    )
    while error is not None:
        for types, kind in kinds:
            if isinstance(error, types):
                return kind
        error = error.__cause__
    return None


def _name(given: object, otherwise: str) -> str:
    """Return a name that a provider gave where it can be stored and shown."""
    is_name = isinstance(given, str) and 0 < len(given) <= MAX_NAME and given.isprintable()
    return str(given) if is_name else otherwise


def without_fences(text: str) -> str:
    """Return JSON without the fences of Markdown that models like to put around it."""
    found = re.fullmatch(r"\s*```(?:json)?[ \t]*\n(.*?)\n?```\s*", text, re.DOTALL)
    return found[1] if found else text


def check_key(key: str, label: str) -> str:
    """Return a key unchanged.

    Raises:
        CredentialsError: it is missing, or holds what no header may hold.
    """
    if not key:
        raise CredentialsError(f"No key for {label} is configured.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise CredentialsError(f"The configured key for {label} holds characters that no key has.")
    return key


def check_base_url(url: str, label: str) -> str:
    """Return the address of a provider without a slash at its end.

    Raises:
        InvalidInputError: code ``invalid_base_url``.
    """
    try:
        checked = check_url(url)
    except ValueError as error:
        raise InvalidInputError(f"The address of {label} {error}.", code="invalid_base_url") from None
    if "?" in checked or "#" in checked:
        raise InvalidInputError(f"The address of {label} must not hold ? or #.", code="invalid_base_url")
    return checked.rstrip("/")
