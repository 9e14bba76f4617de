"""What a stream needs to know of its request, and the answers that Flask does not give."""

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.web import headers
from adapters.web.errors import SECONDS_TO_RETRY, status_of
from core.errors import I2IError, LimitReachedError

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.web")


def request_id() -> str:
    """Return a new number for a request."""
    return secrets.token_hex(8)


def common_headers(request: Request, number: str, *, trusted_proxies: int) -> dict[str, str]:
    """Return the headers that every answer of the API has."""
    found = {
        **headers.ALWAYS,
        "Content-Security-Policy": headers.CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-store",
        "X-Request-ID": number,
    }
    if is_secure(request, trusted_proxies=trusted_proxies):
        found["Strict-Transport-Security"] = f"max-age={headers.ONE_YEAR}; includeSubDomains"
    return found


def is_secure(request: Request, *, trusted_proxies: int) -> bool:
    """Whether the client came by https, to us or to the proxies that are believed."""
    return _forwarded(request, "x-forwarded-proto", trusted_proxies, request.url.scheme) == "https"


def address_of(request: Request, *, trusted_proxies: int) -> str:
    """Return the address of the client, as the outermost proxy that is believed tells it."""
    peer = request.client.host if request.client else ""
    return _forwarded(request, "x-forwarded-for", trusted_proxies, peer)


def _forwarded(request: Request, name: str, trusted_proxies: int, otherwise: str) -> str:
    """Return what the last trusted proxy wrote; what comes before it anybody could have written."""
    values = [v.strip() for line in request.headers.getlist(name) for v in line.split(",")]
    return values[-trusted_proxies] if 0 < trusted_proxies <= len(values) else otherwise


def refusal(error: Exception, common: dict[str, str]) -> Response:
    """Answer with the problem body that every refusal has; what is no refusal is a fault of ours and is logged."""
    if not isinstance(error, I2IError):
        log.error("request_failed", exc_info=error, request_id=common["X-Request-ID"])
        error = I2IError("Something went wrong on our side.", code="internal_error")
    status = status_of(error)
    wait = error.retry_after if isinstance(error, LimitReachedError) else SECONDS_TO_RETRY if status == 503 else None
    added = {} if wait is None else {"Retry-After": str(max(1, round(wait)))}
    if status == 401:
        added["WWW-Authenticate"] = 'Bearer realm="i2i"'
    body = {
        "success": False, "error": error.message, "code": error.code, "details": error.details,
        "requestId": common["X-Request-ID"],
    }  # fmt: skip
    return JSONResponse(body, status_code=status, headers=common | added)
