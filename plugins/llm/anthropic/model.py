"""A language model of Anthropic, asked through the Messages API."""

import base64
from collections.abc import Generator, Mapping
from typing import Any

from core.errors import ProviderError
from core.ports.language_model import (
    AnswerInvalidError,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelRequest,
    Picture,
    Turn,
    Usage,
)
from plugins.language_models.failures import kind_of, retry_after
from plugins.language_models.lines import Line
from plugins.language_models.provider_model import Ending, ProviderModel
from plugins.language_models.schemas import count_unions, has_bounds

SPENDING_LIMIT = "enforced_spend_limit_reached"
WHOLE = frozenset({"end_turn", "stop_sequence"})
# https://platform.claude.com/docs/en/build-with-claude/structured-outputs (limits of schemas), checked 2026-11-21
MOST_UNIONS = 16
# An error in the middle of a stream has no status of its own; https://platform.claude.com/docs/en/api/errors
STATUS_OF_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class AnthropicModel(ProviderModel):
    """A model of Anthropic; since version 2026-10-21 of its API none takes a temperature."""

    library = "anthropic"

    def _takes(self, schema: Mapping[str, Any]) -> bool:
        return count_unions(schema) <= MOST_UNIONS and not has_bounds(schema)

    def _compose(self, request: ModelRequest) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": self.card.model,
            "system": self._system(request),
            "messages": [_message(turn) for turn in request.turns],
            "max_tokens": self._max_output_tokens(request),
        }
        output: dict[str, Any] = {"effort": self._effort} if self._effort else {}
        if self._has_native_schema(request):
            output["format"] = {"type": "json_schema", "schema": request.schema}
        if output:
            arguments["output_config"] = output
        if request.user_key:
            arguments["metadata"] = {"user_id": request.user_key}
        return arguments

    def _read(self, arguments: dict[str, Any], line: Line) -> Generator[str, None, Ending]:
        import anthropic

        client = anthropic.Anthropic(
            api_key=self._key, base_url=self._base_url, max_retries=0, timeout=line.http.timeout, http_client=line.http
        )
        if not self.card.has_streaming:
            message = client.messages.create(**arguments)
            yield "".join(block.text for block in message.content if block.type == "text")
            return self._end(_Told(message), message._request_id or "")  # noqa: SLF001 - public, says the library
        with client.messages.create(stream=True, **arguments) as stream:
            request_id = stream.response.headers.get("request-id", "")
            told: _Told | None = None
            for event in stream:
                if event.type == "message_start":
                    told = _Told(event.message)
                elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                    yield event.delta.text
                elif event.type == "message_delta" and told is not None:
                    told.note(event)
                elif event.type == "message_stop" and told is not None:
                    return self._end(told, request_id)
        raise self._lost()

    def _end(self, told: "_Told", request_id: str) -> Ending:
        known: dict[str, Any] = {"usage": told.usage, "request_id": request_id}
        if told.stop_reason == "refusal":
            raise self._failures.make(ContentBlockedError, stage="output", category="refusal", **known)
        if told.stop_reason not in WHOLE:
            raise self._failures.make(AnswerInvalidError, reason=told.stop_reason, **known)
        return Ending(usage=told.usage, model=told.model or self.card.model, request_id=request_id)

    def _explain(self, error: Exception) -> ProviderError | None:
        import anthropic

        if isinstance(error, anthropic.APIResponseValidationError):
            return self._failures.make(AnswerInvalidError, reason="unreadable")
        if isinstance(error, anthropic.APIConnectionError):
            return self._failures.make(ModelConnectionError)
        if not isinstance(error, anthropic.APIStatusError):
            return None
        status = error.status_code if error.status_code >= 300 else STATUS_OF_TYPE.get(error.type or "", 500)
        is_poor = error.error_code == SPENDING_LIMIT or error.type == "billing_error"
        return self._failures.make(
            ModelFundsExhaustedError if is_poor else kind_of(status),
            status=status,
            code=error.error_code or error.type,
            request_id=error.request_id,
            retry_after=retry_after(error.response.headers),
        )


class _Told:
    """What a message says beside its text; in a stream it comes in parts."""

    def __init__(self, message: Any) -> None:
        self.model: str = message.model
        self.stop_reason: str = message.stop_reason or ""
        self.usage = _usage(message.usage, Usage())

    def note(self, event: Any) -> None:
        self.stop_reason = event.delta.stop_reason or self.stop_reason
        self.usage = _usage(event.usage, self.usage)


def _message(turn: Turn) -> dict[str, Any]:
    return {
        "role": turn.speaker.value,
        "content": [*map(_image, turn.pictures), {"type": "text", "text": turn.text}],
    }


def _image(picture: Picture) -> dict[str, Any]:
    """Return a picture that must not be made smaller: places in an answer are those of the picture that was sent."""
    data = base64.b64encode(picture.content).decode("ascii")
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": picture.media_type, "data": data},
        "transformations": {"oversized_image": "error"},
    }


def _usage(usage: Any, before: Usage) -> Usage:
    """Return the tokens so far; the input is told in three parts, and not all of it again at the end of a stream."""
    if usage is None:
        return before
    cached = usage.cache_read_input_tokens
    fresh = usage.input_tokens
    if fresh is None:
        return Usage(
            input_tokens=before.input_tokens,
            cached_input_tokens=before.cached_input_tokens,
            output_tokens=usage.output_tokens,
        )
    return Usage(
        input_tokens=fresh + (cached or 0) + (usage.cache_creation_input_tokens or 0),
        cached_input_tokens=cached or 0,
        output_tokens=usage.output_tokens,
    )
