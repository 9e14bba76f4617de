"""Somebody with a browser: a session's cookie, and the token of our own pages."""

from typing import Any

import attrs
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.kernel.actor import Actor
from core.usecases.accounts.passwords import SetPassword
from core.usecases.accounts.sessions import UNKNOWN, NewSession, SessionOpener
from tests.web.site import Site

PASSWORD = "Blue-Kettle-42"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@attrs.define
class Browser:
    """Keeps cookies, and sends the token along with everything that changes something.

    Args:
        has_token: False for a page of another site, which cannot know the token.
    """

    site: Site
    actor: Actor | None = None
    has_token: bool = True
    least_scope: str = "orders:read"
    client: FlaskClient = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.client = self.site.app.test_client()
        if self.actor is not None:
            self.client.set_cookie("i2i_session", open_session(self.site, self.actor).secret)

    def token(self) -> str:
        """Return a token of this browser."""
        found: str = self.client.get("/api/security/csrf").get_json()["csrfToken"]
        return found

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request with the cookies."""
        headers = dict(options.pop("headers", {}))
        if self.has_token and method not in SAFE:
            headers.setdefault("X-CSRFToken", self.token())
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.call("GET", path, headers={"Accept": "text/html"}, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Send something."""
        return self.call("POST", path, **({"json": json} if json is not None else {}), **options)


def open_session(site: Site, actor: Actor) -> NewSession:
    """Begin a session for somebody."""
    with site.studio.app.new_work() as work:
        opener = site.studio.use(SessionOpener)
        opened = opener.open(work, work.users.get(actor.user_id), is_remembered=False, visit=UNKNOWN)
        work.commit()
    return opened


def with_password(site: Site, actor: Actor, password: str = PASSWORD) -> str:
    """Give somebody a password and return the address to sign in with."""
    made = site.studio.use(SetPassword)(actor=site.studio.operator(), user=actor.user_id, password=password)
    return made.user.email
