"""Errors as HTTP: one table from error class to status, and one problem body for every refusal."""

from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from adapters.web.pages.problems import problem_page, to_sign_in, wants_page
from core.errors import (
    ConflictError,
    I2IError,
    InsufficientCreditsError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    ProviderError,
    ProviderUnavailableError,
    TooLargeError,
    UnsupportedTypeError,
    WrongPasswordError,
)
from core.ports.blob_store import StorageFullError

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.web")

# From the most to the least specific; the first class that fits decides.
STATUS: tuple[tuple[type[I2IError], int], ...] = (
    (StorageFullError, 507),
    (TooLargeError, 413),
    (UnsupportedTypeError, 415),
    (WrongPasswordError, 400),
    (InvalidInputError, 422),
    (NotFoundError, 404),
    (NotAuthenticatedError, 401),
    (NotAllowedError, 403),
    (InsufficientCreditsError, 402),
    (ConflictError, 409),
    (LimitReachedError, 429),
    (ProviderUnavailableError, 503),
    (ProviderError, 502),
)
SECONDS_TO_RETRY = 5
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_type"}
KEPT_HEADERS = frozenset({"Allow", "Content-Range", "Retry-After"})


def status_of(error: I2IError) -> int:
    """Return the HTTP status of an error; 429 is kept for limits that go away by waiting."""
    if type(error) is LimitReachedError and error.retry_after is None:
        return 409
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem(status: int, *, error: str, code: str, details: dict[str, Any] | None = None) -> Response:
    """Build what every refusal answers: a page for people, and otherwise the body that programs read."""
    if wants_page():
        return to_sign_in() if status == 401 else problem_page(status, error=error)
    body = {
        "success": False,
        "error": error,
        "code": code,
        "details": details or {},
        "requestId": g.get("request_id", ""),
    }
    response = jsonify(body)
    response.status_code = status
    return response


def refuse(error: I2IError) -> Response:
    """Answer what a use case refused or could not do."""
    status = status_of(error)
    response = problem(status, error=error.message, code=error.code, details=error.details)
    wait = error.retry_after if isinstance(error, LimitReachedError) else None
    if status >= 500:
        log.warning("provider_failed", error=error.message, code=error.code)
    if status == 503:
        wait = SECONDS_TO_RETRY
    if wait is not None:
        response.headers["Retry-After"] = str(max(1, round(wait)))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="i2i"'
    return response


def refuse_input(error: HTTPError) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Answer input that does not fit the schema, with what is wrong in each field."""
    fields = {name: texts for place in (error.detail or {}).values() for name, texts in dict(place).items()}
    text = (
        "; ".join(f"{name}: {' '.join(texts)}" for name, texts in fields.items())
        or error.message
        or "The input does not fit."
    )
    body = problem(error.status_code, error=text, code="invalid_input", details={"fields": fields}).get_json()
    return body, error.status_code, {}


def refuse_request(error: HTTPException) -> Response:
    """Answer a request that no view could take."""
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    code = CODES.get(status, error.name.lower().replace(" ", "_"))
    details = {"max_bytes": request.max_content_length} if status == 413 else {}
    response = problem(status, error=_sentence(error), code=code, details=details)
    response.headers.extend((k, v) for k, v in error.get_headers(request.environ) if k in KEPT_HEADERS)
    return response


def _sentence(error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge):
        return "The request is larger than this address takes."
    if isinstance(error, NotFound):
        return "There is nothing at this address."
    return error.description or error.name


def fail(error: Exception) -> Response:
    """Answer a fault of ours; what happened stands in the log, under the same request id."""
    log.error("request_failed", exc_info=error, request_id=g.get("request_id", ""))
    return problem(500, error="Something went wrong on our side.", code="internal_error")


def register(app: APIFlask) -> None:
    """Answer every error of the application with a problem body."""
    app.error_processor(refuse_input)
    app.register_error_handler(I2IError, refuse)
    app.register_error_handler(HTTPException, refuse_request)
    app.register_error_handler(Exception, fail)
