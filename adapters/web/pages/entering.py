"""Signing in and out."""

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from adapters.web import doors
from adapters.web.forms import SignInForm
from adapters.web.pages.base import make_pages, show
from adapters.web.redirects import own_path
from adapters.web.security import application, visitor
from adapters.web.session_cookies import drop_session, forget_forms, keep_session, visit
from core.errors import LimitReachedError, NotAllowedError
from core.usecases.accounts.sessions import SignOut
from core.usecases.accounts.sign_in import SignIn

blueprint = make_pages("entering")


@blueprint.get("/sign-in")
@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form, and let in who knows the password."""
    target = own_path(request.args.get("callbackUrl"))
    if request.method == "GET" and visitor() is not None:
        return redirect("/dashboard")
    form = SignInForm()
    if not form.is_sent():
        return show("sign_in", form=form), 422 if form.errors else 200
    try:
        doors.knock("sign_in", form.email.data)
        found = application().use(SignIn)(
            email=form.email.data, password=form.password.data, remember=form.remember.data, visit=visit()
        )
    except (NotAllowedError, LimitReachedError) as error:
        return refused("sign_in", form, error)
    forget_forms()
    keep_session(found)
    return redirect(target)


def refused(template: str, form: SignInForm, error: NotAllowedError | LimitReachedError) -> tuple[str, int]:
    """Show the form again with what is wrong above it."""
    form.refuse(error)
    is_limit = isinstance(error, LimitReachedError)
    return show(template, form=form, code=error.code), 429 if is_limit else 422


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session and go to the start page."""
    known = visitor()
    if known is not None:
        application().use(SignOut)(actor=known)
    drop_session()
    flash("You are signed out.", "success")
    return redirect("/")  # type: ignore[return-value]
