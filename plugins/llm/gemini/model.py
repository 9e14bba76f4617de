"""A Gemini model of Google, asked through ``generate_content``."""

import re
from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import CredentialsError, ProviderError
from core.ports.language_model import (
    AnswerInvalidError,
    ContentBlockedError,
    ModelRequest,
    Speaker,
    Turn,
    Usage,
)
from plugins.language_models.failures import kind_of, retry_after
from plugins.language_models.lines import Line, certificates
from plugins.language_models.provider_model import Ending, ProviderModel
from plugins.language_models.schemas import count_names, has_bounds

if TYPE_CHECKING:
    from google import genai

# Large schemas are refused; where that begins is told nowhere, so this stays well below what was seen to be refused:
# https://github.com/googleapis/python-genai/issues/950 and 2133, checked 2026-11-21.
MOST_NAMES = 80
CUT_OFF = frozenset({"MAX_TOKENS", "MALFORMED_RESPONSE", "CONTINUATION"})
NO_REASON = frozenset({"", "BLOCKED_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED"})


class GeminiModel(ProviderModel):
    """A Gemini model; what it blocks comes as an ordinary answer without text."""

    library = "google.genai"

    def _takes(self, schema: Mapping[str, Any]) -> bool:
        return count_names(schema) <= MOST_NAMES and not has_bounds(schema)

    def _compose(self, request: ModelRequest) -> dict[str, Any]:
        config: dict[str, Any] = {
            "system_instruction": self._system(request),
            "max_output_tokens": self._max_output_tokens(request),
            "temperature": self._temperature(request),
        }
        if request.schema is not None:
            config["response_mime_type"] = "application/json"
        if self._has_native_schema(request):
            config["response_json_schema"] = request.schema
        if self._effort:
            config["thinking_config"] = {"thinking_level": self._effort}
        return {
            "model": self.card.model,
            "contents": [_content(turn) for turn in request.turns],
            "config": config,
        }

    def _read(self, arguments: dict[str, Any], line: Line) -> Generator[str, None, Ending]:
        client = self._client(line)
        try:
            told = _Told(self.card.model)
            for chunk in self._chunks(client, arguments):
                yield told.note(chunk)
            return self._end(told)
        finally:
            client.close()

    def _client(self, line: Line) -> "genai.Client":
        from google import genai

        options = genai.types.HttpOptions(
            base_url=self._base_url,
            timeout=max(1, int(line.seconds * 1000)),
            httpx_client=line.http,
            async_client_args={"verify": certificates(), "ssl": certificates()},  # unused, but it would read them anew
        )
        return genai.Client(api_key=self._key, vertexai=False, http_options=options)

    def _chunks(self, client: "genai.Client", arguments: dict[str, Any]) -> Iterator[Any]:
        if self.card.has_streaming:
            return client.models.generate_content_stream(**arguments)
        return iter([client.models.generate_content(**arguments)])

    def _end(self, told: "_Told") -> Ending:
        known: dict[str, Any] = {"usage": told.usage, "request_id": told.request_id}
        if told.block_reason not in NO_REASON:
            raise self._failures.make(ContentBlockedError, stage="input", category=told.block_reason, **known)
        if not told.finish_reason:
            raise self._lost()
        if told.finish_reason in CUT_OFF:
            raise self._failures.make(AnswerInvalidError, reason=told.finish_reason, **known)
        if told.finish_reason != "STOP":
            raise self._failures.make(ContentBlockedError, stage="output", category=told.finish_reason, **known)
        return Ending(usage=told.usage, model=told.model, request_id=told.request_id)

    def _explain(self, error: Exception) -> ProviderError | None:
        from google.genai import errors

        if not isinstance(error, errors.APIError):
            return None
        told = _Details(error.details)
        headers = getattr(error.response, "headers", None) or {}
        return self._failures.make(
            CredentialsError if told.is_bad_key else kind_of(error.code or 500),
            status=error.code,
            code=error.status,
            retry_after=told.retry_after if told.retry_after is not None else retry_after(headers),
            scope="day" if told.is_daily else None,
        )


class _Told:
    """What the pieces of an answer say beside the text."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.request_id = ""
        self.finish_reason = ""
        self.block_reason = ""
        self.usage = Usage()

    def note(self, chunk: Any) -> str:
        """Take a piece in and return its text."""
        self.model = chunk.model_version or self.model
        self.request_id = chunk.response_id or self.request_id
        if chunk.usage_metadata is not None:
            self.usage = _usage(chunk.usage_metadata)
        if chunk.prompt_feedback is not None:
            self.block_reason = _word(chunk.prompt_feedback.block_reason) or self.block_reason
        candidates = chunk.candidates or ()
        for candidate in candidates[:1]:
            self.finish_reason = _word(candidate.finish_reason) or self.finish_reason
            parts = (candidate.content.parts if candidate.content else None) or ()
            return "".join(part.text for part in parts if part.text and not part.thought)
        return ""


class _Details:
    """What the body of an error says beside its message; https://cloud.google.com/apis/design/errors."""

    def __init__(self, body: Any) -> None:
        self.is_bad_key = self.is_daily = False
        self.retry_after: float | None = None
        error = body.get("error") if isinstance(body, dict) else None
        details = error.get("details") if isinstance(error, dict) else None
        for each in details if isinstance(details, list) else ():
            if isinstance(each, dict):
                self._note(each)

    def _note(self, detail: dict[str, Any]) -> None:
        self.is_bad_key = self.is_bad_key or detail.get("reason") == "API_KEY_INVALID"
        violations = detail.get("violations")
        for each in violations if isinstance(violations, list) else ():
            self.is_daily = self.is_daily or (isinstance(each, dict) and "PerDay" in str(each.get("quotaId")))
        delay = re.fullmatch(r"(\d{1,6}(?:\.\d{1,9})?)s", str(detail.get("retryDelay", "")))
        self.retry_after = float(delay[1]) if delay else self.retry_after


def _word(value: Any) -> str:
    """Return an enumerated word, also one that the library does not know yet."""
    return str(getattr(value, "value", value) or "")


def _content(turn: Turn) -> Any:
    from google.genai import types

    pictures = [types.Part.from_bytes(data=each.content, mime_type=each.media_type) for each in turn.pictures]
    role = "user" if turn.speaker is Speaker.USER else "model"
    return types.Content(role=role, parts=[*pictures, types.Part.from_text(text=turn.text)])


def _usage(usage: Any) -> Usage:
    """Return the tokens; thoughts are billed as output and counted apart."""
    return Usage(
        input_tokens=usage.prompt_token_count or 0,
        cached_input_tokens=usage.cached_content_token_count or 0,
        output_tokens=(usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
    )
