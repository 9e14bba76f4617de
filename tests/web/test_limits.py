"""How often one may ask."""

from pathlib import Path

import attrs
import pytest

from adapters.web.limits import Rates
from core.kernel.actor import Scope
from tests.fakes import picture
from tests.web.site import BOUNDLESS, make_site, problem


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
    assert Rates() == Rates(reads=300, writes=60, uploads=600, failed_keys=10, open_pages=300)
