"""The cookie of a session."""

from flask import Response, after_this_request, request, session

from adapters.web.identity import COOKIE, SECURE_COOKIE
from core.usecases.accounts.sessions import NewSession, Visit


def visit() -> Visit:
    """Return where the current request comes from."""
    return Visit(user_agent=request.headers.get("User-Agent", ""), address=request.remote_addr or "")


def keep_session(opened: NewSession) -> None:
    """Give the browser the secret with this answer, where no script can read it.

    Without "remember" the browser forgets it when it is closed.
    """

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            SECURE_COOKIE if request.is_secure else COOKIE, opened.secret, path="/", httponly=True, samesite="Lax",
            secure=request.is_secure, expires=opened.session.expires_at if opened.session.is_remembered else None,
        )  # fmt: skip
        return response


def forget_forms() -> None:
    """Let the tokens of forms stop working that were made for whoever sat here before."""
    session.clear()


def drop_session() -> None:
    """Take the secret away with this answer."""
    forget_forms()

    @after_this_request
    def take(response: Response) -> Response:
        for name in (COOKIE, SECURE_COOKIE):
            if name in request.cookies:
                response.delete_cookie(name, path="/", httponly=True, samesite="Lax", secure=name == SECURE_COOKIE)
        return response
