"""The assistant through the API: its shapes, its stream over a real socket, its limits, and what it never does."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.web.own_addresses import read_address
from adapters.web.realtime import leaving
from core.domain.conversations import MAX_TEXT
from core.domain.orders import Order
from core.errors import InvalidInputError
from core.kernel.actor import Scope
from core.ports.language_model import AnswerCancelledError, CancelToken, Event, ModelRequest, TextDelta
from core.usecases.images.add import AddImages
from core.usecases.orders.create import CreateOrder
from plugins.llm.local.planner import LocalPlanner
from tests.support.scripted_model import ScriptedModel
from tests.support.sse import Parser
from tests.support.waiting import wait_until
from tests.unit.usecases.talking import CARD_NAME, NAMES, WORDS, caller_of
from tests.web.site import BOUNDLESS, Person, Site, make_site, problem
from tests.web.test_stream import Live, running

SHAPE = {"id", "sequence", "author", "text", "state", "by", "createdAt", "blocks"}


def talking_site(folder: Path, *lines: Any, **options: Any) -> Site:
    """Return a site whose planner reads words; with lines there is a language model that says them."""
    site = make_site(folder, **options)
    site.studio.planner = LocalPlanner()  # type: ignore[assignment]  # a planner all the same
    site.studio.app.__dict__["planner"] = site.studio.planner
    if lines:
        site.studio.app.__dict__["caller"] = caller_of(site.studio, ScriptedModel(lines=list(lines)))
    return site


@pytest.fixture
def talking(tmp_path: Path) -> Site:
    return talking_site(tmp_path)


def planned(site: Site, person: Person) -> Order:
    return site.studio.planned(person.actor, *NAMES, instruction=WORDS).order


def messages(order: Order) -> str:
    return f"/api/orders/{order.id}/conversation/messages"


def test_a_message_is_answered_and_the_conversation_kept(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)
    empty = ada.get(f"/api/orders/{order.id}/conversation")["data"]
    assert (empty["id"], empty["messages"], empty["by"], empty["left"]) == (None, [], "local", 200)
    exchange = ada.post(messages(order), {"message": "What does it cost?"})["data"]
    assert set(exchange) == {"question", "answer"}
    assert set(exchange["answer"]) == SHAPE
    (quote,) = exchange["answer"]["blocks"]
    assert (quote["kind"], quote["perImage"], quote["total"], quote["available"]) == ("quote", 3, 9, 100)
    kept = ada.get(f"/api/orders/{order.id}/conversation")["data"]
    assert (kept["messages"], kept["left"]) == ([exchange["question"], exchange["answer"]], 198)


def test_a_proposal_waits_for_its_confirmation(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)
    sent = [ada.post(messages(order), {"message": m})["data"]["answer"] for m in ("drop the shadow", "on light grey")]
    assert ada.get(f"/api/orders/{order.id}/plan")["data"]["revision"] == 1
    done = ada.post(f"{messages(order)}/{sent[0]['id']}/apply")["data"]
    assert (done["proposal"]["revision"], done["proposal"]["origin"]) == (2, "assistant")
    shown = ada.get(f"/api/orders/{order.id}/conversation")["data"]["messages"]
    states = [b["state"] for m in shown for b in m["blocks"] if b["kind"] == "proposal"]
    assert states == ["applied", "stale"]
    for message, code in zip(sent, ("already_applied", "stale_proposal"), strict=True):
        problem(ada.call("POST", f"{messages(order)}/{message['id']}/apply"), 409, code)


def test_a_proposed_plan_can_be_previewed_and_nothing_is_spent(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)
    blocks = ada.post(messages(order), {"message": "show me IMG_4 brighter"})["data"]["answer"]["blocks"]
    (wish,) = [b for b in blocks if b["kind"] == "preview"]
    body = {"imageId": wish["imageId"], "plan": wish["plan"]}
    assert ada.post(f"/api/orders/{order.id}/plan/preview", body)["data"]["files"]
    assert ada.get("/api/credits")["data"]["available"] == 100


@pytest.mark.req("S0-LLM-01")
def test_the_older_chat_answers_at_the_top_level(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)
    history = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    free = ada.post("/api/llm/chat", {"message": "white background", "conversationHistory": history})
    assert free["response"] == free["data"]["text"]
    assert (free["data"]["conversationId"], [b["kind"] for b in free["data"]["blocks"]]) == (None, ["explanation"])
    about = ada.post("/api/llm/chat", {"message": "What does it cost?", "orderId": order.id})
    assert "9 credits in all" in about["response"]
    kept = ada.get(f"/api/orders/{order.id}/conversation")["data"]
    assert (kept["id"], kept["messages"][1]["id"]) == (about["data"]["conversationId"], about["data"]["messageId"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"message": " "}, "empty_message"),
        ({"message": "x" * (MAX_TEXT + 1)}, "invalid_input"),
        ({}, "invalid_input"),
        ({"message": "a", "model": "b"}, "invalid_input"),
    ],
)
def test_what_is_no_message_is_refused_before_anything_streams(
    talking: Site, body: dict[str, str], code: str
) -> None:  # fmt: skip
    ada = talking.person()
    order = planned(talking, ada)
    for stream in (False, True):
        problem(ada.call("POST", messages(order), json={**body, "stream": stream}), 422, code)


def test_answers_have_a_rate_of_their_own(tmp_path: Path) -> None:
    site = talking_site(tmp_path, rates=attrs.evolve(BOUNDLESS, assistant=2))
    ada, grace = site.person(), site.person()
    order = planned(site, ada)
    ada.post(messages(order), {"message": "help"})
    ada.post("/api/llm/chat", {"message": "help"})
    refused = ada.call("POST", messages(order), json={"message": "help"})
    body = problem(refused, 429, "too_many_requests")
    assert (body["details"], "an hour" in body["error"]) == ({"kind": "assistant", "limit": 2}, True)
    assert int(refused.headers["Retry-After"]) > 60
    ada.get(f"/api/orders/{order.id}/conversation")
    grace.post("/api/llm/chat", {"message": "help"})


def test_a_scope_for_reading_asks_freely_and_writes_nothing(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)
    reader = talking.with_key(ada.actor, [Scope.ORDERS_READ])
    reader.post("/api/llm/chat", {"message": "white background"})
    problem(reader.call("POST", "/api/llm/chat", json={"message": "help", "orderId": order.id}), 403, "missing_scope")


# Over a real socket


def ask(live: Live, person: Person, path: str, body: dict[str, Any]) -> http.client.HTTPResponse:
    """Send a POST and return the answer, of which the body is still to come."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=20)
    headers = {"Authorization": f"Bearer {person.secret}", "Content-Type": "application/json"}
    connection.request("POST", path, body=json.dumps(body), headers=headers)
    return connection.getresponse()


def test_a_streamed_answer_comes_in_pieces(tmp_path: Path) -> None:
    site = talking_site(tmp_path, ["That is ", "9 credits."])
    ada = site.person()
    order = planned(site, ada)
    with running(site) as live:
        answer = ask(live, ada, messages(order), {"message": "What does it cost?", "stream": True})
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert "no-transform" in answer.headers["Cache-Control"]
        events = list(Parser().feed(answer.read()))
    assert [name for _, name, _ in events] == ["started", "piece", "piece", "done"]
    assert [data["text"] for _, name, data in events if name == "piece"] == ["That is ", "9 credits."]
    started, done = events[0][2], events[-1][2]
    assert (started["answer"]["state"], done["answer"]["state"]) == ("streaming", "done")
    assert (done["answer"]["text"], done["answer"]["by"]) == ("That is 9 credits.", CARD_NAME)
    assert ada.get(f"/api/orders/{order.id}/conversation")["data"]["messages"][1] == done["answer"]


def test_without_an_order_the_stream_ends_with_the_older_answer(talking: Site) -> None:
    ada = talking.person()
    answer = ada.call("POST", "/api/llm/chat", json={"message": "white background", "stream": True})
    events = list(Parser().feed(answer.get_data()))
    assert [name for _, name, _ in events] == ["piece", "done"]
    assert events[-1][2]["response"] == events[-1][2]["text"]


def test_a_reader_who_goes_away_stops_the_answer(tmp_path: Path) -> None:
    """More words than sockets hold: the server cannot have written them all when the reader leaves."""
    site = talking_site(tmp_path, ["x" * 20_000] * 2_000)
    ada = site.person()
    order = planned(site, ada)
    with running(site) as live:
        answer = ask(live, ada, messages(order), {"message": "drop the shadow", "stream": True})
        assert answer.read1(100)
        answer.close()

        def last() -> Any:
            return ada.get(f"/api/orders/{order.id}/conversation")["data"]["messages"][-1]

        wait_until(lambda: last()["state"] != "streaming")
        assert (last()["state"], last()["blocks"]) == ("stopped", [])
    assert ada.get(f"/api/orders/{order.id}/plan")["data"]["revision"] == 1


def test_a_reader_who_goes_away_reaches_a_model_that_is_silent(tmp_path: Path) -> None:
    left = threading.Event()

    class Silent(ScriptedModel):
        def complete(self, request: ModelRequest, *, cancel: CancelToken | None = None) -> Iterator[Event]:
            assert cancel is not None
            cancel.on_cancel(left.set)
            yield TextDelta(text="Well")
            assert left.wait(20)
            raise AnswerCancelledError("The answer was cancelled.")

    site = talking_site(tmp_path)
    site.studio.app.__dict__["caller"] = caller_of(site.studio, Silent())
    ada = site.person()
    with running(site) as live:
        answer = ask(live, ada, "/api/llm/chat", {"message": "white background", "stream": True})
        assert answer.read1(100)
        answer.close()
        assert left.wait(10)


def test_a_server_that_does_not_look_after_its_readers_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(leaving, "_is_stream", lambda _message: False)
    with pytest.raises(AssertionError):
        test_a_reader_who_goes_away_stops_the_answer(tmp_path)


def test_an_answer_is_stopped_by_another_request(tmp_path: Path) -> None:
    site = talking_site(tmp_path, ["x" * 20_000] * 2_000)
    ada = site.person()
    order = planned(site, ada)
    with running(site) as live:
        answer = ask(live, ada, messages(order), {"message": "drop the shadow", "stream": True})
        assert answer.read1(100)
        busy = ask(live, ada, messages(order), {"message": "help"})
        assert (busy.status, json.loads(busy.read())["code"]) == (409, "answer_under_way")
        assert ask(live, ada, f"/api/orders/{order.id}/conversation/stop", {}).status == 200
        events = list(Parser().feed(answer.read()[-50_000:].partition(b"\n\n")[2]))
    assert events[-1][1] == "done"
    assert events[-1][2]["answer"]["state"] == "stopped"


def test_a_fault_in_the_middle_ends_the_stream_with_a_problem(talking: Site) -> None:
    ada = talking.person()
    order = planned(talking, ada)

    class Broken:
        name = "broken"

        def plan(self, _request: object) -> object:
            raise RuntimeError("planted")

    talking.studio.app.__dict__["planner"] = Broken()
    answer = ada.call("POST", messages(order), json={"message": "drop the shadow", "stream": True})
    events = list(Parser().feed(answer.get_data()))
    assert [name for _, name, _ in events] == ["started", "error"]
    assert (events[-1][2]["code"], "planted" in str(events)) == ("internal_error", False)
    last = ada.get(f"/api/orders/{order.id}/conversation")["data"]["messages"][-1]
    assert last["state"] == "failed"


# Summaries, and pictures handed over with a sentence


@pytest.mark.req("S0-LLM-03", "S0-LLM-06", "S0-LLM-08")
def test_a_summary_is_stored_and_answered(talking: Site) -> None:
    ada = talking.person()
    order = talking.studio.planned(ada.actor, *NAMES, instruction=WORDS).order
    draft = ada.get(f"/api/orders/{order.id}/summary")
    assert (draft["summary"], draft["data"]["by"], draft["data"]["at"]) == ("", "", None)
    problem(ada.call("POST", "/api/llm/summarize", json={"orderId": order.id}), 409, "not_ended")
    finished = talking.finished(ada, *NAMES)
    for answer in (
        ada.get(f"/api/orders/{finished.id}/summary"),
        ada.post(f"/api/orders/{finished.id}/summary"),
        ada.post("/api/llm/summarize", {"orderId": finished.id}),
    ):
        assert answer["summary"] == answer["data"]["summary"]
        assert answer["summary"].startswith("3 of 3 pictures finished.\nWhat was done: ")
        assert answer["data"]["by"] == "local"
    assert ada.get(f"/api/orders/{finished.id}")["data"]["order"]["summary"] == answer["summary"]


@pytest.mark.req("S0-LLM-02", "S0-LLM-15")
def test_own_pictures_are_worked_on_in_an_order_of_their_own_and_queued(talking: Site) -> None:
    ada = talking.person()
    source = talking.finished(ada, "a.jpg", "b.jpg")
    images = talking.studio.images(source.id)
    address = f"/api/orders/{source.id}/images/{images[0].id}/file?version=0"
    body = {
        "imageUrls": [f"http://localhost{address}", images[1].asset_id], "instruction": "White background, JPEG"
    }  # fmt: skip
    answer = ada.call("POST", "/api/llm/process", json=body)
    assert answer.status_code == 202
    found = answer.get_json()
    assert found["analysis"] == found["data"]["analysis"]
    assert "Cut out the product" in found["analysis"]
    assert [(r["name"], r["status"], r["processedUrl"]) for r in found["results"]] == [
        ("a.jpg", "queued", None), ("b.jpg", "queued", None),
    ]  # fmt: skip
    order = found["data"]["orderId"]
    assert order != source.id
    assert found["data"]["runId"]
    talking.studio.work()
    assert ada.get(f"/api/orders/{order}/status")["completed"] == 2
    assert ada.get(f"/api/orders/{source.id}/status")["completed"] == 2, "the source is left alone"


def test_a_request_that_is_repeated_with_its_key_works_once(talking: Site) -> None:
    ada = talking.person()
    image = talking.studio.images(talking.finished(ada, "a.jpg").id)[0]
    body, key = {"imageUrls": [image.asset_id], "instruction": "brighter"}, {"Idempotency-Key": "k1"}
    first, second = (ada.post("/api/llm/process", body, headers=key)["data"] for _ in range(2))
    assert first == second


def test_a_picture_that_is_named_often_is_fetched_once(talking: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = talking.person()
    image = talking.studio.images(talking.finished(ada, "a.jpg").id)[0]
    fetched: list[str] = []
    blobs = talking.studio.app.blobs
    local = blobs.local

    def counted(key: str) -> AbstractContextManager[Path]:
        fetched.append(key)
        return local(key)

    monkeypatch.setattr(blobs, "local", counted)
    body = {"imageUrls": [image.asset_id] * 100, "instruction": "brighter"}
    found = ada.post("/api/llm/process", body)["data"]
    assert [r["name"] for r in found["results"]] == ["a.jpg"]
    assert len(fetched) == 1


def test_a_key_stands_for_its_pictures_too(talking: Site) -> None:
    ada = talking.person()
    images = talking.studio.images(talking.finished(ada, "a.jpg", "b.jpg").id)
    key = {"Idempotency-Key": "k1"}
    bodies = [{"imageUrls": [image.asset_id], "instruction": "brighter"} for image in images]
    ada.post("/api/llm/process", bodies[0], headers=key)
    problem(ada.call("POST", "/api/llm/process", json=bodies[1], headers=key), 409, "idempotency_mismatch")


def test_a_repeat_that_overtakes_the_first_request_takes_nothing_away(
    talking: Site, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The repeat looks for the order before the first request has added its pictures, and adds them after it."""
    ada = talking.person()
    image = talking.studio.images(talking.finished(ada, "a.jpg").id)[0]
    body, key = {"imageUrls": [image.asset_id], "instruction": "brighter"}, {"Idempotency-Key": "k1"}
    answers: list[Any] = []
    look = AddImages.__call__

    def first(self: AddImages, **given: Any) -> Any:
        monkeypatch.setattr(AddImages, "__call__", look)
        added = look(self, **given)
        # The repeat has seen an empty draft, as if it had asked a moment ago.
        empty = attrs.evolve(added.order, image_count=0)
        monkeypatch.setattr(CreateOrder, "__call__", lambda *_, **__: empty)
        answers.append(ada.call("POST", "/api/llm/process", json=body, headers=key))
        return added

    monkeypatch.setattr(AddImages, "__call__", first)
    done = ada.post("/api/llm/process", body, headers=key)["data"]
    assert done["runId"]
    problem(answers[0], 409, "request_under_way")


def test_a_plan_with_a_question_waits_and_spends_nothing(talking: Site) -> None:
    ada = talking.person()
    image = talking.studio.images(talking.finished(ada, "a.jpg").id)[0]
    spent = ada.get("/api/credits")["data"]["available"]
    body = {"imageUrls": [image.asset_id], "instruction": "White background. Grey background."}
    found = ada.post("/api/llm/process", body)["data"]
    assert (found["runId"], found["status"]) == (None, "awaiting_confirmation")
    assert found["questions"]
    assert ada.get("/api/credits")["data"]["available"] == spent


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.jpg",
        "https://evil.example/api/orders/1/images/2/file",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://localhost/api/orders/1/images/2/file",
        "//evil.example/api/orders/1/images/2/file",
        "/api/orders/1/images/2/../../3/file",
        "/etc/passwd",
        "http://[broken",
        "/api/orders/1/images/2/file?version=x",
        "",
    ],
)
def test_nothing_is_fetched_from_elsewhere(talking: Site, address: str) -> None:
    ada = talking.person()
    answer = ada.call("POST", "/api/llm/process", json={"imageUrls": [address], "instruction": "brighter"})
    problem(answer, 422, "foreign_address")
    with pytest.raises(InvalidInputError):
        read_address(address, hosts=frozenset({"localhost"}))


def test_pictures_of_others_are_not_found(talking: Site) -> None:
    ada, eve = talking.person(), talking.person()
    order = talking.finished(ada, "a.jpg")
    image = talking.studio.images(order.id)[0]
    for url in (image.asset_id, f"/api/orders/{order.id}/images/{image.id}/file", "0" * 26):
        answer = eve.call("POST", "/api/llm/process", json={"imageUrls": [url], "instruction": "brighter"})
        problem(answer, 404, "not_found")
    assert ada.get("/api/orders")["orders"][0]["id"] == order.id
    assert eve.get("/api/orders")["orders"] == []
