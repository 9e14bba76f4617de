"""Work over HTTP: cancel, retry, retouch, review."""

import pytest

from core.errors import InvalidInputError
from tests.studio import PRICE
from tests.web.site import Person, Site, good, problem


def test_cancelling_gives_the_credits_back(site: Site, ada: Person) -> None:
    order = site.studio.confirmed(ada.actor).order
    assert site.studio.balance(ada.actor).held == 3 * PRICE
    assert ada.post(f"/api/orders/{order.id}/cancel")["data"]["status"] == "cancelled"
    assert (site.studio.balance(ada.actor).held, site.studio.balance(ada.actor).posted) == (0, 100)
    problem(ada.call("POST", f"/api/orders/{order.id}/cancel"), 409, "invalid_transition")


def test_failed_pictures_cost_nothing_and_are_tried_again(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor, "one.jpg")
    file = site.studio.images(started.order.id)[0]
    with site.studio.app.new_reading() as work:
        key = work.assets.get(file.asset_id).storage_key
    with site.studio.blobs.open(key) as content:
        site.studio.engine.behaviours[content.read()] = [InvalidInputError("It is damaged.", code="damaged")]
    site.studio.work()
    path = f"/api/orders/{started.order.id}"
    (image,) = ada.get(path)["data"]["images"]
    assert (image["status"], image["failure"]["code"]) == ("failed", "damaged")
    assert site.studio.balance(ada.actor).posted == 100
    assert ada.post(f"{path}/retry")["data"]["run"]["kind"] == "retry"
    site.studio.work()
    assert ada.get(f"{path}/status")["completed"] == 1
    problem(ada.call("POST", f"{path}/retry"), 422, "nothing_failed")


def test_pictures_are_done_again_from_a_chosen_version(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg", "two.jpg")
    one, two = (i.id for i in site.studio.images(order.id))
    items = [{"imageId": one, "instruction": "brighter", "baseVersion": 0}, {"imageId": two, "instruction": "brighter"}]
    answer = ada.call("POST", f"/api/orders/{order.id}/runs", json={"items": items})
    assert (answer.status_code, answer.get_json()["data"]["run"]["openItems"]) == (202, 2)
    site.studio.work()
    versions = ada.get(f"/api/orders/{order.id}/images/{one}/versions")["data"]
    assert [(v["number"], v["baseVersion"]) for v in versions] == [(1, 0), (2, 0)]
    versions = ada.get(f"/api/orders/{order.id}/images/{two}/versions")["data"]
    assert [(v["number"], v["baseVersion"]) for v in versions] == [(1, 0), (2, 1)]


def test_one_picture_by_the_older_address(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    (image,) = site.studio.images(order.id)
    answer = ada.call("POST", f"/api/retouch/{image.id}", json={"instruction": "brighter"})
    found = good(answer)
    assert (answer.status_code, found["status"], found["runId"]) == (202, "queued", found["data"]["run"]["id"])
    site.studio.work()
    assert site.studio.images(order.id)[0].latest_version == 2


@pytest.mark.parametrize("path", ["/api/orders/{order}/runs", "/api/retouch/{image}"])
def test_further_work_takes_no_document(site: Site, ada: Person, path: str) -> None:
    order = site.finished(ada, "one.jpg")
    address = path.format(order=order.id, image=site.studio.images(order.id)[0].id)
    problem(ada.upload(address, {"brief.txt": b"new"}, field="brief"), 422, "brief_not_allowed")
    problem(ada.upload(f"/api/orders/{order.id}/brief", {"brief.txt": b"new"}, field="brief"), 409, "order_locked")


def test_pictures_are_reviewed_together(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    ids = [i.id for i in site.studio.images(order.id)]
    path = f"/api/orders/{order.id}/images"
    approved = ada.post(f"{path}/approve", {"imageIds": ids[:2]})["data"]
    assert [(i["status"], i["approvedVersion"]) for i in approved] == [("approved", 1)] * 2
    (flagged,) = ada.post(f"{path}/flag", {"imageIds": ids[2:], "note": "Too dark"})["data"]
    assert (flagged["status"], flagged["note"]) == ("needs_retouch", "Too dark")
    assert {i["status"] for i in ada.post(f"{path}/reopen", {"imageIds": ids})["data"]} == {"completed"}
    problem(ada.call("POST", f"{path}/approve", json={"imageIds": [ids[0], "unknown"]}), 404, "not_found")
    assert site.studio.images(order.id)[0].approved_version is None
    problem(ada.call("POST", f"{path}/approve", json={"imageIds": ids, "version": 7}), 422, "unknown_version")


def test_a_picture_is_reviewed_alone(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    path = f"/api/orders/{order.id}/images/{site.studio.images(order.id)[0].id}"
    assert ada.post(f"{path}/approve")["data"][0]["status"] == "approved"
    assert ada.post(f"{path}/reopen")["data"][0]["status"] == "completed"
    assert ada.post(f"{path}/flag", {"note": "Dust"})["data"][0]["note"] == "Dust"
