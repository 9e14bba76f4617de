"""How often one may ask."""

from pathlib import Path

import attrs
import pytest

from adapters.web.limits import Rates
from adapters.web.networks import is_this_machine, network_of
from core.kernel.actor import Scope
from tests.fakes import picture
from tests.web.browser import Browser
from tests.web.site import BOUNDLESS, NO_DOORS, make_site, problem


@pytest.mark.req("S4-SEC-07")
def test_each_user_has_a_limit_of_each_kind(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, reads=3, writes=2))
    ada, grace = site.person(), site.person()
    left = [ada.call("GET", "/api/orders").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = ada.call("GET", "/api/orders")
    assert problem(answer, 429, "too_many_requests")["details"] == {"kind": "reads", "limit": 3}
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    ada.post("/api/orders", {})
    grace.get("/api/orders")


def test_a_second_key_of_the_same_user_does_not_help(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, reads=1))
    ada = site.person()
    again = site.with_key(ada.actor, {Scope.ORDERS_READ})
    ada.get("/api/orders")
    problem(again.call("GET", "/api/orders"), 429, "too_many_requests")


def test_a_hundred_uploads_pass_where_writes_would_not(tmp_path: Path) -> None:
    ada = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, writes=5, uploads=600)).person()
    order = ada.post("/api/orders", {})["data"]["id"]
    for number in range(100):
        assert ada.upload(f"/api/orders/{order}/images", {"a.jpg": picture(str(number))}).status_code == 201


def test_guessing_keys_is_slowed_down_and_hurts_nobody_else(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, failed_keys=3))
    ada = site.person()
    wrong = {"X-API-Key": "i2i_wrong"}
    for _ in range(3):
        problem(site.client.get("/api/orders", headers=wrong), 401, "not_authenticated")
    problem(site.client.get("/api/orders", headers=wrong), 429, "too_many_requests")
    ada.get("/api/orders")


def test_open_pages_have_a_limit_for_each_address(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, open_pages=1))
    assert site.client.get("/api/openapi.json").status_code == 200
    problem(site.client.get("/api/openapi.json"), 429, "too_many_requests")
    assert site.client.get("/healthz").status_code == 200
    elsewhere = site.client.get("/api/openapi.json", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_the_rates_are_those_that_were_decided() -> None:
    assert Rates() == Rates(
        reads=300, writes=60, uploads=600, pictures=3000, pages=1200, review=600, typing=600, failed_keys=10,
        open_pages=300, streams=120,
    )  # fmt: skip


def test_what_people_do_at_pages_does_not_use_up_what_programs_may(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, reads=1, writes=1))
    ada = site.person()
    browser, order = Browser(site, ada.actor), site.studio.planned(ada.actor).order.id
    draft = site.studio.draft(ada.actor)
    images = [i.id for i in site.studio.images(draft.id)]
    for _ in range(3):
        for path in ("/shell/search?q=a", "/orders", "/orders/figures", "/shell/credits"):
            assert browser.get(path).status_code < 400, path
        words = {"instruction": "brighter"}
        assert browser.call("PATCH", f"/api/orders/{draft.id}", json=words).status_code == 200
        chosen = {"imageIds": images}
        assert browser.call("PUT", f"/api/orders/{draft.id}/images/selection", json=chosen).status_code == 200
        assert browser.call("PUT", f"/api/orders/{draft.id}/images/order", json=chosen).status_code == 200
        step = {"op": "exposure", "p.ev": "0.2"}
        assert browser.post(f"/orders/{order}/plan/step", data=step).status_code < 400
    ada.get("/api/orders")
    ada.post("/api/orders", {})
    problem(ada.call("GET", "/api/orders"), 429, "too_many_requests")
    problem(ada.call("POST", "/api/orders", json={}), 429, "too_many_requests")


def test_pages_have_a_limit_of_their_own(tmp_path: Path) -> None:
    site = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, pages=2))
    browser = Browser(site, site.person().actor)
    assert [browser.get("/orders/figures").status_code for _ in range(3)] == [200, 200, 429]


def test_a_network_of_many_addresses_is_one_guesser(tmp_path: Path) -> None:
    rates = attrs.evolve(BOUNDLESS, failed_keys=2, doors=attrs.evolve(NO_DOORS, address=2))
    site = make_site(tmp_path, rates=rates)
    wrong, door = {"X-API-Key": "i2i_wrong"}, {"email": "ada@example.com", "password": "x"}
    browser = Browser(site)
    far = [{"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"} for n in range(3)]
    assert [site.client.get("/api/orders", headers=wrong, environ_base=a).status_code for a in far] == [401, 401, 429]
    assert [browser.post("/api/auth/signin", door, environ_base=a).status_code for a in far] == [401, 401, 429]
    neighbour = {"REMOTE_ADDR": "2001:db8:1:3::1"}
    assert browser.post("/api/auth/signin", door, environ_base=neighbour).status_code == 401


@pytest.mark.parametrize(
    ("address", "counted", "is_here"),
    [
        ("203.0.113.9", "203.0.113.9", False), ("::ffff:203.0.113.9", "203.0.113.9", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", False), ("fe80::1%eth0", "fe80::", False),
        ("127.0.0.1", "127.0.0.1", True), ("::1", "::", True), ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("127.evil.example", "127.evil.example", False), ("", "", False),
    ],
)  # fmt: skip
def test_addresses_stand_for_networks(address: str, counted: str, is_here: bool) -> None:
    assert (network_of(address), is_this_machine(address)) == (counted, is_here)
