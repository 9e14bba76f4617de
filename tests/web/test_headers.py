"""Headers on every route, whatever the answer."""

from pathlib import Path

import pytest

from adapters.settings import Settings
from tests.web.matrix import bare_app, routes_of
from tests.web.site import Person, Site, make_site

ROUTES = routes_of(bare_app())
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-API-Version": "1",
}


def address(route: str) -> tuple[str, str]:
    """Return method and a path of a route."""
    method, rule = route.split(" ", 1)
    for name in ("order_id", "image_id", "asset_id", "key_id", "session_id", "name", "profile"):
        rule = rule.replace(f"<id:{name}>", "01abc").replace(f"<word:{name}>", "x")
    return method, rule.replace("<path:filename>", "reference.css")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("has_key", [False, True])
def test_every_answer_is_guarded(shared_site: Site, route: str, has_key: bool) -> None:
    method, path = address(route)
    caller = shared_site.admin() if has_key else None
    answer = caller.call(method, path) if caller else shared_site.client.open(path, method=method)
    for name, value in EXPECTED.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["X-Request-ID"]
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("i2i_form=")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    assert "Server" not in answer.headers
    if path.startswith("/api/") and answer.status_code >= 400:
        assert answer.headers["Cache-Control"] == "no-store"
    assert not [n for n in answer.headers if n[0].startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/orders/../../etc/passwd", "/static/../app.py"])
def test_answers_without_a_route_are_guarded_too(shared_site: Site, path: str) -> None:
    answer = shared_site.client.get(path)
    assert answer.status_code == 404
    assert {n: answer.headers[n] for n in EXPECTED} == EXPECTED
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_https_is_remembered_and_http_is_not(site: Site) -> None:
    assert "Strict-Transport-Security" not in site.client.get("/healthz").headers
    header = site.client.get("/healthz", base_url="https://i2i.example").headers["Strict-Transport-Security"]
    assert header == "max-age=31536000; includeSubDomains"


def test_a_proxy_is_believed_only_when_it_is_named(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    alone = make_site(tmp_path / "a")
    assert "Strict-Transport-Security" not in alone.client.get("/healthz", headers=forwarded).headers
    behind = make_site(tmp_path / "b", trusted_proxies=1)
    assert "Strict-Transport-Security" in behind.client.get("/healthz", headers=forwarded).headers
    assert Settings(home=tmp_path).trusted_proxies == 0


def test_originals_and_results_are_never_shown_inline(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    (image,) = site.studio.images(order.id)
    for query in ("version=0", "version=1"):
        answer = ada.call("GET", f"/api/orders/{order.id}/images/{image.id}/file?{query}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
