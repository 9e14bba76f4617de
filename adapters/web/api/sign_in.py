"""Signing in and out, and one's session."""

import datetime as dt
from typing import Any

from flask import request
from flask_wtf.csrf import generate_csrf

from adapters.web import doors
from adapters.web.api.base import described, make_blueprint, opened
from adapters.web.responses import Done, Envelope, View
from adapters.web.schemas.access import SessionOut, SignedIn, SignInBody
from adapters.web.schemas.accounts import UserOut
from adapters.web.security import actor, application, has_key, shown_secret, visitor
from adapters.web.session_cookies import drop_session, forget_forms, keep_session, visit
from core.errors import NotAllowedError
from core.usecases.accounts.sessions import (
    GetSession,
    ListSessions,
    NewSession,
    RefreshSession,
    RevokeSession,
    SignOut,
)
from core.usecases.accounts.sign_in import SignIn
from core.usecases.accounts.users import GetUser

blueprint = make_blueprint("sign_in", tag="Signing in", about="Sessions for people; programs rather use a key.")


class SignedInAnswer(Envelope[SignedIn]):
    """A session with its secret, also as a cookie."""

    user: UserOut
    token: str
    expires_at: dt.datetime


class SessionAnswer(View):
    """Who is signed in; nulls for nobody."""

    success: bool = True
    user: UserOut | None
    expires: dt.datetime | None


class SessionsAnswer(Envelope[list[SessionOut]]):
    """Sessions, last seen first."""


class EndedAnswer(Done):
    """How many sessions were ended."""

    ended: int


class Csrf(View):
    """The token of a browser."""

    token: str


class CsrfAnswer(Envelope[Csrf]):
    """The token for the header ``X-CSRFToken``."""

    csrf_token: str


def _signed_in(found: NewSession) -> dict[str, Any]:
    keep_session(found)
    facts = {"user": found.user, "token": found.secret, "expires_at": found.session.expires_at}
    return {"data": facts, **facts}


@blueprint.get("/security/csrf")
@blueprint.output(CsrfAnswer)
@blueprint.doc(**opened())
def csrf() -> dict[str, Any]:
    """Get the token that a browser sends along with everything that changes something."""
    token = generate_csrf()
    return {"data": {"token": token}, "csrf_token": token}


@blueprint.post("/auth/login")
@blueprint.post("/auth/sign-in")
@blueprint.post("/auth/signin")
@blueprint.input(SignInBody)
@blueprint.output(SignedInAnswer)
@blueprint.doc(**opened(401, 422))
def sign_in(json_data: SignInBody) -> dict[str, Any]:
    """Sign in with an address and a password."""
    doors.knock("sign_in", json_data.email)
    found = application().use(SignIn)(**json_data.model_dump(), visit=visit())
    forget_forms()
    return _signed_in(found)


@blueprint.post("/auth/logout")
@blueprint.post("/auth/sign-out")
@blueprint.post("/auth/signout")
@blueprint.output(Done)
@blueprint.doc(**opened())
def sign_out() -> dict[str, Any]:
    """End the session of this request."""
    known = visitor()
    if known is not None:
        application().use(SignOut)(actor=known)
    drop_session()
    return {}


@blueprint.get("/auth/session")
@blueprint.output(SessionAnswer)
@blueprint.doc(**opened())
def get_session() -> dict[str, Any]:
    """Tell who is signed in, nobody included."""
    known = visitor()
    if known is None:
        return {"user": None, "expires": None}
    found = application().use(GetSession)(actor=known)
    return {
        "user": application().use(GetUser)(actor=known, user="me"),
        "expires": found.expires_at if found is not None else known.expires_at,
    }


@blueprint.get("/auth/refresh")
@blueprint.post("/auth/refresh")
@blueprint.output(SignedInAnswer)
@blueprint.doc(**described(422))
def refresh() -> dict[str, Any]:
    """Replace the secret of this session and begin its time anew."""
    if request.method == "GET" and not has_key() and request.headers.get("Sec-Fetch-Site") != "same-origin":
        raise NotAllowedError("Refresh by POST, or from a page of this installation.", code="foreign_origin")
    return _signed_in(application().use(RefreshSession)(actor=actor(), secret=shown_secret()))


@blueprint.get("/user/sessions")
@blueprint.output(SessionsAnswer)
@blueprint.doc(**described())
def list_sessions() -> dict[str, Any]:
    """List where one is signed in."""
    me = actor()
    found = [SessionOut.model_validate(s) for s in application().use(ListSessions)(actor=me)]
    return {"data": [s.model_copy(update={"is_current": s.id == me.session_id}) for s in found]}


@blueprint.delete("/user/sessions")
@blueprint.output(EndedAnswer)
@blueprint.doc(**described())
def end_other_sessions() -> dict[str, Any]:
    """End all sessions but this one."""
    return {"ended": application().use(RevokeSession)(actor=actor())}


@blueprint.delete("/user/sessions/<id:session_id>")
@blueprint.output(EndedAnswer)
@blueprint.doc(**described(404))
def end_session(session_id: str) -> dict[str, Any]:
    """End one session at once."""
    return {"ended": application().use(RevokeSession)(actor=actor(), session_id=session_id)}
