"""Schemas of signing up, signing in, sessions and passwords."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from adapters.web.responses import Body, View
from adapters.web.schemas.accounts import UserOut

Email = Annotated[str, Field(max_length=254, examples=["ada@example.com"])]
Password = Annotated[str, Field(max_length=1000, examples=["Blue-Kettle-42"])]
Token = Annotated[str, Field(max_length=200, examples=["01k0a1b2c3.Zm9v"])]


class SignUpBody(Body):
    """A new account."""

    name: str = Field(max_length=200, examples=["Ada Lovelace"])
    email: Email
    password: Password
    company_name: str = Field(default="", max_length=200, examples=["Lovelace Studios"])
    accept_terms: bool = Field(default=False, description="Must be true.")
    captcha_token: str = Field(
        default="", max_length=4000, description="The solution of `GET /api/auth/captcha`, where one is asked for."
    )
    role: Literal["customer", "designer", "tailor"] = "customer"


class SignInBody(Body):
    """An address and its password."""

    email: Email
    password: Password
    remember: bool = Field(
        default=False, description="Stay signed in for 30 days instead of 7.",
        validation_alias=AliasChoices("remember", "rememberMe", "remember_me"),
    )  # fmt: skip


class EmailBody(Body):
    """An address."""

    email: Email


class TokenBody(Body):
    """What a mailed link holds."""

    token: Token


class ResetBody(TokenBody):
    """A new password, and the mailed link that permits it."""

    password: Password


class PasswordBody(Body):
    """One's password, and the one that replaces it."""

    current_password: Password
    new_password: Password


class SignedIn(View):
    """Who is signed in, and the secret that says so; it is given out this once."""

    user: UserOut
    token: str
    expires_at: dt.datetime


class SessionOut(View):
    """Where somebody is signed in."""

    id: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    is_remembered: bool
    user_agent: str
    address: str
    is_current: bool = False


class Message(View):
    """What happens next."""

    message: str
