"""The ways in which each provider fails, as its documentation describes them."""

from collections.abc import Mapping
from typing import Any

from core.errors import CredentialsError, ProviderError
from core.ports.language_model import (
    AnswerInvalidError,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequestError,
    ModelTimeoutError,
)
from i2i.testing import CANARY
from tests.support.provider_stub.script import Answer, Fault, Hangup, Item

# Providers like to repeat what they were sent, sometimes the key.
CHATTY = f"Wrong: {CANARY}, in 'secret words of a customer'."


def openai(status: int, code: str, *, kind: str = "some_error", **headers: str) -> Fault:
    """Return an error of OpenAI."""
    error = {"message": CHATTY, "type": kind, "param": None, "code": code}
    return Fault(status=status, body={"error": error}, headers=_names(headers))


def anthropic(status: int, kind: str, code: str | None = None, **headers: str) -> Fault:
    """Return an error of Anthropic; ``code`` goes into its details."""
    error: dict[str, Any] = {"type": kind, "message": CHATTY}
    if code:
        error["details"] = {"error_code": code}
    body = {"type": "error", "error": error, "request_id": "req_123"}
    return Fault(status=status, body=body, headers=_names(headers))


def gemini(status: int, word: str, *details: Mapping[str, Any], **headers: str) -> Fault:
    """Return an error of Google."""
    error = {"code": status, "status": word, "message": CHATTY, "details": list(details)}
    return Fault(status=status, body={"error": error}, headers=_names(headers))


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


CUT_OFF: Mapping[type[ProviderError], Item] = {
    ModelConnectionError: Hangup(),
    AnswerInvalidError: Answer(pieces=("The ans",), end="length"),
}
OPENAI: Mapping[type[ProviderError], Item] = {
    **CUT_OFF,
    CredentialsError: openai(401, "invalid_api_key"),
    ModelFundsExhaustedError: openai(429, "insufficient_quota", kind="insufficient_quota"),
    ModelRequestError: openai(400, "invalid_value", kind="invalid_request_error"),
    ContentBlockedError: openai(400, "moderation_blocked"),
    ModelRateLimitedError: openai(429, "rate_limit_exceeded", retry_after="7"),
    ModelOverloadedError: openai(503, "server_is_overloaded"),
    ModelTimeoutError: openai(408, "timeout"),
}
FAULTS: Mapping[str, Mapping[type[ProviderError], Item]] = {
    "openai": OPENAI,
    "openai_compatible": OPENAI,
    "anthropic": {
        **CUT_OFF,
        CredentialsError: anthropic(401, "authentication_error"),
        ModelFundsExhaustedError: anthropic(402, "billing_error"),
        ModelRequestError: anthropic(400, "invalid_request_error"),
        ContentBlockedError: Answer(pieces=("I",), end="refusal"),
        ModelRateLimitedError: anthropic(429, "rate_limit_error", retry_after="7"),
        ModelOverloadedError: anthropic(529, "overloaded_error"),
        ModelTimeoutError: anthropic(408, "api_error"),
    },
    "gemini": {
        **CUT_OFF,
        CredentialsError: gemini(400, "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}),
        ModelFundsExhaustedError: gemini(402, "FAILED_PRECONDITION"),
        ModelRequestError: gemini(400, "INVALID_ARGUMENT"),
        ContentBlockedError: Answer(pieces=(), end="filter"),
        ModelRateLimitedError: gemini(429, "RESOURCE_EXHAUSTED", {"retryDelay": "7s"}),
        ModelOverloadedError: gemini(503, "UNAVAILABLE"),
        ModelTimeoutError: gemini(408, "CANCELLED"),
    },
}
