"""A whole order in one request."""

import io
from typing import Any

import pytest

from core.domain.editing.plan import EditPlan
from core.errors import ProviderRejectedError
from tests.fakes import brighter
from tests.studio import PRICE
from tests.web.owner import QUESTION
from tests.web.site import Person, Site, good, pictures, problem


def orders(person: Person) -> list[Any]:
    """Return what the person finds in the list."""
    found: list[Any] = person.get("/api/orders")["orders"]
    return found


@pytest.mark.req("S0-UPL-01")
@pytest.mark.parametrize("field", ["images", "images[]"])
def test_pictures_and_words_start_the_work(site: Site, ada: Person, field: str) -> None:
    answer = ada.upload("/api/upload", pictures(3), field=field, instructions="brighter", name="Shoes")
    found = good(answer)
    assert answer.status_code == 202
    assert (found["batchId"], found["status"], found["imageCount"]) == (found["orderId"], "processing", 3)
    site.studio.work()
    assert ada.get(f"/api/status/{found['batchId']}")["progress"] == 100


@pytest.mark.req("S0-UPL-01")
def test_the_words_may_come_as_a_document(site: Site, ada: Person) -> None:
    data = {
        "images": [(io.BytesIO(c), n) for n, c in pictures(1).items()],
        "instructionFile": (io.BytesIO(b"brighter"), "wishes.txt"),
    }
    found = good(ada.call("POST", "/api/upload", data=data, content_type="multipart/form-data"))
    order = site.studio.order(found["orderId"])
    assert (order.brief_name, order.brief_text, order.status) == ("wishes.txt", "brighter", "processing")
    data = {"images": data["images"], "instructionFile": (io.BytesIO(b"GIF89a"), "wishes.pdf")}
    data["images"] = [(io.BytesIO(c), n) for n, c in pictures(1, 7).items()]
    problem(ada.call("POST", "/api/upload", data=data, content_type="multipart/form-data"), 415, "unsupported_type")
    assert len(orders(ada)) == 1


@pytest.mark.parametrize("no", ["false", "0", "No"])
def test_a_look_at_the_plan_first(site: Site, ada: Person, no: str) -> None:
    found = good(ada.upload("/api/upload", pictures(2), instructions="brighter", autoConfirm=no))
    assert (found["status"], found["data"]["proposal"]["quote"]["total"]) == ("awaiting_confirmation", 2 * PRICE)
    assert site.studio.balance(ada.actor).held == 0
    assert ada.call("POST", f"/api/orders/{found['orderId']}/confirm").status_code == 202


def test_an_open_question_waits_for_its_answer(site: Site, ada: Person) -> None:
    site.studio.planner.lines["which?"] = EditPlan(questions=(QUESTION,))
    found = good(ada.upload("/api/upload", pictures(1), instructions="which?"))
    assert found["status"] == "awaiting_confirmation"
    assert found["data"]["proposal"]["plan"]["questions"][0]["about"] == "Which white?"


def test_nothing_usable_leaves_nothing_behind(ada: Person) -> None:
    found = problem(ada.upload("/api/upload", {"a.pdf": b"%PDF"}, instructions="brighter"), 422, "no_usable_file")
    assert [r["name"] for r in found["details"]["refused"]] == ["a.pdf"]
    problem(ada.upload("/api/upload", pictures(1)), 422, "no_instruction")
    problem(ada.upload("/api/upload", {}, instructions="brighter"), 422, "no_file")
    assert orders(ada) == []


def test_unusable_files_are_named_and_the_others_worked_on(ada: Person) -> None:
    found = good(ada.upload("/api/upload", {"a.pdf": b"%PDF", **pictures(1)}, instructions="brighter"))
    assert (found["imageCount"], [r["name"] for r in found["data"]["added"]["refused"]]) == (1, ["a.pdf"])


def test_without_credits_the_order_waits_and_is_named(site: Site) -> None:
    poor = site.person(credits=1)
    found = problem(poor.upload("/api/upload", pictures(2), instructions="brighter"), 402, "insufficient_credits")
    assert found["details"]["required"] == 2 * PRICE
    assert site.studio.order(found["details"]["orderId"]).status == "awaiting_confirmation"


def test_a_planner_that_fails_leaves_a_draft_and_names_it(site: Site, ada: Person) -> None:
    site.studio.planner.lines["hm"] = ProviderRejectedError("The planner refused.")
    found = problem(ada.upload("/api/upload", pictures(2), instructions="hm"), 502, "provider_rejected")
    assert site.studio.order(found["details"]["orderId"]).status == "draft"


def test_a_repeat_with_the_same_key_is_the_same_order(site: Site, ada: Person) -> None:
    headers = {"Idempotency-Key": "shoot-1"}
    first = good(ada.upload("/api/upload", pictures(2), instructions="brighter", headers=headers))
    second = good(ada.upload("/api/upload", pictures(2), instructions="brighter", headers=headers))
    assert (first["orderId"], len(orders(ada))) == (second["orderId"], 1)
    assert site.studio.balance(ada.actor).held == 2 * PRICE


def test_a_recipe_runs_on_new_pictures(site: Site, ada: Person) -> None:
    ada.post("/api/recipes", {"name": "Shop", "plan": {"steps": [{"op": "exposure", "params": {"ev": 0.2}}]}})
    found = good(ada.upload("/api/recipes/Shop/run", pictures(2), name="Autumn"))
    assert (found["status"], found["data"]["order"]["name"]) == ("processing", "Autumn")
    assert found["data"]["proposal"]["origin"] == "recipe"
    assert site.studio.planner.asked == []
    problem(ada.upload("/api/recipes/None/run", pictures(1)), 404, "not_found")
    assert brighter(0.2).steps[0].op == found["data"]["proposal"]["plan"]["steps"][0]["op"]
