"""One's account: sessions, password, API keys."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from adapters.web import doors
from adapters.web.browsers import browser_name
from adapters.web.forms import ApiKeyForm, ChangePasswordForm
from adapters.web.pages.base import make_pages, show
from adapters.web.pages.joining import status_of
from adapters.web.security import actor, application
from adapters.web.session_cookies import drop_session
from core.errors import InvalidInputError, LimitReachedError
from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey, ListApiKeys, NewApiKey, RevokeApiKey
from core.usecases.accounts.passwords import ChangePassword
from core.usecases.accounts.sessions import ListSessions, RevokeSession

blueprint = make_pages("account_page")
blueprint.add_app_template_filter(browser_name)
SCOPES = {
    Scope.ORDERS_READ: "Read orders, pictures and results",
    Scope.ORDERS_WRITE: "Create, change and confirm orders",
    Scope.ASSETS_WRITE: "Upload pictures and logos",
    Scope.CREDITS_READ: "Read the balance and its history",
    Scope.CREDITS_CHARGE: "Spend credits on listed operations",
    Scope.DAM_READ: "Read connections to other systems",
    Scope.DAM_WRITE: "Deliver to other systems",
    Scope.ADMIN: "Administer this installation",
}


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """Lead to the first page of the account."""
    return redirect("/account/security")


@blueprint.get("/account/security")
def security() -> str:
    """Show where one is signed in, and the form for a new password."""
    return _security(ChangePasswordForm())


def _security(form: ChangePasswordForm) -> str:
    me = actor()
    found = application().use(ListSessions)(actor=me)
    return show("account_security", form=form, sessions=found, current=me.session_id)


@blueprint.post("/account/security/password")
def change_password() -> ResponseReturnValue:
    """Change the password."""
    form = ChangePasswordForm()
    if not form.is_sent():
        return _security(form), 422
    try:
        doors.knock("sign_in", actor().label)
        application().use(ChangePassword)(actor=actor(), current=form.current.data, new=form.new.data)
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        return _security(form), status_of(error)
    flash("Your password was changed, and your other sessions were ended.", "success")
    return redirect("/account/security")


@blueprint.post("/account/security/sessions/<id:session_id>/end")
def end_session(session_id: str) -> ResponseReturnValue:
    """End one session."""
    application().use(RevokeSession)(actor=actor(), session_id=session_id)
    if session_id == actor().session_id:
        drop_session()
        return redirect("/")
    flash("The session was ended.", "success")
    return redirect("/account/security")


@blueprint.post("/account/security/sessions/end")
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    ended = application().use(RevokeSession)(actor=actor())
    flash(f"Sessions ended: {ended}.", "success")
    return redirect("/account/security")


@blueprint.get("/account/api-keys")
def api_keys() -> str:
    """List keys, and show the form for a new one."""
    return _api_keys(ApiKeyForm())


def _api_keys(form: ApiKeyForm, made: NewApiKey | None = None) -> str:
    me = actor()
    offered = {scope: words for scope, words in SCOPES.items() if scope is not Scope.ADMIN or me.is_admin}
    keys = application().use(ListApiKeys)(actor=me)
    return show(
        "api_keys", form=form, keys=keys, made=made, offered=offered, now=application().clock.now(),
        chosen=request.form.getlist("scopes") or [Scope.ORDERS_READ.value],
    )  # fmt: skip


@blueprint.post("/account/api-keys")
def create_api_key() -> ResponseReturnValue:
    """Make a key and show its secret, this once."""
    form = ApiKeyForm()
    if not form.is_sent():
        return _api_keys(form), 422
    wanted = {s for s in SCOPES if s.value in request.form.getlist("scopes")}
    try:
        made = application().use(CreateApiKey)(actor=actor(), name=form.name.data, scopes=wanted)
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        return _api_keys(form), 422
    form.name.data = ""
    return _api_keys(form, made), {"Cache-Control": "no-store"}


@blueprint.post("/account/api-keys/<id:key_id>/revoke")
def revoke_api_key(key_id: str) -> ResponseReturnValue:
    """Revoke a key."""
    application().use(RevokeApiKey)(actor=actor(), key_id=key_id)
    flash("The key was revoked; it no longer works.", "success")
    return redirect("/account/api-keys")
