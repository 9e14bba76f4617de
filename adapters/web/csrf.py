"""Requests that a foreign page made a browser send are refused, for whom the browser is signed in or not."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, validate_csrf
from wtforms import ValidationError

from adapters.web import limits, security
from core.errors import NotAllowedError

if TYPE_CHECKING:
    from flask.wrappers import Request

COOKIE = "i2i_form"
HEADER, FIELD = "X-CSRFToken", "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})


class FormSessions(SecureCookieSessionInterface):
    """The signed cookie behind the tokens; on https under a name that only this very host can set."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name for the current request."""
        return f"__Host-{COOKIE}" if request.is_secure else COOKIE

    def get_cookie_secure(self, app: Flask) -> bool:
        """Keep the cookie of https away from http."""
        return request.is_secure


def protect() -> None:
    """Refuse an unsafe request that our own pages did not send.

    Raises:
        NotAllowedError: code ``foreign_origin`` or ``csrf_failed``.
    """
    if request.endpoint is None or request.method in SAFE or security.has_key():
        return
    if is_foreign(request):
        raise NotAllowedError("This request came from another site.", code="foreign_origin")
    try:
        validate_csrf(_token())
    except ValidationError as error:
        raise NotAllowedError(
            "The page is too old; reload it and try again. (Programs send an API key, or the token of "
            f"GET /api/security/csrf in {HEADER}.)", code="csrf_failed",
        ) from error  # fmt: skip


def is_foreign(request: "Request") -> bool:
    """Whether the browser says that another site caused this request."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:  # browsers send it on https and on this machine; no page can change it
        return site not in OWN_SITE
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.host
    except ValueError:
        return True


def _token() -> str | None:
    """Return the token: a form with files is not read for it, since anybody could make us store them."""
    given = request.headers.get(HEADER)
    is_small = request.endpoint not in limits.UPLOADS and request.mimetype == "application/x-www-form-urlencoded"
    return given or (request.form.get(FIELD) if is_small else None)


def register(app: APIFlask) -> None:
    """Offer ``csrf_token()`` to the templates and check every unsafe request."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, where keys are known
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open for days; the cookie behind it ends with the browser
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
    )  # fmt: skip
    app.session_interface = FormSessions()
    CSRFProtect(app)
    app.before_request(protect)
