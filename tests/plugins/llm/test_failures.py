"""Failures of providers, each with its kind, what to do about it, and no second request."""

import json
import socket
from typing import Any

import attrs
import pytest

from core.errors import CredentialsError, InvalidInputError, ProviderError
from core.ports.language_model import (
    ContentBlockedError,
    LanguageModel,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequestError,
    ModelTimeoutError,
)
from i2i.testing import CANARY, ask
from plugins.hookspecs import LanguageModelContext
from plugins.language_models.failures import retry_after
from tests.plugins.llm.conftest import DESCRIPTORS
from tests.support.provider_stub import Answer, Desk, Fault, Hangup, Hold, Raw, Silence
from tests.support.provider_stub.faults import FAULTS, anthropic, gemini, openai

NO_MONEY = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
)
BY_STATUS = {
    401: CredentialsError,
    403: CredentialsError,
    402: ModelFundsExhaustedError,
    404: ModelRequestError,
    413: ModelRequestError,
    422: ModelRequestError,
    429: ModelRateLimitedError,
    500: ModelOverloadedError,
    502: ModelOverloadedError,
    503: ModelOverloadedError,
    504: ModelOverloadedError,
    529: ModelOverloadedError,
}
DAILY = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}]}
CODES: dict[str, tuple[str, Fault, type[ProviderError]]] = {
    **{f"openai {code}": ("openai", openai(429, code), ModelFundsExhaustedError) for code in NO_MONEY},
    "openai type": ("openai", openai(429, "other", kind="insufficient_quota"), ModelFundsExhaustedError),
    "openai slow down": ("openai", openai(429, "slow_down"), ModelRateLimitedError),
    "openai policy": ("openai", openai(400, "content_policy_violation"), ContentBlockedError),
    "openai image": ("openai", openai(400, "invalid_image"), ModelRequestError),
    "anthropic limit": (
        "anthropic",
        anthropic(429, "rate_limit_error", "enforced_spend_limit_reached"),
        ModelFundsExhaustedError,
    ),
    "anthropic other code": (
        "anthropic",
        anthropic(429, "rate_limit_error", "ramp_limit_exceeded"),
        ModelRateLimitedError,
    ),
    "gemini key": ("gemini", gemini(400, "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}), CredentialsError),
    "gemini day": ("gemini", gemini(429, "RESOURCE_EXHAUSTED", DAILY), ModelRateLimitedError),
    "gemini odd details": ("gemini", gemini(429, "RESOURCE_EXHAUSTED", {"violations": 7}), ModelRateLimitedError),
}


def failure_of(model: LanguageModel, **changes: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        list(model.complete(attrs.evolve(ask("secret words of a customer"), **changes)))
    return caught.value


@pytest.mark.parametrize("status", BY_STATUS)
def test_a_status_alone_says_enough(model: LanguageModel, desk: Desk, status: int) -> None:
    desk.script(Raw(content=b"a page of a proxy", content_type="text/plain", status=status))
    error = failure_of(model)
    assert type(error) is BY_STATUS[status]
    assert error.details["status"] == status
    assert "proxy" not in f"{error} {error.details}"
    assert len(desk.log) == 1


@pytest.mark.parametrize(("key", "fault", "kind"), CODES.values(), ids=CODES, indirect=["key"])
def test_a_code_says_more_than_the_status(
    model: LanguageModel, desk: Desk, fault: Fault, kind: type[ProviderError]
) -> None:
    desk.script(fault)
    assert type(failure_of(model)) is kind
    assert len(desk.log) == 1


@pytest.mark.parametrize("key", ["gemini"], indirect=True)
def test_a_quota_of_the_day_is_told_apart(model: LanguageModel, desk: Desk) -> None:
    desk.script(gemini(429, "RESOURCE_EXHAUSTED", DAILY), gemini(429, "RESOURCE_EXHAUSTED"))
    assert failure_of(model).details["scope"] == "day"
    assert "scope" not in failure_of(model).details


def test_how_long_to_wait_and_whom_to_ask_about_it(model: LanguageModel, desk: Desk, key: str) -> None:
    desk.script(FAULTS[key][ModelRateLimitedError])
    error = failure_of(model)
    assert error.details["retry_after"] == 7
    assert error.details["provider"] == key
    assert error.details["model"] == model.card.model
    assert key == "gemini" or error.details["request_id"] == "req_123"


FAILED = {"id": "r", "object": "response", "status": "failed", "error": {"code": "server_error"}, "output": []}
STREAM_ERRORS: dict[str, tuple[str, str, dict[str, Any], type[ProviderError]]] = {
    "openai": ("openai", "error", {"code": "rate_limit_exceeded", "message": "m"}, ModelRateLimitedError),
    "openai failed": ("openai", "response.failed", {"response": FAILED}, ModelOverloadedError),
    "compatible": ("openai_compatible", "x", {"error": {"message": "m", "code": 500}}, ModelOverloadedError),
    "anthropic": ("anthropic", "error", {"error": {"type": "overloaded_error"}}, ModelOverloadedError),
    "anthropic poor": ("anthropic", "error", {"error": {"type": "billing_error"}}, ModelFundsExhaustedError),
}


@pytest.mark.parametrize(("key", "event", "data", "kind"), STREAM_ERRORS.values(), ids=STREAM_ERRORS, indirect=["key"])
def test_an_error_in_the_middle_of_a_stream(
    model: LanguageModel, desk: Desk, event: str, data: dict[str, Any], kind: type[ProviderError]
) -> None:
    content = f"event: {event}\ndata: {json.dumps({'type': event, **data})}\n\n"
    desk.script(Raw(content=content.encode(), content_type="text/event-stream"))
    assert type(failure_of(model)) is kind


def test_no_answer_in_time(model: LanguageModel, desk: Desk) -> None:
    hold = Hold()
    desk.script(Silence(hold=hold))
    error = failure_of(model, seconds=0.3)
    assert isinstance(error, ModelTimeoutError)
    assert error.details["maybe_billed"]
    assert len(desk.log) == 1


def test_a_stream_that_stalls_is_too_late_as_well(model: LanguageModel, desk: Desk) -> None:
    desk.script(Answer(pieces=("one", "two"), hold=Hold()))
    assert isinstance(failure_of(model, seconds=0.3), ModelTimeoutError)


def test_nobody_there(key: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        descriptor = DESCRIPTORS[key]
        model = descriptor.create(LanguageModelContext(card=descriptor.cards()[0], api_key=CANARY, base_url=url))
        error = failure_of(model)
    assert isinstance(error, ModelConnectionError)
    assert error.details["sent"] is False
    assert error.details["maybe_billed"] is False


@pytest.mark.parametrize("item", [Hangup(), Answer(pieces=("one", "two"), cut_after=1)], ids=["before", "within"])
def test_a_lost_connection_may_have_been_billed(model: LanguageModel, desk: Desk, item: Hangup | Answer) -> None:
    desk.script(item)
    error = failure_of(model)
    assert isinstance(error, ModelConnectionError)
    assert error.details["maybe_billed"]
    assert len(desk.log) == 1


def test_a_redirect_is_not_followed(model: LanguageModel, desk: Desk) -> None:
    desk.script(Raw(content=b"", status=307, headers={"location": f"{desk.url}/elsewhere"}))
    assert isinstance(failure_of(model), ModelRequestError)
    assert len(desk.log) == 1


BAD_ADDRESSES = ("", "ftp://x", "localhost:11434", "http://user:pass@host/v1", "http://host/v1?key=1", "http://a b/")


@pytest.mark.parametrize("url", BAD_ADDRESSES, ids=range(len(BAD_ADDRESSES)))
def test_a_bad_address_is_refused_when_the_model_is_made(url: str) -> None:
    descriptor = DESCRIPTORS["openai_compatible"]
    with pytest.raises(InvalidInputError) as caught:
        descriptor.create(LanguageModelContext(card=descriptor.cards()[0], base_url=url))
    assert caught.value.code == "invalid_base_url"
    assert "pass" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize("api_key", ["", "two words", "line\nbreak", "schlüssel"], ids=range(4))
def test_a_key_that_can_be_none_is_refused_when_the_model_is_made(api_key: str) -> None:
    descriptor = DESCRIPTORS["anthropic"]
    with pytest.raises(CredentialsError) as caught:
        descriptor.create(LanguageModelContext(card=descriptor.cards()[0], api_key=api_key))
    assert not api_key or api_key not in str(caught.value)


def test_a_server_of_ones_own_needs_no_key() -> None:
    descriptor = DESCRIPTORS["openai_compatible"]
    made = descriptor.create(LanguageModelContext(card=descriptor.cards()[0], base_url="http://127.0.0.1:1/v1"))
    assert made.card.locality == "local"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "Wed, 21 Oct 9999 07:28:00 GMT"}, 24 * 3600),
        ({"retry-after": "999999999"}, 24 * 3600),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "٧"}, None),
    ],
    ids=range(11),
)
def test_how_long_to_wait_is_read_with_care(told: dict[str, str], seconds: float | None) -> None:
    assert retry_after(told) == seconds
