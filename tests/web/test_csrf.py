"""No other site can make a browser do something here: every route that changes anything, with every trick."""

from pathlib import Path

import pytest
from apiflask import APIBlueprint
from flask import Response, jsonify

from adapters.web import csrf
from tests.web.browser import Browser
from tests.web.matrix import bare_app, call, routes_of
from tests.web.owner import Owner
from tests.web.page_rows import PAGES
from tests.web.rows import ROWS
from tests.web.site import Site, make_site, problem

UNSAFE = sorted({r for r in routes_of(bare_app()) if not r.startswith("GET ")})
FOREIGN = (
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8001"}, {"Origin": "http://[broken"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)  # fmt: skip


@pytest.mark.parametrize("route", UNSAFE)
def test_a_foreign_page_changes_nothing(shared_site: Site, route: str) -> None:
    row = {**ROWS, **PAGES}[route]
    owner = Owner(shared_site, shared_site.person(), row)
    actor = shared_site.studio.operator() if row.is_for_admins else owner.person.actor
    for who in (None, actor):
        if who is None and not row.is_open:
            continue
        refused = call(owner, route, Browser(shared_site, who, has_token=False))
        assert refused.status_code in {400, 403}, f"{route}: without a token"
        for headers in FOREIGN:
            answer = call(owner, route, Foreign(shared_site, who, extra=headers))
            assert answer.status_code in {400, 403}, f"{route}: {headers} with a token"


class Foreign(Browser):
    """A page of another site that somehow got hold of the token."""

    def __init__(self, site: Site, actor: object, *, extra: dict[str, str]) -> None:
        super().__init__(site, actor)  # type: ignore[arg-type]
        self.extra = extra

    def call(self, method: str, path: str, **options: object) -> object:  # type: ignore[override]
        """Send a request with what gives the other site away."""
        headers = {**options.pop("headers", {}), **self.extra}  # type: ignore[dict-item]
        return super().call(method, path, headers=headers, **options)


def test_our_own_pages_pass(site: Site) -> None:
    ada = Browser(site, site.person().actor)
    for headers in ({}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert ada.post("/api/orders", {}, headers=headers).status_code == 201


def test_a_token_belongs_to_one_browser(site: Site) -> None:
    ada, mallory = (Browser(site, site.person().actor) for _ in range(2))
    answer = ada.client.post("/api/orders", json={}, headers={"X-CSRFToken": mallory.token()})
    assert problem(answer, 403, "csrf_failed")


def test_a_token_ends_with_the_session_it_was_made_in(site: Site) -> None:
    ada = Browser(site, site.person().actor)
    token = ada.token()
    ada.post("/api/auth/signout")
    answer = ada.client.post("/api/auth/reset-password", json={"email": "a@b.c"}, headers={"X-CSRFToken": token})
    problem(answer, 403, "csrf_failed")


def test_keys_need_no_token(site: Site) -> None:
    ada = site.person()
    assert ada.call("POST", "/api/orders", json={}, headers={"Origin": "https://evil.example"}).status_code == 201


def test_a_wrong_key_is_not_helped_by_the_cookie(site: Site) -> None:
    ada = Browser(site, site.person().actor, has_token=False)
    answer = ada.post("/api/orders", {}, headers={"Authorization": "Bearer i2i_wrong"})
    problem(answer, 401, "not_authenticated")


def test_the_cookie_of_the_forms_is_kept_from_scripts_and_neighbours(site: Site) -> None:
    http = site.client.get("/api/security/csrf").headers["Set-Cookie"]
    assert http.startswith("i2i_form=")
    https = site.client.get("/api/security/csrf", base_url="https://i2i.example").headers["Set-Cookie"]
    assert https.startswith("__Host-i2i_form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(https.split("; "))


def test_a_server_that_does_not_check_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csrf, "SAFE", csrf.SAFE | {"POST"})
    site = make_site(tmp_path)
    with pytest.raises(AssertionError, match="without a token"):
        test_a_foreign_page_changes_nothing(site, "POST /api/orders")


def test_a_new_view_is_guarded_without_asking_for_it(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    blueprint = APIBlueprint("planted", __name__)

    @blueprint.post("/api/planted")
    def change() -> Response:
        return jsonify({"success": True})

    site.app.register_blueprint(blueprint)
    assert Browser(site, site.person().actor, has_token=False).post("/api/planted", {}).status_code == 403
