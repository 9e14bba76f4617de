"""A web application in memory, with people who hold keys."""

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.web.app import create_app
from adapters.web.doors import DoorRates
from adapters.web.limits import Rates
from core.domain.orders import Order
from core.kernel.actor import Actor, Scope
from core.usecases.accounts.api_keys import CreateApiKey
from tests.fakes import picture
from tests.studio import Studio

MANY = 1_000_000
NO_DOORS = DoorRates(address=MANY, sign_in=MANY, sign_in_account=MANY, sign_up=MANY, reset=MANY, resend=MANY)
BOUNDLESS = Rates(
    reads=MANY, writes=MANY, uploads=MANY, failed_keys=MANY, open_pages=MANY, streams=MANY, pictures=MANY,
    pages=MANY, review=MANY, typing=MANY, assistant=MANY, doors=NO_DOORS,
)  # fmt: skip
CUSTOMER_SCOPES = frozenset(Scope) - {Scope.ADMIN}


@attrs.define
class Person:
    """Somebody who calls the API with a key."""

    site: "Site"
    actor: Actor
    secret: str
    least_scope: str = ""

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request with the key."""
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        return self.site.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        """Return the JSON of an answer that must be a success."""
        return good(self.call("GET", path, **options))

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        """Return the JSON of an answer that must be a success."""
        return good(self.call("POST", path, json=json, **options))

    def upload(self, path: str, files: Mapping[str, bytes], field: str = "images", **form: Any) -> TestResponse:
        """Send files as a form."""
        headers = form.pop("headers", {})
        data = {field: [(io.BytesIO(content), name) for name, content in files.items()], **form}
        return self.call("POST", path, data=data, content_type="multipart/form-data", headers=headers)


@attrs.define
class Site:
    """The application and its outside world."""

    studio: Studio
    app: APIFlask
    _people: int = 0
    _keys: dict[tuple[str, frozenset[Scope]], str] = attrs.field(factory=dict)

    @property
    def client(self) -> FlaskClient:
        """A client without cookies."""
        client: FlaskClient = self.app.test_client(use_cookies=False)
        return client

    def person(self, *, scopes: Iterable[Scope] = CUSTOMER_SCOPES, credits: int = 100) -> Person:
        """Return a new customer with a key."""
        self._people += 1
        return self.with_key(self.studio.customer(f"person{self._people}@example.com", credits=credits), scopes)

    def admin(self) -> Person:
        """Return the operator with a key for everything."""
        return self.with_key(self.studio.operator(), frozenset(Scope))

    def with_key(self, actor: Actor, scopes: Iterable[Scope]) -> Person:
        """Return an account with a key; an account has one key for the same scopes."""
        wanted = actor.user_id, frozenset(scopes)
        if wanted not in self._keys:
            self._keys[wanted] = self.studio.use(CreateApiKey)(actor=actor, name="Test", scopes=wanted[1]).secret
        return Person(self, actor, self._keys[wanted], str(min(wanted[1], default="")))

    def finished(self, person: Person, *names: str) -> Order:
        """Return a finished order."""
        return self.studio.finished(person.actor, *names)


def make_site(folder: Path, *, rates: Rates = BOUNDLESS, **settings: Any) -> Site:
    """Return a new application in memory."""
    studio = Studio(folder, {"static_dist": make_assets(folder / "dist"), **settings})
    return Site(studio, create_app(studio.app, rates=rates))


def make_assets(folder: Path) -> Path:
    """Make a folder as the front end's build leaves it, as far as pages ask for it."""
    folder.mkdir(parents=True, exist_ok=True)
    built = ("src/app.js", "src/theme.js", "src/styles/app.css", "src/icons.json")
    files = {source: {"file": f"assets/{Path(source).name}"} for source in built}
    (folder / "manifest.json").write_text(json.dumps(files))
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "app.js").write_text("export {};\n")
    return folder


def good(response: TestResponse) -> Any:
    """Return the JSON of a success."""
    assert response.status_code < 400, response.get_data(as_text=True)
    body = response.get_json()
    assert body["success"] is True
    return body


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is this refusal in the shape that all have, and return its body."""
    body: dict[str, Any] = response.get_json()
    assert (response.status_code, body.get("code")) == (status, code), body
    assert set(body) == {"success", "error", "code", "details", "requestId"}
    assert body["success"] is False
    assert body["error"]
    assert body["requestId"] == response.headers["X-Request-ID"]
    assert isinstance(body["details"], dict)
    return body


def pictures(count: int, start: int = 0) -> dict[str, bytes]:
    """Return pictures that differ, by name."""
    return {f"p{i:03}.jpg": picture(f"picture {i}") for i in range(start, start + count)}
