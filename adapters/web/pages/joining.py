"""Opening an account and confirming its address."""

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from adapters.web import doors
from adapters.web.forms import EmailForm, SignUpForm
from adapters.web.pages.base import make_pages, show
from adapters.web.security import application, visitor
from core.errors import I2IError, InvalidInputError, LimitReachedError
from core.usecases.accounts.sign_up import Applicant, ResendVerification, SignUp, VerifyEmail

blueprint = make_pages("joining")
SECONDS_TO_SIGN_IN = 3


def status_of(error: I2IError) -> int:
    """Return the status of a page that shows a refusal in its form."""
    return 429 if isinstance(error, LimitReachedError) else 422


@blueprint.get("/sign-up")
@blueprint.post("/sign-up")
def sign_up() -> ResponseReturnValue:
    """Show the form, and open an account."""
    if request.method == "GET" and visitor() is not None:
        return redirect("/dashboard")
    form = SignUpForm()
    facts = {"captcha": application().captcha.name, "welcome": application().welcome_credits}
    if not form.is_sent():
        return show("sign_up", form=form, **facts), 422 if form.errors else 200
    applicant = Applicant(
        name=form.name.data, email=form.email.data, password=form.password.data,
        company_name=form.company_name.data or "", accepts_terms=form.accept_terms.data,
    )  # fmt: skip
    try:
        doors.knock("sign_up", applicant.email)
        application().use(SignUp)(applicant=applicant, captcha=form.altcha.data or "")
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        return show("sign_up", form=form, **facts), status_of(error)
    session["waiting_for"] = applicant.email
    return redirect("/verify-email")


@blueprint.get("/verify-email")
@blueprint.post("/verify-email")
def verify_email() -> ResponseReturnValue:
    """Confirm the address whose link was opened; without one, say where the link is."""
    token = request.values.get("token", "")
    if request.method == "GET":
        waiting = session.get("waiting_for", "")
        return show("verify_email", token=token, form=EmailForm(data={"email": waiting}), **mail_facts())
    try:
        doors.knock_with_link()
        application().use(VerifyEmail)(token=token)
    except (InvalidInputError, LimitReachedError) as error:
        page = show("verify_email", token="", problem=error.message, form=EmailForm(), **mail_facts())
        return page, status_of(error)
    session.pop("waiting_for", None)
    return show("verified"), {"Refresh": f"{SECONDS_TO_SIGN_IN}; url=/sign-in"}


@blueprint.post("/verify-email/resend")
def resend() -> ResponseReturnValue:
    """Mail the link again."""
    form = EmailForm()
    if not form.is_sent():
        return show("verify_email", token="", form=form, **mail_facts()), 422
    try:
        doors.knock("resend", form.email.data)
        application().use(ResendVerification)(email=form.email.data)
    except (InvalidInputError, LimitReachedError) as error:
        form.refuse(error)
        return show("verify_email", token="", form=form, **mail_facts()), status_of(error)
    return show("verify_email", token="", is_resent=True, form=form, **mail_facts())


def mail_facts() -> dict[str, bool]:
    """Return what a page says about where mails are."""
    return {"is_console": application().settings.mail == "console"}
