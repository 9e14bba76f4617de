"""Port: a language model that answers in text, with or without pictures, whole or as a stream."""

import enum
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Protocol

import attrs

from core.domain.language_models import ModelCard
from core.errors import ProviderRejectedError, ProviderUnavailableError


class Purpose(enum.StrEnum):
    """What an answer is for; limits and the action log go by it."""

    PLAN = "plan"
    VISION = "vision"
    CHAT = "chat"
    SUMMARY = "summary"
    CHECK = "check"


@attrs.frozen(kw_only=True)
class Picture:
    """A picture that a model may look at; it carries neither a name nor an address.

    Args:
        media_type: image/jpeg, image/png or image/webp.
        width, height: in px.
    """

    media_type: str
    content: bytes = attrs.field(repr=lambda content: f"<{len(content)} bytes>")
    width: int
    height: int


class Speaker(enum.StrEnum):
    """Who says a turn of a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@attrs.frozen(kw_only=True)
class Turn:
    """One turn of a conversation; only those of the user may hold pictures."""

    speaker: Speaker
    text: str
    pictures: tuple[Picture, ...] = ()


@attrs.frozen(kw_only=True)
class ModelRequest:
    """What a model is asked.

    Args:
        system: who it is and what it may do; never words of a customer.
        turns: the conversation, the user's turn last.
        schema: JSON Schema of the answer (every property required, no additional ones); None for free text.
        schema_name: letters, digits and underscores.
        is_schema_told: whether the schema is told in words, because the provider did not take it.
        max_output_tokens: at least 16.
        seconds: time for the whole answer.
        temperature: from 0 to 1; left out where a model takes none.
        user_key: an opaque, keyed hash of the user, for providers that ask for one; empty for none.
    """

    purpose: Purpose
    system: str
    turns: tuple[Turn, ...]
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    is_schema_told: bool = False
    max_output_tokens: int = 1000
    seconds: float = 60.0
    temperature: float | None = None
    user_key: str = ""


@attrs.frozen(kw_only=True)
class Usage:
    """What an answer took, in tokens; ``input_tokens`` includes the cached ones."""

    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0


@attrs.frozen(kw_only=True)
class TextDelta:
    """A piece of the answer, in order."""

    text: str


@attrs.frozen(kw_only=True)
class Finished:
    """The end of an answer: the whole text and what it took. Always the last event."""

    text: str
    usage: Usage
    model: str
    request_id: str = ""


Event = TextDelta | Finished


class CancelToken(Protocol):
    """Tells whether somebody gave up on an answer; safe to ask from any thread."""

    @property
    def is_cancelled(self) -> bool:
        """Whether to stop."""
        ...

    def on_cancel(self, act: Any) -> None:
        """Call ``act()`` once when it is cancelled, at once if it is already."""
        ...


class LanguageModel(Protocol):
    """One model of one provider. It never tries again on its own; whoever calls it decides that."""

    card: ModelCard

    def complete(self, request: ModelRequest, *, cancel: CancelToken | None = None) -> Iterator[Event]:
        """Answer a request, as a stream where the model can, with ``Finished`` last.

        Raises:
            UnsupportedByModelError: before anything is sent, for what the card rules out.
            CredentialsError: the key is wrong, or may not use this model.
            ModelFundsExhaustedError, ModelRequestError, ContentBlockedError: final.
            ModelRateLimitedError, ModelOverloadedError, ModelTimeoutError, ModelConnectionError: worth another try.
            AnswerInvalidError: it ended in the middle or is not what the schema asks for.
            AnswerCancelledError: ``cancel`` was used.
        """
        ...

    def close(self) -> None:
        """Close connections."""
        ...


class UnsupportedByModelError(ProviderRejectedError):
    """The model cannot do this; nothing was sent."""

    default_code: ClassVar[str] = "unsupported_by_model"


class ModelFundsExhaustedError(ProviderRejectedError):
    """The operator's account with the provider has no money or has reached its spending limit."""

    default_code: ClassVar[str] = "provider_funds_exhausted"


class ModelRequestError(ProviderRejectedError):
    """The provider found the request wrong."""

    default_code: ClassVar[str] = "model_request_refused"


class ContentBlockedError(ProviderRejectedError):
    """The provider or the model declined because of the content."""

    default_code: ClassVar[str] = "content_blocked"


class AnswerInvalidError(ProviderRejectedError):
    """The answer is cut off, or is not what was asked for."""

    default_code: ClassVar[str] = "answer_invalid"


class AnswerCancelledError(ProviderRejectedError):
    """Somebody gave up on the answer."""

    default_code: ClassVar[str] = "answer_cancelled"


class ModelRateLimitedError(ProviderUnavailableError):
    """Too many requests; ``details["retry_after"]`` holds seconds where the provider named them."""

    default_code: ClassVar[str] = "model_rate_limited"


class ModelOverloadedError(ProviderUnavailableError):
    """The provider has trouble of its own."""

    default_code: ClassVar[str] = "model_overloaded"


class ModelTimeoutError(ProviderUnavailableError):
    """No answer in time; it may have been billed."""

    default_code: ClassVar[str] = "model_timeout"


class ModelConnectionError(ProviderUnavailableError):
    """No connection, or it was lost; it may have been billed."""

    default_code: ClassVar[str] = "model_connection_lost"
