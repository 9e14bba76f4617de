"""Every route against everybody: nobody, somebody else, a key without the scope, the owner, an administrator."""

from pathlib import Path

import pytest
from apiflask import APIBlueprint
from flask import Response, jsonify

from adapters.web import security
from adapters.web.security import application
from tests.web.matrix import bare_app, routes_of, violations
from tests.web.page_rows import PAGES
from tests.web.rows import READ, row
from tests.web.rows import ROWS as API
from tests.web.site import Site, make_site

ROUTES = routes_of(bare_app())
ROWS = {**API, **PAGES}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert sorted(ROWS) == sorted(set(ROUTES))


@pytest.mark.req("S4-SEC-03")
@pytest.mark.req("S4-SEC-08")
@pytest.mark.req("S0-ORDV-04")
@pytest.mark.parametrize("route", ROUTES)
def test_only_those_who_may(shared_site: Site, route: str) -> None:
    assert route in ROWS, f"{route}: say in tests/web/rows.py who may call it"
    assert list(violations(shared_site, route, ROWS[route])) == []


def planted(folder: Path, rule: str) -> Site:
    """Return an application with a view that forgets to ask whose order it is."""
    site = make_site(folder)
    blueprint = APIBlueprint("planted", __name__)

    @blueprint.get(rule)
    def show(order_id: str = "") -> Response:
        with application().new_reading() as work:
            return jsonify({"success": True, "name": work.orders.get(order_id).name if order_id else ""})

    site.app.register_blueprint(blueprint)
    return site


def test_a_view_that_forgets_the_owner_is_caught(tmp_path: Path) -> None:
    site = planted(tmp_path, "/api/planted/<id:order_id>")
    found = list(violations(site, "GET /api/planted/<id:order_id>", row(READ, state="done")))
    assert any("200 instead of 404 for somebody else" in line for line in found)
    assert any("200 instead of 403 without orders:read" in line for line in found)


def test_a_view_that_anybody_may_call_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "OPEN_ENDPOINTS", security.OPEN_ENDPOINTS | {"planted.show"})
    site = planted(tmp_path, "/api/planted")
    assert any("200 without a key" in line for line in violations(site, "GET /api/planted", row(READ)))


def test_a_new_view_needs_a_key_without_asking_for_one(tmp_path: Path) -> None:
    site = planted(tmp_path, "/api/planted")
    assert site.client.get("/api/planted").status_code == 401


def test_a_route_without_a_row_is_noticed(tmp_path: Path) -> None:
    site = planted(tmp_path, "/api/planted")
    assert set(routes_of(site.app)) - set(ROWS) == {"GET /api/planted"}
