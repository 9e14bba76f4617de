"""Plans over HTTP: what will be done and what it costs, before anything is spent."""

import threading
from pathlib import Path

import attrs
import pytest

from adapters.bootstrap import Application
from adapters.storage.sql import migrations
from adapters.storage.sql.engine import open_database
from tests.fakes import brighter
from tests.studio import PRICE
from tests.web.owner import QUESTION
from tests.web.site import Person, Site, good, make_site, problem

EDIT = {"steps": [{"op": "exposure", "params": {"ev": 0.2}}]}
OTHER = {"steps": [{"op": "exposure", "params": {"ev": 0.4}}]}


@pytest.fixture
def draft(site: Site, ada: Person) -> str:
    """Return the address of a draft with three pictures."""
    return f"/api/orders/{site.studio.draft(ada.actor).id}"


def test_a_plan_is_made_shown_edited_and_confirmed(site: Site, ada: Person, draft: str) -> None:
    proposal = ada.post(f"{draft}/submit")["data"]
    assert (proposal["revision"], proposal["images"], proposal["available"]) == (1, 3, 100)
    assert proposal["quote"]["total"] == 3 * PRICE
    assert proposal["isAffordable"] is True
    assert ada.get(f"{draft}/plan")["data"] == proposal
    edited = good(ada.call("PUT", f"{draft}/plan", json={"plan": EDIT, "revision": 1}))["data"]
    assert (edited["revision"], edited["origin"]) == (2, "hand")
    problem(ada.call("PUT", f"{draft}/plan", json={"plan": EDIT, "revision": 1}), 409, "stale_plan")
    problem(ada.call("POST", f"{draft}/confirm", json={"revision": 1}), 409, "stale_plan")
    assert site.studio.balance(ada.actor).held == 0
    answer = ada.call("POST", f"{draft}/confirm", json={"revision": 2})
    assert answer.status_code == 202
    assert (answer.get_json()["data"]["held"], answer.get_json()["data"]["order"]["status"]) == (9, "processing")


def test_confirming_needs_no_body(ada: Person, draft: str) -> None:
    ada.post(f"{draft}/submit")
    assert ada.call("POST", f"{draft}/confirm").status_code == 202
    problem(ada.call("POST", f"{draft}/confirm"), 409, "invalid_transition")


def test_the_same_key_confirms_once(site: Site, ada: Person, draft: str) -> None:
    ada.post(f"{draft}/submit")
    headers = {"Idempotency-Key": "once"}
    runs = {ada.post(f"{draft}/confirm", headers=headers)["data"]["run"]["id"] for _ in range(3)}
    assert len(runs) == 1
    assert site.studio.balance(ada.actor).held == 3 * PRICE
    problem(ada.call("POST", f"{draft}/confirm", json={"revision": 1}, headers=headers), 409, "idempotency_mismatch")


def test_open_questions_are_answered_first(site: Site, ada: Person, draft: str) -> None:
    site.studio.planner.lines["brighter"] = attrs.evolve(brighter(), questions=(QUESTION,))
    proposal = ada.post(f"{draft}/submit")["data"]
    assert [q["key"] for q in proposal["plan"]["questions"]] == ["white"]
    problem(ada.call("POST", f"{draft}/confirm"), 409, "questions_open")
    problem(ada.call("POST", f"{draft}/plan/answers", json={"answers": {"white": "x"}}), 422, "unknown_option")
    problem(ada.call("POST", f"{draft}/plan/answers", json={"answers": {}}), 422, "invalid_input")
    assert ada.post(f"{draft}/plan/answers", {"answers": {"white": "pure"}})["data"]["revision"] == 2
    assert ada.call("POST", f"{draft}/confirm").status_code == 202


@pytest.mark.req("S2-ERR-01")
@pytest.mark.req("S2-ERR-03")
def test_without_credits_nothing_starts(site: Site) -> None:
    poor = site.person(credits=5)
    order = site.studio.draft(poor.actor)
    proposal = poor.post(f"/api/orders/{order.id}/submit")["data"]
    assert proposal["isAffordable"] is False
    found = problem(poor.call("POST", f"/api/orders/{order.id}/confirm"), 402, "insufficient_credits")
    assert found["details"] == {"available": 5, "required": 9}
    assert (site.studio.balance(poor.actor).held, site.studio.order(order.id).status) == (0, "awaiting_confirmation")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"steps": [{"op": "levitate"}]}, "unknown_operation"),
        ({"steps": [{"op": "exposure", "params": {"ev": 1e9}}]}, "invalid_parameter"),
        ({"steps": "all"}, "invalid_plan"),
        ({"format": 2}, "invalid_plan"),
    ],
)
def test_plans_that_cannot_be_carried_out(ada: Person, draft: str, plan: object, code: str) -> None:
    ada.post(f"{draft}/submit")
    problem(ada.call("PUT", f"{draft}/plan", json={"plan": plan}), 422, code)


def test_a_ready_plan_or_a_recipe_needs_no_planner(site: Site, ada: Person, draft: str) -> None:
    assert ada.post(f"{draft}/submit", {"plan": EDIT})["data"]["origin"] == "recipe"
    ada.post("/api/recipes", {"name": "Shop", "plan": EDIT})
    other = site.studio.draft(ada.actor, "other.jpg")
    proposal = ada.post(f"/api/orders/{other.id}/submit", {"recipe": "Shop"})["data"]
    assert proposal["plan"]["steps"][0]["params"] == {"ev": 0.2}
    assert site.studio.planner.asked == []
    problem(ada.call("POST", f"/api/orders/{other.id}/submit", json={"recipe": "None"}), 404, "not_found")


def test_previews_are_free_and_shown_at_an_address(site: Site, ada: Person, draft: str) -> None:
    ada.post(f"{draft}/submit")
    image = site.studio.images(draft.rpartition("/")[2])[0].id
    preview = ada.post(f"{draft}/plan/preview", {"imageId": image, "plan": OTHER})["data"]
    assert preview["left"] == 199
    url = preview["files"][0]["url"]
    shown = ada.call("GET", url)
    assert (shown.mimetype, shown.headers["Content-Disposition"]) == ("image/jpeg", "inline")
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert b'"ev"' in shown.data
    assert site.studio.engine.edges == [1024]
    problem(site.person().call("GET", url), 404, "not_found")
    name = url.rpartition("/")[2]
    for wrong in (name.replace(".jpeg", ".json"), f"{name}.html", "x"):
        problem(ada.call("GET", f"{draft}/previews/{wrong}"), 404, "not_found")
    problem(ada.call("GET", f"{draft}/previews/{name.replace('-0.', '-7.')}"), 404, "blob_not_found")
    assert site.studio.balance(ada.actor).posted == 100


def on_disk(folder: Path) -> Site:
    """Return an application over SQLite, whose transactions are real."""
    site = make_site(folder)
    app: Application = site.studio.app
    migrations.upgrade(app.settings.database_url)
    database = open_database(app.settings.database_url)
    app.__dict__["database"] = database
    for part in ("journal", "bookkeeper", "checker", "proposer", "starter", "ender", "finisher", "opener"):
        app.__dict__.pop(part, None)
    return site


def test_two_confirmations_at_the_same_moment_reserve_once(tmp_path: Path) -> None:
    site = on_disk(tmp_path)
    ada = site.person()
    order = site.studio.planned(ada.actor).order
    barrier, found = threading.Barrier(8), []

    def confirm() -> None:
        barrier.wait()
        found.append(ada.call("POST", f"/api/orders/{order.id}/confirm").status_code)

    threads = [threading.Thread(target=confirm) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [202] + [409] * 7
    assert (site.studio.balance(ada.actor).held, len(site.studio.view(order.id).runs)) == (3 * PRICE, 1)
    site.studio.audit()
    site.studio.app.database.close()
