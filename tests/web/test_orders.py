"""Orders over HTTP: open, list, change, delete, and follow."""

import datetime as dt

import pytest

from tests.web.site import Person, Site, good, pictures, problem


@pytest.mark.req("S0-ORDV-01")
def test_an_order_from_draft_to_bin_and_back(site: Site, ada: Person) -> None:
    made = ada.post("/api/orders", {"name": "Shoes", "instruction": "brighter"})["data"]
    path = f"/api/orders/{made['id']}"
    assert (made["name"], made["status"], made["imageCount"]) == ("Shoes", "draft", 0)
    good(ada.upload(f"{path}/images", pictures(2)))
    changed = good(ada.call("PATCH", path, json={"name": "Boots", "instruction": "darker", "brief": "All of them."}))
    assert changed["data"]["order"] | {"name": "Boots", "instruction": "darker"} == changed["data"]["order"]
    assert [i["originalName"] for i in changed["data"]["images"]] == ["p000.jpg", "p001.jpg"]
    assert site.studio.order(made["id"]).wish == "darker\nAll of them."
    good(ada.call("PATCH", path, json={"brief": ""}))
    assert site.studio.order(made["id"]).wish == "darker"
    good(ada.call("DELETE", path))
    assert ada.get("/api/orders")["orders"] == []
    assert ada.post(f"{path}/restore")["data"]["status"] == "draft"
    assert [o["id"] for o in ada.get("/api/orders")["orders"]] == [made["id"]]


def test_a_repeat_with_the_same_key_opens_one_order(ada: Person) -> None:
    headers = {"Idempotency-Key": "import-1"}
    first = ada.post("/api/orders", {"name": "Shoes"}, headers=headers)["data"]["id"]
    assert ada.post("/api/orders", {"name": "Shoes"}, headers=headers)["data"]["id"] == first
    problem(ada.call("POST", "/api/orders", json={"name": "Boots"}, headers=headers), 409, "idempotency_mismatch")
    assert len(ada.get("/api/orders")["orders"]) == 1


def test_names_may_be_written_in_both_ways(ada: Person) -> None:
    made = ada.post("/api/orders", {})["data"]["id"]
    for name in ("image_ids", "imageIds"):
        assert ada.call("PUT", f"/api/orders/{made}/images/selection", json={name: []}).status_code == 200


def test_lists_are_filtered_and_paged(site: Site, ada: Person) -> None:
    for name in ("Shoes", "Boots", "Shoe laces"):
        ada.post("/api/orders", {"name": name})
        site.studio.clock.advance(hours=1)
    first = ada.get("/api/orders?limit=2")
    assert [o["name"] for o in first["orders"]] == ["Shoe laces", "Boots"]
    assert first["data"] == first["orders"]
    second = ada.get(f"/api/orders?limit=2&cursor={first['nextCursor']}")
    assert ([o["name"] for o in second["orders"]], second["nextCursor"]) == (["Shoes"], None)
    assert [o["name"] for o in ada.get("/api/orders?q=shoe")["orders"]] == ["Shoe laces", "Shoes"]
    assert ada.get("/api/orders?status=completed")["orders"] == []
    since = (site.studio.clock.now() - dt.timedelta(hours=1, minutes=30)).isoformat().replace("+00:00", "Z")
    assert [o["name"] for o in ada.get(f"/api/orders?since={since}")["orders"]] == ["Shoe laces"]
    assert [o["name"] for o in ada.get(f"/api/orders?until={since}")["orders"]] == ["Boots", "Shoes"]
    problem(ada.call("GET", "/api/orders?limit=101"), 422, "invalid_limit")
    problem(ada.call("GET", "/api/orders?cursor=made-up"), 422, "invalid_cursor")
    problem(ada.call("GET", "/api/orders?since=0001-01-01T00:00:00%2B14:00"), 422, "invalid_input")


def test_the_list_tells_what_older_clients_read(site: Site, ada: Person) -> None:
    site.finished(ada, "one.jpg", "two.jpg")
    (order,) = ada.get("/api/orders")["orders"]
    assert {"id", "name", "imageCount", "createdAt", "size", "status"} <= set(order)
    assert (order["imageCount"], order["status"], order["phase"]) == (2, "completed", "completed")
    assert order["size"] == order["totalBytes"] > 0
    totals = ada.get("/api/orders/stats")["data"]
    assert (totals["orders"], totals["images"], totals["byStatus"]) == (1, 2, {"completed": 1})


@pytest.mark.req("S0-PROC-01")
@pytest.mark.parametrize("path", ["/api/status/{}", "/api/orders/{}/status"])
def test_the_status_counts_and_tells_what_happened(site: Site, ada: Person, path: str) -> None:
    started = site.studio.confirmed(ada.actor)
    found = ada.get(path.format(started.order.id))
    assert (found["batchId"], found["status"], found["phase"]) == (started.order.id, "processing", "processing")
    assert (found["progress"], found["total"], found["completed"], found["failed"]) == (0, 3, 0, 0)
    site.studio.work()
    found = ada.get(path.format(started.order.id))
    assert (found["progress"], found["completed"], found["phase"]) == (100, 3, "completed")
    assert [i["status"] for i in found["images"]] == ["completed"] * 3
    assert all(i["processedUrl"] for i in found["images"])
    assert {"upload", "plan", "confirm", "process"} <= {e["type"] for e in found["logs"]}
    assert all(e["message"] and e["timestamp"] for e in found["logs"])


def test_the_feed_is_followed_from_where_one_stopped(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    path = f"/api/orders/{order.id}/events"
    events = ada.get(path)["data"]
    assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
    assert [e["name"] for e in events][:2] == ["OrderCreated", "ImagesUploaded"]
    assert ada.get(f"{path}?after={len(events) - 1}")["data"] == events[-1:]
    assert ada.get(f"{path}?after={len(events)}")["data"] == []
    problem(ada.call("GET", f"{path}?after=-1"), 422, "invalid_input")
    problem(ada.call("GET", f"{path}?after={10**30}"), 422, "invalid_input")


def test_the_log_names_what_was_done_by_whom(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    ada.call("GET", f"/api/orders/{order.id}/archive")
    entries = ada.get(f"/api/orders/{order.id}/log")["data"]
    assert [e["type"] for e in entries][-1] == "download"
    assert entries[-1]["actor"] == ada.secret[:12]
