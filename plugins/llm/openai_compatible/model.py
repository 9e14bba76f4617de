"""A language model on a server that speaks OpenAI's Chat Completions."""

from collections.abc import Generator
from typing import Any

import attrs

from core.errors import ProviderError
from core.ports.language_model import AnswerInvalidError, ContentBlockedError, ModelRequest, Speaker, Turn, Usage
from plugins.hookspecs import LanguageModelContext
from plugins.language_models import openai_sdk
from plugins.language_models.facts import ProviderFacts
from plugins.language_models.lines import Line
from plugins.language_models.provider_model import Ending, ProviderModel

NO_KEY = "none"  # the library insists on one


class CompatibleModel(ProviderModel):
    """A model of any such server; only what all of them understand is sent."""

    library = "openai"

    def __init__(self, context: LanguageModelContext, facts: ProviderFacts) -> None:
        super().__init__(attrs.evolve(context, api_key=context.api_key or NO_KEY), facts)

    def _compose(self, request: ModelRequest) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": self.card.model,
            "messages": [{"role": "system", "content": self._system(request)}, *map(_message, request.turns)],
            "max_tokens": self._max_output_tokens(request),
        }
        if self._has_native_schema(request):
            form = {"name": request.schema_name, "strict": True, "schema": request.schema}
            arguments["response_format"] = {"type": "json_schema", "json_schema": form}
        if self._temperature(request) is not None:
            arguments["temperature"] = self._temperature(request)
        return arguments

    def _read(self, arguments: dict[str, Any], line: Line) -> Generator[str, None, Ending]:
        client = openai_sdk.make_client(self._key, self._base_url, line)
        if not self.card.has_streaming:
            whole = client.chat.completions.create(**arguments)
            choice = whole.choices[0]
            yield choice.message.content or ""
            end = _End(model=whole.model, usage=_usage(whole.usage), reason=choice.finish_reason or "stop")
            return self._close(end, is_refused=bool(choice.message.refusal))
        with client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **arguments) as stream:
            end, is_refused = _End(request_id=stream.response.headers.get("x-request-id", "")), False
            for chunk in stream:
                end.note(chunk)
                for choice in chunk.choices:
                    is_refused = is_refused or bool(choice.delta.refusal)
                    yield choice.delta.content or ""
        return self._close(end, is_refused=is_refused)

    def _close(self, end: "_End", *, is_refused: bool) -> Ending:
        known: dict[str, Any] = {"usage": end.usage, "request_id": end.request_id}
        if is_refused or end.reason == "content_filter":
            raise self._failures.make(ContentBlockedError, stage="output", category=end.reason, **known)
        if not end.reason:
            raise self._lost()
        if end.reason != "stop":
            raise self._failures.make(AnswerInvalidError, reason=end.reason, **known)
        return Ending(usage=end.usage, model=end.model or self.card.model, request_id=end.request_id)

    def _explain(self, error: Exception) -> ProviderError | None:
        return openai_sdk.explain(error, self._failures)


@attrs.define(kw_only=True)
class _End:
    """What the pieces of a stream say beside the text."""

    request_id: str = ""
    model: str = ""
    reason: str = ""
    usage: Usage = attrs.field(factory=Usage)

    def note(self, chunk: Any) -> None:
        self.model = chunk.model or self.model
        if chunk.usage:
            self.usage = _usage(chunk.usage)
        for choice in chunk.choices:
            self.reason = choice.finish_reason or self.reason


def _message(turn: Turn) -> dict[str, Any]:
    if not turn.pictures:
        return {"role": "user" if turn.speaker is Speaker.USER else "assistant", "content": turn.text}
    pictures = [{"type": "image_url", "image_url": {"url": openai_sdk.data_url(each)}} for each in turn.pictures]
    return {"role": "user", "content": [{"type": "text", "text": turn.text}, *pictures]}


def _usage(usage: Any) -> Usage:
    if usage is None:
        return Usage()
    details = usage.prompt_tokens_details
    return Usage(
        input_tokens=usage.prompt_tokens or 0,
        cached_input_tokens=(details.cached_tokens or 0) if details else 0,
        output_tokens=usage.completion_tokens or 0,
    )
