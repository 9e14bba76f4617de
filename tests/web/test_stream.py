"""The live stream of an order over a real socket."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.web import server
from adapters.web.asgi import WebServer, build_asgi
from adapters.web.limits import Rates
from adapters.web.realtime.places import Places
from adapters.web.realtime.stream import Pace
from core.kernel.actor import Scope
from core.kernel.events import DomainEvent
from core.usecases.accounts.api_keys import ListApiKeys, RevokeApiKey
from core.usecases.orders.change import DeleteOrder
from tests.support.sse import Parser
from tests.support.waiting import wait_until
from tests.web.site import BOUNDLESS, Person, Site, make_site

QUICK = Pace(heartbeat=0.05, recheck=0.05)
Event = tuple[str, str, dict[str, Any]]


@attrs.define
class Stream:
    """One connection, read in the words of the format."""

    answer: http.client.HTTPResponse
    parser: Parser = attrs.field(factory=Parser)

    def events(self, count: int) -> list[Event]:
        """Return the next events."""
        found: list[Event] = []
        while len(found) < count:
            found += self.parser.feed(self._piece())
        return found

    def rest(self) -> list[Event]:
        """Return what comes until the server ends the stream."""
        return list(self.parser.feed(self.answer.read()))

    def until(self, look: Callable[[], object]) -> None:
        """Read on until something can be seen."""
        while not look():
            list(self.parser.feed(self._piece()))

    def _piece(self) -> bytes:
        piece = self.answer.read1(65536)
        assert piece, "the stream ended"
        return piece


@attrs.define
class Live:
    """A server in a thread of this process."""

    site: Site
    web: WebServer
    port: int
    stop: Callable[[], None]

    def ask(self, path: str, person: Person | None, **headers: str) -> http.client.HTTPResponse:
        """Send a GET and return the answer, of which the body is still to come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        key = {"Authorization": f"Bearer {person.secret}"} if person else {}
        connection.request("GET", path, headers=key | {k.replace("_", "-"): v for k, v in headers.items()})
        return connection.getresponse()

    def stream(self, order_id: str, person: Person, query: str = "", **headers: str) -> Stream:
        """Begin a stream."""
        answer = self.ask(f"/api/orders/{order_id}/stream{query}", person, **headers)
        assert answer.status == 200, answer.read()
        return Stream(answer)

    def refused(self, order_id: str, person: Person | None, query: str = "", **headers: str) -> tuple[int, str]:
        """Return status and code of a stream that is refused, having looked at the problem body."""
        answer = self.ask(f"/api/orders/{order_id}/stream{query}", person, **headers)
        body = _json(answer)
        assert set(body) == {"success", "error", "code", "details", "requestId"}
        assert (body["success"], body["requestId"]) == (False, answer.headers["X-Request-ID"])
        return answer.status, body["code"]

    def happen(self, order_id: str, *names: str, padding: int = 0) -> None:
        """Let something happen to an order."""
        data = {"n": [1, "ä\n"]} | ({"padding": "x" * padding} if padding else {})
        with self.site.studio.app.new_work() as work:
            for name in names:
                at = self.site.studio.clock.now()
                work.events.add(DomainEvent(name=name, topic=f"order/{order_id}", at=at, data=data))
            work.commit()


def _json(answer: http.client.HTTPResponse) -> Any:
    return json.loads(answer.read())


@contextmanager
def running(
    site: Site, *, rates: Rates = BOUNDLESS, pace: Pace | None = None, places: Places | None = None
) -> Iterator[Live]:
    """Serve an application for the length of a block."""
    listener, ready = server.listen("127.0.0.1", 0), threading.Event()
    web = build_asgi(site.studio.app, rates=rates, pace=pace, places=places)
    running = server.build_server(site.studio.app, on_ready=ready.set, web=web)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)

    def stop() -> None:
        running.should_exit = True
        thread.join(20)
        assert not thread.is_alive()

    thread.start()
    assert ready.wait(20)
    with listener:
        yield Live(site, web, listener.getsockname()[1], stop)
        stop()


@pytest.fixture
def live(site: Site) -> Iterator[Live]:
    """Return a running server."""
    with running(site) as found:
        yield found


@pytest.mark.req("S1-FUT-08")
def test_a_stream_tells_what_happened_and_what_happens(live: Live, ada: Person) -> None:
    order = live.site.finished(ada)
    listed = ada.get(f"/api/orders/{order.id}/events")["data"]
    stream = live.stream(order.id, ada, "?after=0")
    events = stream.events(len(listed))
    assert [data for _, _, data in events] == listed, "the same as the list"
    assert [(int(number), name) for number, name, _ in events] == [(e["sequence"], e["name"]) for e in listed]
    assert stream.parser.retry > 0
    live.happen(order.id, "ImageApproved")
    ((number, name, data),) = stream.events(1)
    assert (int(number), name, data["data"]) == (len(listed) + 1, "ImageApproved", {"n": [1, "ä\n"]})


def test_a_client_goes_on_behind_the_last_event_it_has(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    live.happen(order, *"abcdef")
    head = len(ada.get(f"/api/orders/{order}/events")["data"])

    def first(query: str = "", **headers: str) -> int:
        return int(live.stream(order, ada, query, **headers).events(1)[0][0])

    assert first(f"?after={head - 2}") == head - 1
    assert first("?after=0", Last_Event_ID=str(head - 1)) == head, "what it says now counts more than its address"
    assert first(Last_Event_ID=str(head - 3)) == head - 2


def test_who_names_no_event_begins_now_and_knows_where_that_was(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    live.happen(order, "a", "b")
    head = len(ada.get(f"/api/orders/{order}/events")["data"])
    stream = live.stream(order, ada)
    stream.until(lambda: stream.parser.last_id == str(head))
    live.happen(order, "c")
    assert [name for _, name, _ in stream.events(1)] == ["c"]


def test_names_can_be_left_out_for_a_single_listener(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    live.happen(order, "a")
    ((_, name, data),) = live.stream(order, ada, "?unnamed=1&after=0").events(1)[-1:]
    assert (name, bool(data["name"])) == ("message", True)


def test_the_answer_has_the_headers_of_all_answers(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    usual = live.ask("/api/orders", ada).headers
    found = live.stream(order, ada).answer.headers
    own = {"Content-Type", "Cache-Control", "X-Accel-Buffering", "Transfer-Encoding", "date", "X-Request-ID"}
    missing = {n.lower() for n in usual} - {n.lower() for n in found} - {"content-length", "x-ratelimit-remaining"}
    assert not missing
    same = {n.lower() for n in found} - {n.lower() for n in own}
    assert {n: found[n] for n in same} == {n: usual[n] for n in same}
    assert found["Content-Type"] == "text/event-stream; charset=utf-8"
    assert {"no-cache", "no-transform"} <= set(found["Cache-Control"].split(", "))
    assert found["X-Accel-Buffering"] == "no"
    assert "server" not in {n.lower() for n in found}


def test_https_is_believed_from_a_named_proxy_only(tmp_path: Path) -> None:
    forwarded = {"X_Forwarded_Proto": "https"}
    for count, is_there in ((0, False), (1, True)):
        folder = tmp_path / str(count)
        folder.mkdir()
        with running(make_site(folder, trusted_proxies=count)) as live:
            ada = live.site.person()
            stream = live.stream(live.site.studio.draft(ada.actor).id, ada, **forwarded)
            assert ("Strict-Transport-Security" in stream.answer.headers) is is_there


def test_only_those_who_may_read_the_order_follow_it(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    other, weak = live.site.person(), live.site.with_key(ada.actor, [Scope.CREDITS_READ])
    assert live.refused(order, None) == (401, "key_required")
    assert live.refused(order, other) == (404, "not_found")
    assert live.refused(order, weak) == (403, "missing_scope")
    assert live.refused("nothing", ada) == (404, "not_found")
    assert live.refused("no%20id", ada) == (404, "not_found")
    live.stream(order, live.site.admin())


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?after=x", {}),
        ("?after=-1", {}),
        ("?after=99999999999", {}),
        ("", {"Last_Event_ID": "1.5"}),
        ("?unnamed=2", {}),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused(live: Live, ada: Person, query: str, headers: dict[str, str]) -> None:
    order = live.site.studio.draft(ada.actor).id
    assert live.refused(order, ada, query, **headers) == (422, "invalid_input")


@pytest.mark.req("S4-SEC-07")
def test_keys_that_are_guessed_are_counted_and_streams_too(tmp_path: Path) -> None:
    with running(make_site(tmp_path), rates=attrs.evolve(BOUNDLESS, failed_keys=2, streams=2)) as live:
        ada = live.site.person()
        order = live.site.studio.draft(ada.actor).id
        for _ in range(3):  # a cookie that grew old is no attempt to guess
            assert live.refused(order, None, Cookie="i2i_session=i2s_old") == (401, "session_expired")
        for _ in range(2):
            assert live.refused(order, None, X_API_Key="i2i_wrong")[0] == 401
            live.stream(order, ada)
        assert live.refused(order, None, X_API_Key="i2i_wrong") == (429, "too_many_requests")
        answer = live.ask(f"/api/orders/{order}/stream", ada)
        assert (answer.status, int(answer.headers["Retry-After"]) > 0) == (429, True)


@pytest.mark.req("S4-SEC-07")
def test_places_are_limited_and_given_back(tmp_path: Path) -> None:
    places = Places(per_user=2, in_all=3)
    with running(make_site(tmp_path), places=places) as live:
        ada, grace = live.site.person(), live.site.person()
        mine, hers = (live.site.studio.draft(p.actor).id for p in (ada, grace))
        first, second = live.stream(mine, ada), live.stream(mine, ada)
        answer = live.ask(f"/api/orders/{mine}/stream", ada)
        assert (answer.status, _json(answer)["code"], answer.headers["Retry-After"]) == (429, "too_many_streams", "10")
        third = live.stream(hers, grace)
        assert live.refused(hers, grace) == (503, "server_full")
        first.answer.close()
        wait_until(lambda: places.taken == 2, what="a place that is free again")
        fourth = live.stream(hers, grace)
        assert b"i2i_streams 3.0" in live.ask("/metrics", None).read()
        assert not any(stream.answer.isclosed() for stream in (second, third, fourth))


def test_a_silent_stream_gives_signs_of_life(tmp_path: Path) -> None:
    with running(make_site(tmp_path), pace=QUICK) as live:
        ada = live.site.person()
        stream = live.stream(live.site.studio.draft(ada.actor).id, ada)
        stream.until(lambda: stream.parser.comments >= 2)


def test_who_may_read_no_longer_is_cut_off(tmp_path: Path) -> None:
    with running(make_site(tmp_path), pace=QUICK) as live:
        ada = live.site.person()
        order = live.site.studio.draft(ada.actor).id
        weak = live.site.with_key(ada.actor, [Scope.ORDERS_READ])
        stream, other = live.stream(order, weak), live.stream(order, ada)
        use = live.site.studio.use
        (key,) = [k for k in use(ListApiKeys)(actor=ada.actor) if k.scopes == {Scope.ORDERS_READ}]
        use(RevokeApiKey)(actor=ada.actor, key_id=key.id)
        stream.rest()
        assert live.refused(order, weak)[0] == 401
        live.happen(order, "a")
        assert other.events(1), "only the one whose key was revoked"
        use(DeleteOrder)(actor=ada.actor, order_id=order)
        assert [name for _, name, _ in other.rest()] in ([], ["OrderDeleted"]), "nothing that happens later"
        assert live.refused(order, ada) == (404, "not_found")


def test_a_stream_has_an_end_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with running(make_site(tmp_path), pace=Pace(life=0.05)) as live:
        ada = live.site.person()
        order = live.site.studio.draft(ada.actor).id
        stream = live.stream(order, ada, "?after=0")
        before = stream.rest()
        live.happen(order, "a")
        after = live.stream(order, ada, Last_Event_ID=stream.parser.last_id or "0").rest()
        assert [int(n) for n, _, _ in before + after] == list(range(1, len(before) + 2))


def test_streams_do_not_keep_the_server_from_stopping(live: Live, ada: Person) -> None:
    stream = live.stream(live.site.studio.draft(ada.actor).id, ada)
    began = time.monotonic()
    live.stop()
    assert not stream.rest()
    assert time.monotonic() - began < server.GRACE_SECONDS / 2, "it did not wait for the streams"


def test_a_client_that_reads_nothing_is_cut_off_and_hurts_nobody(live: Live, ada: Person) -> None:
    order = live.site.studio.draft(ada.actor).id
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lazy.connect(("127.0.0.1", live.port))
    lazy.sendall(
        f"GET /api/orders/{order}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ada.secret}\r\n\r\n".encode()
    )
    quick = live.stream(order, ada)
    (topic,) = wait_until(lambda: list(live.web.hub._topics.values()))
    wait_until(lambda: len(topic.subscriptions) == 2)
    count = 0
    while len(topic.subscriptions) == 2:
        live.happen(order, *["Large"] * 400, padding=20_000)
        count += len(quick.events(400))
        assert count < 20_000
    lazy.close()
    live.happen(order, "y")
    assert [name for _, name, _ in quick.events(1)] == ["y"]


@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("OPTIONS", 200), ("HEAD", 200)])
def test_other_methods_are_answered_as_everywhere(live: Live, ada: Person, method: str, status: int) -> None:
    order = live.site.studio.draft(ada.actor).id
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=20)
    connection.request(method, f"/api/orders/{order}/stream", headers={"Authorization": f"Bearer {ada.secret}"})
    assert connection.getresponse().status == status
    connection.close()


def test_under_another_server_a_stream_tells_what_there_is_and_ends(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    listed = ada.get(f"/api/orders/{order.id}/events")["data"]
    answer = ada.call("GET", f"/api/orders/{order.id}/stream?after=2")
    assert answer.mimetype == "text/event-stream"
    assert [data for _, _, data in Parser().feed(answer.data)] == listed[2:]
    now = Parser()
    assert not list(now.feed(ada.call("GET", f"/api/orders/{order.id}/stream").data))
    assert now.last_id == str(len(listed))
