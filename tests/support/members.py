"""Accounts of a real server, and how they sign in."""

import secrets

import attrs
from playwright.sync_api import BrowserContext

from tests.support.studio_server import StudioServer

PASSWORD = "Studio-light-2026!"
CREDITS = 10_000


@attrs.frozen
class Member:
    """Somebody who can sign in."""

    email: str
    password: str = PASSWORD


def make_member(server: StudioServer, *, credits: int = CREDITS) -> Member:
    """Make a verified account; credits on top of the welcome grant."""
    email = f"{secrets.token_hex(4)}@i2i.example"
    server.cli("user", "create", email, "Robin Studio")
    server.cli("user", "password", email, "--password", PASSWORD)
    if credits:
        server.cli("credits", "grant", email, str(credits), "--reason", "Test")
    return Member(email)


def sign_in(context: BrowserContext, member: Member) -> None:
    """Sign in through the API; the cookie stays in the context."""
    token = context.request.get("/api/security/csrf").json()["data"]["token"]
    answer = context.request.post(
        "/api/auth/signin", data={"email": member.email, "password": member.password}, headers={"X-CSRFToken": token}
    )
    assert answer.ok, answer.text()
