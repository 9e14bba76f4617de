"""Forgotten passwords."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from adapters.web import doors
from adapters.web.forms import EmailForm, NewPasswordForm
from adapters.web.pages.base import make_pages, show
from adapters.web.pages.joining import mail_facts, status_of
from adapters.web.security import application
from adapters.web.session_cookies import drop_session
from core.errors import InvalidInputError, LimitReachedError
from core.usecases.accounts.passwords import CheckResetLink, RequestPasswordReset, ResetPassword

blueprint = make_pages("recovering")


@blueprint.get("/forgot-password")
@blueprint.post("/forgot-password")
def forgot_password() -> ResponseReturnValue:
    """Ask for the address and mail a link to it."""
    form = EmailForm()
    if not form.is_sent():
        return show("forgot_password", form=form), 422 if form.errors else 200
    try:
        doors.knock("reset", form.email.data)
        application().use(RequestPasswordReset)(email=form.email.data)
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        return show("forgot_password", form=form), status_of(error)
    return show("reset_mailed", email=form.email.data, **mail_facts())


@blueprint.get("/reset-password")
@blueprint.post("/reset-password")
def reset_password() -> ResponseReturnValue:
    """Take the new password of somebody who opened the link."""
    form = NewPasswordForm(data={"token": request.args.get("token", "")})
    try:
        doors.knock_with_link()
        application().use(CheckResetLink)(token=form.token.data or "")
        if not form.is_sent():
            return show("reset_password", form=form), 422 if form.errors else 200
        application().use(ResetPassword)(token=form.token.data, password=form.password.data)
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        is_dead = error.code != "weak_password"
        return show("link_dead" if is_dead else "reset_password", form=form), status_of(error)
    drop_session()
    flash("Your password was changed. Sign in with the new one.", "success")
    return redirect("/sign-in")
