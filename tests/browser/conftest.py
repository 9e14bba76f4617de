"""A real server and a real browser. Whatever a test does: no console error, no policy report, no foreign host."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.chromium import Watch, chromium, program
from tests.support.members import CREDITS, Member, make_member, sign_in
from tests.support.studio_server import StudioServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; without one the browser tests are skipped."""
    if program() is None:
        pytest.skip("there is no Chromium on this machine; install it to run the browser tests")
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioServer]:
    """Return a running server of this test process, shared by tests that do not stop it."""
    with StudioServer(home=tmp_path_factory.mktemp("studio"), settings={"I2I_CAPTCHA": "none"}) as running:
        yield running


@pytest.fixture(scope="session")
def new_member(server: StudioServer) -> Callable[..., Member]:
    """Return what makes a verified account with credits."""

    def make(credits: int = CREDITS) -> Member:
        return make_member(server, credits=credits)

    return make


@pytest.fixture
def member(new_member: Callable[..., Member]) -> Member:
    """Return an account of this test."""
    return new_member()


@pytest.fixture
def open_studio(browser: Browser, server: StudioServer) -> Iterator[Callable[..., Page]]:
    """Return what signs somebody in and opens a page.

    Options go to the browser context (viewport, color_scheme …); ``expected`` are parts of console messages that the
    test brings about on purpose.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        member: Member | None = None, at: str = "/dashboard", *, on: StudioServer = server,
        expected: Sequence[str] = (), **options: Any,
    ) -> Page:  # fmt: skip
        context = browser.new_context(base_url=on.url, **{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(15_000)
        watch = Watch(host=on.url.removeprefix("http://"), expected=list(expected))
        watch.follow(context)
        opened.append((context, watch))
        if member is not None:
            sign_in(context, member)
        page = context.new_page()
        page.goto(at)
        return page

    yield open_page
    faults = []
    for context, watch in opened:
        for page in context.pages:
            watch.look(page)
        faults += watch.faults
        context.close()
    assert not faults


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return an empty folder for pictures of this test."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder
