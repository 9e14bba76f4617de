"""What a person does on the way from pictures to a delivery, step by step, with the words that stand on the pages."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from bench.web.shoot import PHOTOS, SAMPLES
from tests.browser.offers import offer
from tests.browser.orders import wait_for
from tests.support.members import PASSWORD
from tests.support.studio_server import StudioServer

LINK = re.compile(r"/(?:verify-email|reset-password)\?token=\S+")
WORK_MS = 120_000
expect.set_options(timeout=20_000)


def shoot(count: int, *, edge: int = 500) -> dict[str, bytes]:
    """Return JPEGs of real products by name, each with a longer side of its own, so that none counts as a duplicate."""
    photos = sorted(PHOTOS.glob("*.jpg")) or sorted(SAMPLES.glob("*.jpg"))
    return {f"shoot_{n + 1:03}.jpg": smaller(photos[n % len(photos)], edge + n) for n in range(count)}


def smaller(photo: Path, edge: int) -> bytes:
    """Return a photo as a JPEG whose longer side is at most ``edge`` px."""
    with Image.open(photo) as found:
        picture = found.convert("RGB")
    picture.thumbnail((edge, edge))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=88)
    return content.getvalue()


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("E-mail", exact=True).first.fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def mailed_link(server: StudioServer, email: str, subject: str) -> str:
    """Return the path in the newest letter of a server that writes its letters to the console."""
    found: list[str] = []

    def look() -> bool:
        letters = "".join(server.output).split(f"Mail to {email}\nSubject: {subject}")
        found[:] = LINK.findall(letters[-1])[:1] if len(letters) > 1 else []
        return bool(found)

    wait_for(look, f"the letter “{subject}”")
    return found[0]


def wait_for_uploader(page: Page) -> None:
    """Wait until the page can take pictures: then it says what is missing."""
    expect(page.get_by_text("Add a picture first.")).to_be_visible()


def start_order(page: Page, files: Mapping[str, bytes], words: str) -> None:
    """Drop pictures onto the page of a new order and say what should be done."""
    wait_for_uploader(page)
    offer(page, "drop", files)
    page.get_by_role("textbox", name="What should be done?").fill(words)


def see_plan(page: Page) -> str:
    """Go on to the plan and return the id of the order."""
    button = page.get_by_role("button", name="See the plan")
    expect(button).to_have_attribute("aria-disabled", "false", timeout=60_000)
    button.click()
    expect(page).to_have_url(re.compile(r"/orders/\w+/plan$"), timeout=60_000)
    return page.url.split("/")[-2]


def confirm(page: Page, order: str) -> None:
    """Agree to the plan; the page of the order opens."""
    page.get_by_role("button", name="Confirm and start").click()
    expect(page).to_have_url(re.compile(rf"/orders/{order}$"), timeout=30_000)


def wait_for_results(page: Page, count: int, timeout: float = WORK_MS) -> None:
    """Watch until the work has ended, with a finished result on each card."""
    expect(page.get_by_role("region", name="Outcome")).to_be_visible(timeout=timeout)
    expect(page.locator(".picture-card[data-version='1']")).to_have_count(count)


def download_all(page: Page) -> zipfile.ZipFile:
    """Download all results with the menu of the order."""
    page.get_by_role("button", name="Download", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="All results").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert archive.testzip() is None
    return archive


def picture_in(archive: zipfile.ZipFile, name: str) -> Image.Image:
    """Return a picture of an archive, decoded."""
    picture = Image.open(io.BytesIO(archive.read(name)))
    picture.load()
    return picture


def border_colours(picture: Image.Image, width: int = 8) -> set[Any]:
    """Return the colours of the pixels at most ``width`` px from the edge."""
    rgb = picture.convert("RGB")
    right, bottom = rgb.size
    boxes = (
        (0, 0, right, width), (0, bottom - width, right, bottom),
        (0, 0, width, bottom), (right - width, 0, right, bottom),
    )  # fmt: skip
    return {colour for box in boxes for _, colour in rgb.crop(box).getcolors(right * bottom) or ()}
