"""Who is asking, read from a request of any kind: Flask's or that of a stream."""

from collections.abc import Mapping
from typing import Protocol

import attrs

from adapters.bootstrap import Application
from core.errors import NotAuthenticatedError
from core.kernel.actor import Actor
from core.usecases.accounts.api_keys import Authenticate
from core.usecases.accounts.sessions import SESSION_PREFIX, AuthenticateSession

MAX_SECRET = 200
COOKIE = "i2i_session"
# Browsers take this name only from https and only for the very host, so that no neighbour can plant a session.
SECURE_COOKIE = f"__Host-{COOKIE}"


class Fields(Protocol):
    """Headers of a request, looked up whatever the case of the name."""

    def get(self, key: str, default: str, /) -> str:
        """Return a header."""
        ...


@attrs.frozen
class Presented:
    """What somebody shows at the door.

    Args:
        is_cookie: whether the browser added it by itself, so that the request may not be the person's own wish.
    """

    secret: str = attrs.field(repr=False)
    is_cookie: bool


def identify(
    application: Application, headers: Fields, cookies: Mapping[str, str], *, is_secure: bool = False
) -> Actor:
    """Return who is asking: a key or a session's secret in the headers, else the cookie of a session.

    Args:
        is_secure: whether the request came by https; only the cookie of that name counts then.

    Raises:
        NotAuthenticatedError: nothing was shown, or something unknown, expired or revoked.
    """
    shown = presented(headers, cookies, is_secure=is_secure)
    if shown is None:
        raise NotAuthenticatedError(
            "Sign in, or send an API key as a bearer token or in X-API-Key.", code="key_required"
        )
    if len(shown.secret) > MAX_SECRET or not shown.secret.isascii():
        raise NotAuthenticatedError("This key is unknown, expired or revoked.")
    if shown.is_cookie or shown.secret.startswith(SESSION_PREFIX):
        return application.use(AuthenticateSession)(secret=shown.secret)
    return application.use(Authenticate)(secret=shown.secret)


def presented(headers: Fields, cookies: Mapping[str, str], *, is_secure: bool = False) -> Presented | None:
    """Return what is shown; with a key in the headers the cookie does not count."""
    given = headers.get("X-API-Key", "")
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if not given and scheme.lower() == "bearer":
        given = token.strip()
    if given:
        return Presented(given, is_cookie=False)
    kept = cookies.get(SECURE_COOKIE, "") or ("" if is_secure else cookies.get(COOKIE, ""))
    return Presented(kept, is_cookie=True) if kept else None
