"""Credits, accounts, recipes and the catalogue over HTTP."""

import datetime as dt

import pytest

from core.kernel.actor import Scope
from tests.web.site import Person, Site, good, problem

EDIT = {"steps": [{"op": "exposure", "params": {"ev": 0.2}}]}
CHARGE = {"operation": "raster_generation", "quantity": 2}


@pytest.mark.req("S2-TOK-01")
@pytest.mark.req("S2-TOK-12")
@pytest.mark.req("S2-TOK-13")
def test_the_balance_and_how_it_came_about(site: Site, ada: Person) -> None:
    ada.post("/api/credits/charges", CHARGE, headers={"Idempotency-Key": "1"})
    for path in ("/api/credits", "/api/user/credits"):
        found = ada.get(path)
        assert (found["credits"], found["balance"], found["data"]["available"]) == (92, 92, 92)
    tokens = ada.get("/api/tokens")
    assert tokens["balance"] == 92
    assert [t["amount"] for t in tokens["transactions"]] == [-8, 100]
    page = ada.get("/api/credits/history?limit=1")
    assert [line["amount"] for line in page["data"]] == [-8]
    rest = ada.get(f"/api/credits/history?limit=1&cursor={page['nextCursor']}")
    assert ([line["balanceAfter"] for line in rest["data"]], rest["nextCursor"]) == ([100], None)
    problem(ada.call("GET", "/api/credits/history?cursor=abc"), 422, "invalid_cursor")
    assert site.person().get("/api/credits")["balance"] == 100


@pytest.mark.req("S2-TOK-02")
@pytest.mark.req("S2-TOK-14")
@pytest.mark.req("S2-ERR-02")
@pytest.mark.parametrize("path", ["/api/tokens", "/api/credits/charges"])
def test_a_program_charges_listed_operations_once(site: Site, ada: Person, path: str) -> None:
    headers = {"Idempotency-Key": "order-7"}
    for _ in range(3):
        assert ada.post(path, CHARGE, headers=headers)["balance"] == 92
    problem(ada.call("POST", path, json={**CHARGE, "quantity": 3}, headers=headers), 409, "idempotency_mismatch")
    problem(ada.call("POST", path, json=CHARGE), 422, "key_missing")
    unknown = {"operation": "levitation", "quantity": 1}
    problem(ada.call("POST", path, json=unknown, headers={"Idempotency-Key": "2"}), 422, "invalid_operation")
    much = {**CHARGE, "quantity": 10_000}
    problem(ada.call("POST", path, json=much, headers={"Idempotency-Key": "3"}), 402, "insufficient_credits")
    for key in ("", "x" * 300):
        assert ada.call("POST", path, json=CHARGE, headers={"Idempotency-Key": key}).status_code == 422
    assert ada.get("/api/credits")["balance"] == 92
    site.studio.audit()


@pytest.mark.req("S2-TOK-03")
@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/tokens"), ("POST", "/api/admin/credits/grants")])
def test_an_administrator_grants_with_a_reason(site: Site, ada: Person, method: str, path: str) -> None:
    body = {"user": ada.actor.label, "amount": 7, "reason": "Goodwill"}
    headers = {"Idempotency-Key": f"{method}-1"}
    for _ in range(2):
        assert good(site.admin().call(method, path, json=body, headers=headers))["balance"] == 107
    problem(site.admin().call(method, path, json={**body, "reason": " "}), 422, "reason_required")
    problem(site.admin().call(method, path, json={**body, "amount": 100_001}), 422, "grant_too_large")
    assert site.admin().call(method, path, json={**body, "amount": -1}).status_code == 422
    problem(site.admin().call(method, path, json={**body, "user": "nobody@example.com"}), 404, "not_found")
    problem(ada.call(method, path, json=body), 403, "admin_only")


def test_prices_and_quotes(ada: Person) -> None:
    prices = ada.get("/api/credits/prices")["data"]
    assert prices["credits"]["studio_edit"] == 3
    assert ada.get(f"/api/credits/prices?version={prices['version']}")["data"] == prices
    problem(ada.call("GET", "/api/credits/prices?version=1999"), 404, "not_found")
    quote = ada.post("/api/credits/quote", {"quantities": {"studio_edit": 30, "raster_generation": 1}})["data"]
    assert (quote["total"], len(quote["lines"])) == (94, 2)
    problem(ada.call("POST", "/api/credits/quote", json={"quantities": {"x": 1}}), 422, "invalid_operation")


def test_whose_key_this_is(ada: Person) -> None:
    for path in ("/api/auth/me", "/api/user/me"):
        found = ada.get(path)["data"]
        assert (found["email"], found["roles"], found["status"]) == (ada.actor.label, ["customer"], "active")


def test_keys_are_made_shown_once_and_revoked(site: Site, ada: Person) -> None:
    made = ada.post("/api/user/api-keys", {"name": "Import", "scopes": ["orders:read"]})["data"]
    program = site.with_key(ada.actor, {Scope.ORDERS_READ})
    program.secret = made["secret"]
    program.get("/api/orders")
    listed = ada.call("GET", "/api/user/api-keys")
    assert made["secret"] not in listed.get_data(as_text=True)
    assert made["id"] in [k["id"] for k in listed.get_json()["data"]]
    assert good(ada.call("DELETE", f"/api/user/api-keys/{made['id']}"))["data"]["revokedAt"]
    problem(program.call("GET", "/api/orders"), 401, "not_authenticated")


def test_a_key_makes_no_stronger_key(site: Site, ada: Person) -> None:
    weak = site.with_key(ada.actor, {Scope.ORDERS_READ})
    body = {"name": "More", "scopes": ["orders:write"]}
    problem(weak.call("POST", "/api/user/api-keys", json=body), 403, "scope_escalation")
    body = {"name": "All", "scopes": ["admin"]}
    assert ada.call("POST", "/api/user/api-keys", json=body).status_code == 403


def test_an_expired_key_is_refused(site: Site, ada: Person) -> None:
    end = site.studio.clock.now() + dt.timedelta(hours=1)
    body = {"name": "Short", "scopes": ["orders:read"], "expiresAt": end.isoformat()}
    program = site.with_key(ada.actor, {Scope.ORDERS_READ})
    program.secret = ada.post("/api/user/api-keys", body)["data"]["secret"]
    program.get("/api/orders")
    site.studio.clock.advance(hours=2)
    problem(program.call("GET", "/api/orders"), 401, "not_authenticated")


def test_administrators_see_and_make_users(site: Site, ada: Person) -> None:
    made = site.admin().post("/api/admin/users", {"email": "Grace@Example.com", "name": "Grace Hopper"})["data"]
    assert (made["email"], made["roles"]) == ("grace@example.com", ["customer"])
    assert made["id"] in [u["id"] for u in site.admin().get("/api/admin/users")["data"]]
    again = {"email": "grace@example.com", "name": "Grace"}
    problem(site.admin().call("POST", "/api/admin/users", json=again), 409, "email_taken")
    assert site.admin().call("POST", "/api/admin/users", json={"email": "x", "name": "Y"}).status_code == 422


def test_recipes_are_kept_by_name(site: Site, ada: Person) -> None:
    saved = ada.post("/api/recipes", {"name": "Web shop", "plan": EDIT})["data"]
    problem(ada.call("POST", "/api/recipes", json={"name": "Web shop", "plan": EDIT}), 409, "name_taken")
    order = site.finished(ada, "one.jpg")
    ada.post("/api/recipes", {"name": "From an order", "orderId": order.id})
    assert [r["name"] for r in ada.get("/api/recipes")["data"]] == ["From an order", "Web shop"]
    assert ada.get("/api/recipes/Web%20shop")["data"] == saved
    assert ada.get(f"/api/recipes/{saved['id']}")["data"] == saved
    good(ada.call("DELETE", "/api/recipes/Web%20shop"))
    problem(ada.call("GET", "/api/recipes/Web%20shop"), 404, "not_found")


def test_the_catalogue_describes_every_operation(ada: Person) -> None:
    found = ada.get("/api/operations")
    assert {"background.remove", "canvas", "export"} <= {o["key"] for o in found["data"]}
    assert all(o["summary"] and o["parameters"]["type"] == "object" for o in found["data"])
    assert len(found["step"]["oneOf"]) == len(found["data"])


def test_profiles_are_listed_and_found_by_alias(ada: Person) -> None:
    profiles = ada.get("/api/profiles")["data"]
    first = next(p for p in profiles if p["aliases"])
    assert ada.get(f"/api/profiles/{first['aliases'][0]}")["data"] == first
    assert all(r["requirement"] for r in first["rules"])
    problem(ada.call("GET", "/api/profiles/nobody"), 404, "profile_not_found")
