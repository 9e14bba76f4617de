"""What is measured of a page: bytes of its first load, layout shift, long tasks, and the time from key to plan."""

import statistics
from collections.abc import Iterable
from typing import Literal

import attrs
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NotInTimeError

from tests.support.chromium import measured

IDLE_MS = 1500
LONG_MS = 50
UNCHANGED_MS = 1000
# The moment of the last key is taken where the page hears it; the plan is shown when its part of the page has changed
# and the browser has drawn it.
CLOCK = """
  (() => {
    const words = document.getElementById("words"), view = document.getElementById("meaning");
    window.__waits = []; let typed = null;
    words.addEventListener("input", () => { typed = performance.now(); }, true);
    window.__forget = () => { typed = null; };
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
      if (typed !== null) { window.__waits.push(performance.now() - typed); typed = null; }
    }))).observe(view, { childList: true, subtree: true });
  })()
"""


@attrs.frozen
class Weight:
    """Compressed bytes of scripts and of styles that the first load of a page asks for."""

    scripts: int
    styles: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.scripts + self.styles


def visit(page: Page, path: str, *, until: Literal["load", "networkidle"] = "networkidle") -> None:
    """Open a page that must be there: a refusal is light and steady too.

    Raises:
        RuntimeError: the server refused.
    """
    answer = page.goto(path, wait_until=until)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{path} answered {answer.status if answer else 'nothing'}")


def weigh(page: Page, path: str) -> Weight:
    """Open a page with an empty cache and add up what came over the wire until its load event."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))
    visit(page, path, until="load")
    total = {kind: sum(sizes.get(i, 0) for i, k in kinds.items() if k == kind) for kind in ("Script", "Stylesheet")}
    session.detach()
    return Weight(scripts=total["Script"], styles=total["Stylesheet"])


def shift_of(page: Page, path: str) -> float:
    """Open a page, let it settle and return how far its layout shifted."""
    visit(page, path)
    page.wait_for_timeout(IDLE_MS)
    return float(measured(page)["shift"])


def long_tasks(page: Page, path: str) -> list[float]:
    """Open a page and return the tasks over 50 ms that came after its load event, until it was idle."""
    visit(page, path, until="load")
    page.evaluate("window.__long.length = 0")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(IDLE_MS)
    return [float(ms) for ms in measured(page)["long"] if ms > LONG_MS]


def typing(page: Page, words: str) -> list[float]:
    """Type words into the new-order page and return the milliseconds from a key until its plan was shown.

    A key that changes nothing of the plan that is shown gives no figure.
    """
    visit(page, "/dashboard")
    page.evaluate(CLOCK)
    box = page.locator("#words")
    box.focus()
    for letter in words:
        before = page.evaluate("window.__waits.length")
        box.press_sequentially(letter)
        try:
            page.wait_for_function("count => window.__waits.length > count", arg=before, timeout=UNCHANGED_MS)
        except NotInTimeError:
            page.evaluate("window.__forget()")
    return [float(ms) for ms in page.evaluate("window.__waits")]


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)
