"""How each provider writes its answers."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from tests.support.provider_stub.script import Answer
from tests.support.provider_stub.specs import Spec

MOMENT = 1_795_000_000  # seconds
NAMELESS = "a-model"


class Wire:
    """What the providers have in common.

    Attributes:
        prefix: of the paths, before those that the specification lists.
        is_prefix_configured: whether it belongs to the address that is configured.
        headers: of every answer.
        last: what ends a stream after the last event.
    """

    prefix = "/v1"
    is_prefix_configured = True
    headers: Mapping[str, str] = {"x-request-id": "req_123"}
    last = b""
    key_header = "authorization"

    def check_headers(self, headers: Headers) -> str:
        """Return what is wrong with the headers of a request."""
        return "" if headers.get(self.key_header) else f"there is no {self.key_header}"

    def check_body(self, body: Any) -> str:
        """Return what is wrong with a request though its specification allows it."""
        return ""

    def check_event(self, spec: Spec, event: dict[str, Any]) -> str:
        """Return what is wrong with an event of which the specification says nothing."""
        return ""

    def wants_stream(self, path: str, body: Any) -> bool:
        """Tell whether the answer is to come in pieces."""
        return bool(body.get("stream"))

    def frame(self, event: dict[str, Any]) -> bytes:
        """Return an event as it is sent."""
        return f"data: {json.dumps(event)}\n\n".encode()

    def error(self, status: int, message: str) -> dict[str, Any]:
        """Return the body of an error."""
        return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return an answer in one."""
        raise NotImplementedError

    def events(self, answer: Answer) -> list[dict[str, Any]]:
        """Return an answer as a stream."""
        raise NotImplementedError

    def has_text(self, event: dict[str, Any]) -> bool:
        """Tell whether an event brings text."""
        raise NotImplementedError


class OpenAIWire(Wire):
    """The Responses API."""

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return a response."""
        text = "".join(answer.pieces)
        part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
        if answer.end == "refusal":
            part = {"type": "refusal", "refusal": text}
        reasons = {"length": "max_output_tokens", "filter": "content_filter"}
        status = "incomplete" if answer.end in reasons else "completed"
        message = {"type": "message", "id": "msg_1", "role": "assistant", "status": status, "content": [part]}
        taken, cached, given = answer.usage
        return {
            "id": "resp_1",
            "object": "response",
            "created_at": MOMENT,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": reasons[answer.end]} if answer.end in reasons else None,
            "instructions": None,
            "model": NAMELESS,
            "output": [message],
            "parallel_tool_calls": True,
            "metadata": {},
            "temperature": 1.0,
            "top_p": 1.0,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": taken,
                "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
                "output_tokens": given,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": taken + given,
            },
        }

    def events(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the events of a response."""
        count = itertools.count()
        whole = self.whole(answer)
        start = {**whole, "status": "in_progress", "output": [], "incomplete_details": None}
        del start["usage"]
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        events: list[dict[str, Any]] = [{"type": "response.created", "response": start}]
        for piece in answer.pieces:
            kind = "response.refusal.delta" if answer.end == "refusal" else "response.output_text.delta"
            extra: dict[str, Any] = {} if answer.end == "refusal" else {"logprobs": []}
            events.append({"type": kind, "delta": piece, **place, **extra})
        if answer.end == "refusal":
            events.append({"type": "response.refusal.done", "refusal": "".join(answer.pieces), **place})
        if answer.has_end:
            events.append({"type": f"response.{whole['status']}", "response": whole})
        return [{**event, "sequence_number": next(count)} for event in events]

    def frame(self, event: dict[str, Any]) -> bytes:
        """Return an event with its name."""
        return f"event: {event['type']}\n".encode() + super().frame(event)

    def has_text(self, event: dict[str, Any]) -> bool:
        """Tell whether it is a delta."""
        return str(event["type"]).endswith(".delta")


class CompatibleWire(Wire):
    """Chat Completions."""

    last = b"data: [DONE]\n\n"
    reasons: Mapping[str, str] = {"filter": "content_filter", "refusal": "stop"}

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return a completion."""
        text = "".join(answer.pieces)
        is_refused = answer.end == "refusal"
        message = {
            "role": "assistant",
            "content": None if is_refused else text,
            "refusal": text if is_refused else None,
        }
        reason = self.reasons.get(answer.end, answer.end)
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        return {**self._common("chat.completion"), "choices": [choice], "usage": self._usage(answer)}

    def events(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the chunks of a completion."""
        name = "refusal" if answer.end == "refusal" else "content"
        chunks = [self._chunk({"role": "assistant", "content": ""})]
        chunks += [self._chunk({name: piece}) for piece in answer.pieces]
        if answer.has_end:
            chunks.append(self._chunk({}, self.reasons.get(answer.end, answer.end)))
            chunks.append({**self._common("chat.completion.chunk"), "choices": [], "usage": self._usage(answer)})
        return chunks

    def has_text(self, event: dict[str, Any]) -> bool:
        """Tell whether the delta has any."""
        return any(choice["delta"].get("content") or choice["delta"].get("refusal") for choice in event["choices"])

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return {**self._common("chat.completion.chunk"), "choices": [choice]}

    def _common(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": MOMENT, "model": NAMELESS}

    def _usage(self, answer: Answer) -> dict[str, Any]:
        taken, cached, given = answer.usage
        return {
            "prompt_tokens": taken,
            "completion_tokens": given,
            "total_tokens": taken + given,
            "prompt_tokens_details": {"cached_tokens": cached},
        }


class AnthropicWire(Wire):
    """The Messages API; its specification has no events."""

    prefix = ""
    headers: Mapping[str, str] = {"request-id": "req_123"}
    reasons: Mapping[str, str] = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "filter": "refusal"}

    def check_headers(self, headers: Headers) -> str:
        """Look at the key, and at the version that forbids sampling parameters."""
        version = headers.get("anthropic-version")
        return super().check_headers(headers) or ("" if version == "2026-10-21" else f"version {version}")

    def check_body(self, body: Any) -> str:
        """Look for schemas that are refused for their size: at most 16 unions, and no bounds."""
        schema = json.dumps(body.get("output_config", {}).get("format", {}))
        unions = schema.count('"type": [') + schema.count('"anyOf": [')
        bounds = [
            name for name in ("minimum", "maximum", "minLength", "maxLength", "maxItems") if f'"{name}":' in schema
        ]
        return f"{unions} unions, limit 16" if unions > 16 else " ".join(bounds)

    def error(self, status: int, message: str) -> dict[str, Any]:
        """Return an error in Anthropic's envelope."""
        kind = {404: "not_found_error", 500: "api_error"}.get(status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_123"}

    def check_event(self, spec: Spec, event: dict[str, Any]) -> str:
        """Check the message that a stream begins with: that the specification knows."""
        if event["type"] != "message_start":
            return ""
        return spec.check({"$ref": "#/components/schemas/Message"}, event["message"])

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return a message."""
        text = "".join(answer.pieces)
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": NAMELESS,
            "content": [{"type": "text", "text": text, "citations": None}] if text else [],
            "stop_reason": self.reasons[answer.end],
            "stop_sequence": None,
            "stop_details": None,
            "container": None,
            "usage": self._usage(answer),
        }

    def events(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the events of a message."""
        start = {**self.whole(answer), "content": [], "stop_reason": None}
        start["usage"] = {**self._usage(answer), "output_tokens": 1}
        block = {"type": "text", "text": "", "citations": None}
        deltas = [{"type": "text_delta", "text": piece} for piece in answer.pieces]
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": start},
            {"type": "content_block_start", "index": 0, "content_block": block},
            {"type": "ping"},
            *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        ]
        if answer.has_end:
            delta = {"stop_reason": self.reasons[answer.end], "stop_sequence": None}
            events += [
                {"type": "content_block_stop", "index": 0},
                {"type": "message_delta", "delta": delta, "usage": {"output_tokens": answer.usage[2]}},
                {"type": "message_stop"},
            ]
        return events

    def frame(self, event: dict[str, Any]) -> bytes:
        """Return an event with its name."""
        return f"event: {event['type']}\n".encode() + super().frame(event)

    def has_text(self, event: dict[str, Any]) -> bool:
        """Tell whether it is a delta."""
        return bool(event["type"] == "content_block_delta")

    def _usage(self, answer: Answer) -> dict[str, Any]:
        taken, cached, given = answer.usage
        return {
            "input_tokens": taken - cached,
            "cache_read_input_tokens": cached,
            "cache_creation_input_tokens": 0,
            "cache_creation": None,
            "output_tokens": given,
            "server_tool_use": None,
            "service_tier": "standard",
            "inference_geo": None,
        }


class GeminiWire(Wire):
    """``generateContent``; what it blocks is an ordinary answer."""

    is_prefix_configured = False
    headers: Mapping[str, str] = {}
    key_header = "x-goog-api-key"
    reasons: Mapping[str, str] = {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY"}

    def wants_stream(self, path: str, body: Any) -> bool:
        """Tell it from the path."""
        return path.endswith(":streamGenerateContent")

    def error(self, status: int, message: str) -> dict[str, Any]:
        """Return an error in Google's envelope."""
        word = {404: "NOT_FOUND", 500: "INTERNAL"}.get(status, "INVALID_ARGUMENT")
        return {"error": {"code": status, "status": word, "message": message}}

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return one response."""
        return self._response("".join(answer.pieces), answer, is_last=True)

    def events(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the responses of a stream."""
        pieces = answer.pieces or ("",)
        *some, last = pieces
        events = [self._response(piece, answer, is_last=False) for piece in some]
        return [*events, self._response(last, answer, is_last=answer.has_end)]

    def has_text(self, event: dict[str, Any]) -> bool:
        """Tell whether the candidate has any."""
        return bool(event.get("candidates"))

    def _response(self, text: str, answer: Answer, *, is_last: bool) -> dict[str, Any]:
        taken, cached, given = answer.usage
        response: dict[str, Any] = {"modelVersion": NAMELESS, "responseId": "req_123"}
        if is_last:
            # A third of the output are thoughts, which are billed too.
            response["usageMetadata"] = {
                "promptTokenCount": taken,
                "cachedContentTokenCount": cached,
                "candidatesTokenCount": given - given // 3,
                "thoughtsTokenCount": given // 3,
                "totalTokenCount": taken + given,
            }
        if answer.end == "filter":
            return {**response, "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
        candidate: dict[str, Any] = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
        if is_last:
            candidate["finishReason"] = self.reasons[answer.end]
        return {**response, "candidates": [candidate]}


WIRES: Mapping[str, Wire] = {
    "openai": OpenAIWire(),
    "openai_compatible": CompatibleWire(),
    "anthropic": AnthropicWire(),
    "gemini": GeminiWire(),
}
