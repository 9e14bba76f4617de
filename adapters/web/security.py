"""Who is asking: API keys are the only sign-in."""

from apiflask import APIFlask
from flask import current_app, g, request

from adapters.bootstrap import Application
from adapters.web import limits
from core.errors import NotAuthenticatedError
from core.kernel.actor import Actor
from core.usecases.accounts.api_keys import Authenticate

MAX_SECRET = 200
BEARER, HEADER = "bearer", "apiKey"
OPEN_ENDPOINTS = frozenset(
    {"health.healthz", "health.readyz", "health.metrics", "docs.home", "docs.page", "docs.openapi", "static"}
)


def application() -> Application:
    """Return the application behind the current request."""
    found: Application = current_app.extensions["i2i"]
    return found


def actor() -> Actor:
    """Return who is asking.

    Raises:
        NotAuthenticatedError: no key, or one that is unknown, expired or revoked.
        LimitReachedError: the address has sent too many such keys.
    """
    if "actor" not in g:
        secret = _secret()
        try:
            g.actor = application().use(Authenticate)(secret=secret)
        except NotAuthenticatedError:
            limits.count_failure()
            raise
    known: Actor = g.actor
    return known


def _secret() -> str:
    given = request.headers.get("X-API-Key", "")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not given and scheme.lower() == "bearer":
        given = token.strip()
    if not given:
        raise NotAuthenticatedError("Send an API key as a bearer token or in X-API-Key.", code="key_required")
    if len(given) > MAX_SECRET or not given.isascii():
        raise NotAuthenticatedError("This key is unknown, expired or revoked.")
    return given


def is_local() -> bool:
    """Whether the request comes from this very machine, and not through a proxy on it."""
    address = request.remote_addr or ""
    return (address.startswith("127.") or address == "::1") and "X-Forwarded-For" not in request.headers


def require_key() -> None:
    """Ask for a key before every view but the open ones, whatever the view does."""
    if request.endpoint is not None and request.endpoint not in OPEN_ENDPOINTS:
        actor()


def register(app: APIFlask) -> None:
    """Guard all views, those to come included."""
    app.before_request(require_key)
