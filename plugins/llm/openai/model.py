"""A language model of OpenAI, asked through the Responses API."""

from collections.abc import Generator
from typing import Any

from core.errors import ProviderError
from core.ports.language_model import AnswerInvalidError, ContentBlockedError, ModelRequest, Speaker, Turn, Usage
from plugins.language_models import openai_sdk
from plugins.language_models.lines import Line
from plugins.language_models.provider_model import Ending, ProviderModel


class OpenAIModel(ProviderModel):
    """A model of OpenAI; nothing of a request is stored there."""

    library = "openai"

    def _compose(self, request: ModelRequest) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": self.card.model,
            "instructions": self._system(request),
            "input": [_item(turn) for turn in request.turns],
            "max_output_tokens": self._max_output_tokens(request),
            "store": False,
        }
        if self._has_native_schema(request):
            form = {"type": "json_schema", "strict": True, "name": request.schema_name, "schema": request.schema}
            arguments["text"] = {"format": form}
        if self._effort:
            arguments["reasoning"] = {"effort": self._effort}
        if self._temperature(request) is not None:
            arguments["temperature"] = self._temperature(request)
        if request.user_key:
            arguments["safety_identifier"] = request.user_key
        return arguments

    def _read(self, arguments: dict[str, Any], line: Line) -> Generator[str, None, Ending]:
        client = openai_sdk.make_client(self._key, self._base_url, line)
        if not self.card.has_streaming:
            response = client.responses.create(**arguments)
            yield response.output_text
            return self._end(response, response._request_id or "")  # noqa: SLF001 - public, says the library
        with client.responses.create(stream=True, **arguments) as stream:
            request_id = stream.response.headers.get("x-request-id", "")
            for event in stream:
                if event.type == "response.output_text.delta":
                    yield event.delta
                elif event.type in {"response.completed", "response.incomplete", "response.failed"}:
                    return self._end(event.response, request_id)
                elif event.type == "error":
                    raise openai_sdk.of_code(event.code or "", self._failures, request_id=request_id)
        raise self._lost()

    def _end(self, response: Any, request_id: str) -> Ending:
        usage = _usage(response.usage)
        known: dict[str, Any] = {"usage": usage, "request_id": request_id}
        if response.status == "failed":
            raise openai_sdk.of_code(response.error.code if response.error else "", self._failures, **known)
        reason = response.incomplete_details.reason if response.incomplete_details else ""
        if reason == "content_filter" or _is_refused(response):
            raise self._failures.make(ContentBlockedError, stage="output", category=reason or "refusal", **known)
        if response.status != "completed":
            raise self._failures.make(AnswerInvalidError, reason=reason or response.status, **known)
        return Ending(usage=usage, model=response.model or self.card.model, request_id=request_id)

    def _explain(self, error: Exception) -> ProviderError | None:
        return openai_sdk.explain(error, self._failures)


def _item(turn: Turn) -> dict[str, Any]:
    if turn.speaker is Speaker.ASSISTANT:
        return {"role": "assistant", "content": turn.text}
    pictures = [
        {"type": "input_image", "detail": "auto", "image_url": openai_sdk.data_url(picture)}
        for picture in turn.pictures
    ]
    return {"role": "user", "content": [{"type": "input_text", "text": turn.text}, *pictures]}


def _usage(usage: Any) -> Usage:
    if usage is None:
        return Usage()
    return Usage(
        input_tokens=usage.input_tokens,
        cached_input_tokens=usage.input_tokens_details.cached_tokens if usage.input_tokens_details else 0,
        output_tokens=usage.output_tokens,
    )


def _is_refused(response: Any) -> bool:
    messages = [item for item in response.output if item.type == "message"]
    return any(part.type == "refusal" for message in messages for part in message.content)
