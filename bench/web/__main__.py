"""Measures the pages in Chromium on a real server.

Usage: python -m bench.web [--pictures 100]; prints each figure beside its bar and exits with 1 when one was missed,
with 2 when there is no Chromium.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from bench.web.measures import long_tasks, median, shift_of, typing, weigh
from bench.web.shoot import Caller, make_pictures, plan_and_confirm, upload_order, wait_until_ended
from tests.support.chromium import Watch, chromium, measured, program
from tests.support.members import make_member, sign_in
from tests.support.studio_server import StudioServer

WEIGHT_KB, SHIFT, LONG, TYPING_MS = 120, 0.02, 3, 150
WORDS = "Cut out, pure white background, 1000x1000, product centred filling 85 %, soft shadow, sRGB JPEG q90"
TYPED = "pure white background, 2000 x 2000 px, product fills 85 %, soft shadow, JPEG quality 90"


class Sheet:
    """The figures, each with its bar."""

    def __init__(self) -> None:
        self.missed = 0

    def line(self, name: str, value: float, *, bar: float, unit: str = "", digits: int = 0) -> None:
        """Print a figure that must not be over its bar."""
        is_reached = value <= bar
        self.missed += not is_reached
        told = f"{value:.{digits}f}{unit}"
        print(f"{name:52} {told:>12}  at most {bar:g}{unit}  {'reached' if is_reached else 'MISSED'}", flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pictures", type=int, default=100, help="pictures of the order (default: %(default)s)")
    count = parser.parse_args().pictures
    if program() is None:
        print("There is no Chromium on this machine.", file=sys.stderr)
        return 2
    sheet = Sheet()
    with tempfile.TemporaryDirectory() as folder, StudioServer(Path(folder), {"I2I_CAPTCHA": "none"}) as server:
        member = make_member(server, credits=10_000)
        with chromium() as browser:
            context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
            watch = Watch(host=server.url.removeprefix("http://"))
            watch.follow(context)
            page = context.new_page()
            measure_entry(sheet, page)
            sign_in(context, member)
            measure_writing(sheet, page)
            order = measure_work(sheet, context, page, count=count)
            measure_pages(sheet, page, order)
            watch.look(page)
    for fault in watch.faults:
        print(fault)
    sheet.line("console errors, policy reports, foreign hosts", len(watch.faults), bar=0)
    return int(sheet.missed > 0)


def measure_entry(sheet: Sheet, page: Page) -> None:
    """Weigh the first page of somebody who is not signed in."""
    for path in ("/", "/sign-in"):
        weight = weigh(page, path).total / 1000
        sheet.line(f"compressed scripts and styles, {path}", weight, bar=WEIGHT_KB, unit=" kB", digits=1)
        sheet.line(f"layout shift, {path}", shift_of(page, path), bar=SHIFT, digits=4)


def measure_writing(sheet: Sheet, page: Page) -> None:
    """Weigh the page of a new order and time what is understood while one writes."""
    weight = weigh(page, "/dashboard").total / 1000
    sheet.line("compressed scripts and styles, /dashboard", weight, bar=WEIGHT_KB, unit=" kB", digits=1)
    waits = typing(page, TYPED)
    sheet.line(f"key to understood plan, median of {len(waits)}", median(waits), bar=TYPING_MS, unit=" ms")
    page.locator("#words").fill("")


def measure_work(sheet: Sheet, context: BrowserContext, page: Page, *, count: int) -> str:
    """Watch an order while its results arrive, then open it finished; return its id."""
    caller = Caller.of(context)
    with tempfile.TemporaryDirectory() as folder:
        order = upload_order(caller, make_pictures(Path(folder), count), name="Measured")
    plan_and_confirm(caller, order, WORDS)
    page.goto(f"/orders/{order}")
    wait_until_ended(caller, order)
    page.wait_for_timeout(3000)
    sheet.line(f"layout shift while {count} results arrive", float(measured(page)["shift"]), bar=SHIFT, digits=4)
    tasks = long_tasks(page, f"/orders/{order}")
    sheet.line(f"tasks over 50 ms after load, {count} pictures", len(tasks), bar=LONG)
    return order


def measure_pages(sheet: Sheet, page: Page, order: str) -> None:
    """Let every other page settle."""
    mine = ("/dashboard", "/orders", f"/orders/{order}", "/tokens", "/account/security", "/account/api-keys")
    for path in mine:
        sheet.line(f"layout shift, {path.replace(order, '…')}", shift_of(page, path), bar=SHIFT, digits=4)


if __name__ == "__main__":
    sys.exit(main())
