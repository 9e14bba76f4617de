"""Chromium as people use it, watched for what no page may do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import attrs
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--no-first-run",
)  # fmt: skip
# Runs in each page before its own scripts: policy reports, layout shifts and long tasks are kept to be read later.
WATCH = """
  window.__policy = []; window.__shift = 0; window.__long = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.__policy.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__long.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
"""


def program() -> str | None:
    """Return the Chromium of this machine."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser that asks nobody but the pages' own server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(QUIET))
        yield browser
        browser.close()


@attrs.define(slots=False)  # Playwright notes things on bound handlers
class Watch:
    """What went wrong in the pages of a context.

    Args:
        expected: parts of console messages that the test brings about on purpose.
    """

    host: str
    faults: list[str] = attrs.field(factory=list)
    expected: list[str] = attrs.field(factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a context, those to come included."""
        context.add_init_script(WATCH)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in self.expected):
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def look(self, page: Page) -> None:
        """Take up what the content policy refused on the page that is shown."""
        self.faults.extend(f"policy: {report}" for report in page.evaluate("window.__policy ?? []"))


def measured(page: Page) -> dict[str, Any]:
    """Return the layout shift so far and the long tasks in milliseconds."""
    found: dict[str, Any] = page.evaluate("({ shift: window.__shift, long: window.__long })")
    return found
