"""The start page, and what is told to everybody."""

from flask import redirect
from flask.typing import ResponseReturnValue

from adapters.web.pages.base import make_pages, show
from adapters.web.security import visitor
from core.usecases.accounts.sign_up import TERMS_VERSION

blueprint = make_pages("landing")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show what i2i does; lead people who are signed in to their work."""
    return show("landing") if visitor() is None else redirect("/dashboard")


@blueprint.get("/legal/terms")
def terms() -> str:
    """Show the terms."""
    return show("terms", version=TERMS_VERSION)


@blueprint.get("/legal/privacy")
def privacy() -> str:
    """Show what is stored about people."""
    return show("privacy", version=TERMS_VERSION)
