"""Headers on every answer, and one log line per request."""

import secrets
import time

import structlog
from apiflask import APIFlask
from flask import Response, g, request

API_VERSION = "1"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' blob: data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # With no-referrer browsers would send forms with "Origin: null", which cannot be told from a foreign page.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "X-API-Version": API_VERSION,
}
ONE_YEAR = 31_536_000

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.access")


def register(app: APIFlask) -> None:
    """Number the request, time it, and add the headers."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.csp_nonce = secrets.token_urlsafe(16)
        g.started = time.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _policy(response))
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        elif response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        log.info(
            "request", method=request.method, path=request.path, status=response.status_code,
            ms=round((time.monotonic() - g.get("started", time.monotonic())) * 1000),
            request_id=g.get("request_id", ""), key=g.actor.label if "actor" in g else "", address=request.remote_addr,
        )  # fmt: skip
        return response


def _policy(response: Response) -> str:
    """Return what a browser may load for this answer: only our own pages run scripts, and only those we marked."""
    if response.mimetype == "text/html" and not request.path.startswith("/api/"):
        return PAGE_POLICY.format(nonce=g.get("csp_nonce", ""))
    return CONTENT_SECURITY_POLICY
