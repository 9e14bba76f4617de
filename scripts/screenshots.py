"""Makes the pictures of the pages that the README shows, with the sample photos, on a server and a database of its own.

Usage: python -m scripts.screenshots [FOLDER]; the folder is docs/images when left out.
"""

import argparse
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import attrs
from PIL import Image
from playwright.sync_api import Browser, Page

from bench.web.shoot import Caller, wait_until_ended
from tests.support.chromium import chromium
from tests.support.members import Member, make_member, sign_in
from tests.support.studio_server import StudioServer

ROOT = Path(__file__).resolve().parent.parent
PHOTOS = sorted((ROOT / "samples" / "photos").glob("*.jpg"))
WORDS = """Cut out each product and put it on a pure white background, centred, filling 85 % of the picture.
Add a soft shadow. We need two versions of every picture:
- shop: 2000 x 2000 px, JPEG at quality 90
- thumb: 600 x 600 px, WebP"""
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SETTLE_MS = 800


@attrs.frozen(kw_only=True)
class Scene:
    """One picture: a page, what is done on it, and how it is looked at."""

    name: str
    path: str
    act: Callable[[Page], None] = lambda _: None
    theme: str = "light"
    is_phone: bool = False


def take(browser: Browser, server: StudioServer, member: Member, scene: Scene) -> bytes:
    """Return a picture of the scene as PNG."""
    context = browser.new_context(
        base_url=server.url, viewport=PHONE if scene.is_phone else WIDE, color_scheme=scene.theme,  # type: ignore[arg-type]
        device_scale_factor=2 if scene.is_phone else 1, has_touch=scene.is_phone, locale="en-GB",
    )  # fmt: skip
    sign_in(context, member)
    page = context.new_page()
    page.goto(scene.path, wait_until="networkidle")
    scene.act(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MS)
    shot = page.screenshot()
    context.close()
    return shot


def keep(shot: bytes, path: Path) -> None:
    """Write a picture as WebP, which is a fifth of the PNG."""
    with Image.open(io.BytesIO(shot)) as picture:
        picture.save(path, quality=88, method=6)
    print(f"{path.name} {path.stat().st_size // 1000} kB")


def upload(page: Page) -> None:
    """Put the sample photos into a new order and say what is wanted."""
    page.locator("#pick-files").set_input_files(PHOTOS)
    page.locator("#words").fill(WORDS)
    page.locator("#go[aria-disabled=false]").wait_for()
    page.locator(".tile[data-state=sent], .tile[data-state=done]").nth(len(PHOTOS) - 1).wait_for()
    page.get_by_role("button", name="Dismiss").click()
    page.evaluate("scrollTo(0, 0)")


def open_viewer(page: Page) -> None:
    """Open the second picture large."""
    page.locator(".picture-card").nth(1).focus()
    page.keyboard.press("Enter")
    page.locator("dialog.viewer[open] img").first.wait_for()
    page.wait_for_load_state("networkidle")


def compare(page: Page) -> None:
    """Open the second picture large, with original and result side by side."""
    open_viewer(page)
    page.keyboard.press("b")
    page.locator("dialog.viewer[data-mode=slider]").wait_for()


def orders_of(browser: Browser, server: StudioServer, member: Member) -> tuple[str, str]:
    """Make an order that waits for its confirmation and one that is finished; return their ids."""
    context = browser.new_context(base_url=server.url)
    sign_in(context, member)
    caller = Caller.of(context)
    ids = []
    for name in ("Spring catalogue", "Accessories"):
        order = caller.post("/api/orders", data={"name": name})["id"]
        for photo in PHOTOS:
            file = {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
            caller.post(f"/api/orders/{order}/images", multipart={"images": file})
        caller.request.patch(f"/api/orders/{order}", data={"instruction": WORDS}, headers={"X-CSRFToken": caller.token})
        plan = caller.post(f"/api/orders/{order}/submit", data={})
        ids.append(str(order))
        if name == "Accessories":
            caller.post(f"/api/orders/{order}/confirm", data={"revision": plan["revision"]})
            wait_until_ended(caller, str(order))
    context.close()
    return ids[0], ids[1]


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, StudioServer(Path(home), {"I2I_CAPTCHA": "none"}) as server:
        member = make_member(server, credits=200)
        with chromium() as browser:
            planned, done = orders_of(browser, server, member)
            for scene in (
                Scene(name="new-order", path="/dashboard", act=upload),
                Scene(name="plan", path=f"/orders/{planned}/plan"),
                Scene(name="order-dark", path=f"/orders/{done}", theme="dark"),
                Scene(name="viewer", path=f"/orders/{done}", act=compare),
                Scene(name="orders", path="/orders"),
                Scene(name="phone-new-order", path="/dashboard", act=upload, is_phone=True),
                Scene(name="phone-plan", path=f"/orders/{planned}/plan", theme="dark", is_phone=True),
                Scene(name="phone-order", path=f"/orders/{done}", is_phone=True),
                Scene(name="phone-viewer", path=f"/orders/{done}", act=open_viewer, theme="dark", is_phone=True),
            ):
                keep(take(browser, server, member, scene), folder / f"{scene.name}.webp")


if __name__ == "__main__":
    main()
