"""The page's side of the live feed, in a real browser against a real server that goes away and comes back."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

from tests.support.members import Member, make_member, sign_in
from tests.support.studio_server import StudioServer

LIB = Path(__file__).resolve().parents[2] / "adapters/web/frontend/src/lib"
FOLLOW = """async ([order, after]) => {
  const { follow } = await import("/__lib__/feed.js");
  window.seen = []; window.states = []; window.lists = 0;
  window.stopFeed = follow(order, {
    after,
    onEvents: (events) => { window.lists += 1; window.seen.push(...events.map((event) => event.sequence)); },
    onState: (state) => window.states.push(state),
  });
}"""


@attrs.define
class Reader:
    """A page that follows an order with the module as it is written."""

    page: Page
    context: BrowserContext
    order: str
    token: str
    colours: int = 0

    def follow(self, after: int = 0) -> None:
        """Begin."""
        self.page.evaluate(FOLLOW, [self.order, after])

    def happen(self, times: int = 1) -> None:
        """Let something happen to the order."""
        for _ in range(times):
            self.colours += 1
            content = io.BytesIO()
            Image.new("RGB", (8, 8), (self.colours * 9, 80, 120)).save(content, "PNG")
            file = FilePayload(name=f"{self.colours}.png", mimeType="image/png", buffer=content.getvalue())
            answer = self.context.request.post(
                f"/api/orders/{self.order}/images", multipart={"images": file}, headers={"X-CSRFToken": self.token}
            )
            assert answer.ok, answer.text()

    def head(self) -> int:
        """Return how far the feed is."""
        return len(self.context.request.get(f"/api/orders/{self.order}/events").json()["data"])

    def wait_for_all(self) -> list[int]:
        """Wait until everything has arrived, and return what did."""
        self.page.wait_for_function("head => window.seen.at(-1) >= head", arg=self.head(), timeout=20_000)
        found: list[int] = self.page.evaluate("window.seen")
        return found

    def wait_for_state(self, state: str) -> None:
        """Wait until the feed says so."""
        self.page.wait_for_function("state => window.states.at(-1) === state", arg=state, timeout=20_000)


@pytest.fixture
def open_reader(browser: Browser) -> Iterator[Callable[[StudioServer, Member], Reader]]:
    """Return what opens a page that can follow a new order."""
    contexts: list[BrowserContext] = []

    def open_it(server: StudioServer, member: Member) -> Reader:
        context = browser.new_context(base_url=server.url, bypass_csp=True)
        contexts.append(context)
        sign_in(context, member)
        for name in ("feed", "api"):
            source = (LIB / f"{name}.js").read_text(encoding="utf-8")
            _serve(context, name, source)
        token = context.request.get("/api/security/csrf").json()["data"]["token"]
        answer = context.request.post("/api/orders", data={"name": "Shoot"}, headers={"X-CSRFToken": token})
        page = context.new_page()
        page.goto("/healthz")
        return Reader(page, context, answer.json()["data"]["id"], token)

    yield open_it
    for context in contexts:
        context.close()


def _serve(context: BrowserContext, name: str, source: str) -> None:
    def answer(route: Any) -> None:
        route.fulfill(body=source, content_type="text/javascript")

    context.route(f"**/__lib__/{name}.js", answer)


@pytest.mark.req("S1-FUT-08")
def test_events_arrive_once_and_in_order_through_a_server_that_is_killed(
    open_reader: Callable[..., Reader], tmp_path: Path
) -> None:
    with StudioServer(home=tmp_path / "studio", settings={"I2I_CAPTCHA": "none"}) as server:
        reader = open_reader(server, make_member(server, credits=0))
        reader.follow()
        reader.wait_for_state("live")
        reader.happen(3)
        assert reader.wait_for_all() == list(range(1, reader.head() + 1))
        server.kill()
        reader.wait_for_state("offline")
        server.start()
        reader.happen(2)
        assert reader.wait_for_all() == list(range(1, reader.head() + 1))
        reader.page.evaluate("window.stopFeed()")


@pytest.mark.req("S1-FUT-08")
def test_where_streams_are_blocked_it_asks_again_and_again_until_they_get_through(
    open_reader: Callable[..., Reader], server: StudioServer, member: Member
) -> None:
    reader = open_reader(server, member)
    reader.context.route("**/stream?*", lambda route: route.abort())
    reader.follow()
    reader.wait_for_state("polling")
    reader.happen(2)
    assert reader.wait_for_all() == list(range(1, reader.head() + 1))
    reader.context.unroute("**/stream?*")
    reader.page.evaluate("window.dispatchEvent(new Event('online'))")
    reader.wait_for_state("live")
    reader.happen()
    assert reader.wait_for_all() == list(range(1, reader.head() + 1))


def test_a_page_that_was_left_catches_up_when_it_is_shown_again(
    open_reader: Callable[..., Reader], server: StudioServer, member: Member
) -> None:
    reader = open_reader(server, member)
    reader.happen(2)
    reader.follow(after=1)
    reader.wait_for_state("live")
    reader.wait_for_all()
    reader.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    reader.happen(3)
    assert reader.page.evaluate("window.seen.at(-1)") == reader.head() - 3, "nothing is followed while it is away"
    reader.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert reader.wait_for_all() == list(range(2, reader.head() + 1))


def test_it_gives_up_where_there_is_nothing_to_follow(
    open_reader: Callable[..., Reader], server: StudioServer, member: Member
) -> None:
    reader = open_reader(server, member)
    reader.order = "nothing"
    reader.follow()
    reader.wait_for_state("offline")
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.evaluate("new Promise((done) => setTimeout(done, 1500))")
    assert not asked
