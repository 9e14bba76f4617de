"""Opening an account, verifying its address, and passwords."""

from typing import Any

from adapters.web import doors
from adapters.web.api.base import described, make_blueprint, opened
from adapters.web.responses import Done, Envelope
from adapters.web.schemas.access import EmailBody, Message, PasswordBody, ResetBody, SignUpBody, TokenBody
from adapters.web.security import actor, application
from core.kernel.actor import Role
from core.usecases.accounts.passwords import ChangePassword, RequestPasswordReset, ResetPassword
from core.usecases.accounts.sign_up import Applicant, ResendVerification, SignUp, VerifyEmail

blueprint = make_blueprint("sign_up", tag="Signing in", about="Sessions for people; programs rather use a key.")
LOOK_INTO_MAIL = "We have sent you a mail. Open the link in it to confirm your address."
RESET_MAILED = "If there is an account with this address, we have sent a link to it."
VERIFY_MAILED = "If there is an account that waits for it, we have sent another link."


class MessageAnswer(Envelope[Message]):
    """What happens next."""

    message: str


class CaptchaAnswer(Envelope[dict[str, Any]]):
    """A riddle for the browser; empty when nothing is asked."""

    kind: str


def _message(text: str) -> dict[str, Any]:
    return {"data": {"message": text}, "message": text}


@blueprint.get("/auth/captcha")
@blueprint.output(CaptchaAnswer)
@blueprint.doc(**opened())
def captcha() -> dict[str, Any]:
    """Get the riddle that sign-up asks a browser to solve."""
    found = application().captcha
    return {"data": dict(found.challenge()), "kind": found.name}


@blueprint.post("/auth/register")
@blueprint.post("/auth/sign-up")
@blueprint.post("/auth/signup")
@blueprint.input(SignUpBody)
@blueprint.output(MessageAnswer, status_code=201)
@blueprint.doc(**opened(422))
def sign_up(json_data: SignUpBody) -> dict[str, Any]:
    """Open an account and mail a link that verifies its address."""
    doors.knock("sign_up", json_data.email)
    values = json_data.model_dump()
    captcha_token, role, accepts = values.pop("captcha_token"), values.pop("role"), values.pop("accept_terms")
    applicant = Applicant(**values, accepts_terms=accepts, roles=frozenset({Role(role)}))
    application().use(SignUp)(applicant=applicant, captcha=captcha_token)
    return _message(LOOK_INTO_MAIL)


@blueprint.post("/auth/verify-email")
@blueprint.input(TokenBody)
@blueprint.output(Done)
@blueprint.doc(**opened(422))
def verify(json_data: TokenBody) -> dict[str, Any]:
    """Verify the address of an account with the mailed link."""
    doors.knock_with_link()
    application().use(VerifyEmail)(token=json_data.token)
    return {}


@blueprint.post("/auth/verify-email/resend")
@blueprint.input(EmailBody)
@blueprint.output(MessageAnswer)
@blueprint.doc(**opened(422))
def resend(json_data: EmailBody) -> dict[str, Any]:
    """Mail the link that verifies an address again."""
    doors.knock("resend", json_data.email)
    application().use(ResendVerification)(email=json_data.email)
    return _message(VERIFY_MAILED)


@blueprint.post("/auth/reset-password")
@blueprint.input(EmailBody)
@blueprint.output(MessageAnswer)
@blueprint.doc(**opened(422))
def ask_reset(json_data: EmailBody) -> dict[str, Any]:
    """Mail a link with which a forgotten password is replaced."""
    doors.knock("reset", json_data.email)
    application().use(RequestPasswordReset)(email=json_data.email)
    return _message(RESET_MAILED)


@blueprint.post("/auth/reset-password/confirm")
@blueprint.input(ResetBody)
@blueprint.output(Done)
@blueprint.doc(**opened(422))
def reset(json_data: ResetBody) -> dict[str, Any]:
    """Replace a forgotten password with the help of a mailed link; all sessions end."""
    doors.knock_with_link()
    application().use(ResetPassword)(token=json_data.token, password=json_data.password)
    return {}


@blueprint.put("/user/password")
@blueprint.input(PasswordBody)
@blueprint.output(Done)
@blueprint.doc(**described(422))
def change_password(json_data: PasswordBody) -> dict[str, Any]:
    """Change one's own password; all other sessions end."""
    me = actor()
    doors.knock("sign_in", me.label)
    application().use(ChangePassword)(actor=me, current=json_data.current_password, new=json_data.new_password)
    return {}
