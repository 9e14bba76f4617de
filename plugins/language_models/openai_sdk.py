"""The openai library, which two plugins use: one for OpenAI itself, one for servers that speak its language."""

import base64
from typing import TYPE_CHECKING, Any

from core.errors import ProviderError
from core.ports.language_model import (
    AnswerInvalidError,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequestError,
    Picture,
)
from plugins.language_models.failures import Failures, kind_of, retry_after
from plugins.language_models.lines import Line

if TYPE_CHECKING:
    import openai

# Codes that say more than the status; https://developers.openai.com/api/docs/guides/error-codes, checked 2026-11-21.
NO_MONEY = frozenset(
    {
        "credit_balance_exhausted",
        "insufficient_quota",
        "organization_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "project_spend_limit_exceeded",
    }
)
BLOCKED = frozenset(
    {
        "bio_policy",
        "content_filter",
        "content_policy_violation",
        "image_content_policy_violation",
        "misalignment_policy_violation",
        "moderation_blocked",
    }
)
BY_CODE: dict[str, type[ProviderError]] = {
    **dict.fromkeys(NO_MONEY, ModelFundsExhaustedError),
    **dict.fromkeys(BLOCKED, ContentBlockedError),
    "rate_limit_exceeded": ModelRateLimitedError,
    "server_error": ModelOverloadedError,
    "server_is_overloaded": ModelOverloadedError,
    "slow_down": ModelRateLimitedError,
}


def make_client(key: str, base_url: str, line: Line) -> "openai.OpenAI":
    """Return a client that sends over one line and never tries again; no account of the environment is used."""
    import openai

    client = openai.OpenAI(
        api_key=key, base_url=base_url, max_retries=0, timeout=line.http.timeout, http_client=line.http
    )
    client.organization = client.project = None
    return client


def explain(error: Exception, failures: Failures) -> ProviderError | None:
    """Return what an error of the library says about the provider; None when it says nothing."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _of_status(error, failures)
    if isinstance(error, openai.APIResponseValidationError):
        return failures.make(AnswerInvalidError, reason="unreadable")
    if isinstance(error, openai.APIConnectionError):
        return failures.make(ModelConnectionError)
    if isinstance(error, openai.APIError) and error.body is not None:
        return of_code(str(error.code or error.type or ""), failures)
    return None


def _of_status(error: "openai.APIStatusError", failures: Failures) -> ProviderError:
    status, codes = error.status_code, [each for each in (error.code, error.type) if each]
    kinds = [BY_CODE[code] for code in codes if code in BY_CODE]
    return failures.make(
        kinds[0] if kinds else kind_of(status),
        status=status,
        code=codes[0] if codes else "",
        field=error.param,
        request_id=error.request_id,
        retry_after=retry_after(error.response.headers),
        stage="input" if kinds[:1] == [ContentBlockedError] else None,
    )


def of_code(code: str, failures: Failures, **details: Any) -> ProviderError:
    """Return the error for a code that came in the middle of an answer."""
    fallback = ModelRequestError if code.startswith(("invalid", "image")) else ModelOverloadedError
    return failures.make(BY_CODE.get(code, fallback), code=code, **details)


def data_url(picture: Picture) -> str:
    """Return a picture as a data URL."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode('ascii')}"
