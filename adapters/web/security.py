"""Who is asking: an API key, the secret of a session, or the session's cookie."""

from apiflask import APIFlask
from flask import current_app, g, request

from adapters.bootstrap import Application
from adapters.web import limits
from adapters.web.identity import identify, presented
from adapters.web.networks import is_this_machine
from core.errors import NotAuthenticatedError
from core.kernel.actor import Actor

BEARER, HEADER = "bearer", "apiKey"
OPEN_ENDPOINTS = frozenset(
    {
        "health.healthz", "health.readyz", "health.metrics", "docs.page", "docs.openapi", "static",
        "frontend.built", "sign_in.csrf", "sign_in.sign_in", "sign_in.sign_out", "sign_in.get_session",
        "sign_up.sign_up", "sign_up.captcha", "sign_up.verify", "sign_up.resend", "sign_up.ask_reset",
        "sign_up.reset",
        "landing.home", "landing.terms", "landing.privacy", "entering.sign_in", "entering.sign_out",
        "joining.sign_up", "joining.verify_email", "joining.resend", "recovering.forgot_password",
        "recovering.reset_password",
    }
)  # fmt: skip


def application() -> Application:
    """Return the application behind the current request."""
    found: Application = current_app.extensions["i2i"]
    return found


def actor() -> Actor:
    """Return who is asking.

    Raises:
        NotAuthenticatedError: nobody is signed in, or the key is unknown, expired or revoked.
        LimitReachedError: the address has sent too many such keys.
    """
    if "actor" not in g:
        try:
            g.actor = identify(application(), request.headers, request.cookies, is_secure=request.is_secure)
        except NotAuthenticatedError:
            if has_key():  # a cookie that grew old is no attempt to guess
                limits.count_failure()
            raise
    known: Actor = g.actor
    return known


def visitor() -> Actor | None:
    """Return who is asking on a page that is open to everybody; None for nobody."""
    try:
        return actor()
    except NotAuthenticatedError:
        return None


def shown_secret() -> str:
    """Return the key or the secret that the current request shows; empty without one."""
    shown = presented(request.headers, request.cookies, is_secure=request.is_secure)
    return shown.secret if shown is not None else ""


def has_key() -> bool:
    """Whether the request names its sender in a header, which no foreign page can make a browser do."""
    return presented(request.headers, {}) is not None


def is_local() -> bool:
    """Whether the request comes from this very machine, and not through a proxy on it."""
    return is_this_machine(request.remote_addr or "") and "X-Forwarded-For" not in request.headers


def require_key() -> None:
    """Ask who is there before every view but the open ones, whatever the view does."""
    if request.endpoint is not None and request.endpoint not in OPEN_ENDPOINTS:
        actor()


def register(app: APIFlask) -> None:
    """Guard all views, those to come included."""
    app.before_request(require_key)
