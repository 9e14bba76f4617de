"""A shoot with wrong files in it: what can be used is taken, what cannot is named, and the delivery holds the rest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.web.shoot import PHOTOS
from tests.browser.orders import Desk
from tests.browser.steps import confirm, download_all, picture_in, see_plan, shoot, wait_for_results, wait_for_uploader
from tests.support.members import Member

OpenStudio = Callable[..., Page]
MANY = 100
PLAIN = ("text.jpg", "script.svg.png", "empty.jpg")
# These begin as pictures do: only the server, which reads them to the end, can tell.
HIDDEN = ("html.png", "header-only.jpg", "truncated.jpg", "zero-side.png")
HOSTILE = PLAIN + HIDDEN
REASONS = {
    "notes.jpg": "the content is not that of a picture",
    "empty.jpg": "the file is empty",
    "half.jpg": "",
    "again.jpg": "the same picture is in the order as shoot_001.jpg",
}


def run(page: Page, files: list[Path], wrong: dict[str, str], *, count: int, late: int = 0) -> None:
    """Choose files, of which some are wrong, and follow the others to their delivery.

    Args:
        late: how many find no room until the server has refused others.
    """
    wait_for_uploader(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("^Drop pictures")).click()
    chooser.value.set_files(files)
    page.get_by_role("textbox", name="What should be done?").fill("Pure white background, 300x300 px JPEG")
    done = page.locator("#tiles [data-state=done]")
    refused = page.get_by_role("list", name="Files that were not added").get_by_role("listitem")
    expect(done).to_have_count(count - late, timeout=240_000)
    if late:
        expect(refused).to_have_count(len(wrong) + late)
        page.get_by_role("button", name="Try again").click()
        expect(done).to_have_count(count, timeout=60_000)
    expect(refused).to_have_count(len(wrong))
    for name, reason in wrong.items():
        told = refused.filter(has_text=re.compile(rf"^{re.escape(name)}: {re.escape(reason)}.+"))
        expect(told, f"{name}: {reason}").to_have_count(1)
    order = see_plan(page)
    expect(page.get_by_role("region", name="Price")).to_contain_text(f"{count} pictures, 1 credit each")
    confirm(page, order)
    wait_for_results(page, count, timeout=120_000 + 8_000 * count)
    with download_all(page) as archive:
        assert len(archive.namelist()) == count + 1
        for image in Desk(page.context).images(order):
            picture = picture_in(archive, f"{Path(image['originalName']).stem}.jpg")
            assert (picture.format, picture.size) == ("JPEG", (300, 300))


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


@pytest.mark.timeout(300)
@pytest.mark.req("S0-UPL-02", "S0-UPL-08")
def test_twelve_pictures_with_wrong_files_among_them(open_studio: OpenStudio, member: Member, pictures: Path) -> None:
    right = shoot(12, edge=300)
    first = right["shoot_001.jpg"]
    wrong = {"notes.jpg": b"Dear studio,", "empty.jpg": b"", "half.jpg": first[: len(first) // 2], "again.jpg": first}
    files = written(pictures, right)
    run(open_studio(member), [*files[:6], *written(pictures, wrong), *files[6:]], REASONS, count=12)


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.timeout(1800)
@pytest.mark.req("S0-UPL-07", "S0-UPL-08", "S0-PROC-05", "S0-EXP-02")
def test_a_hundred_real_photos_with_wrong_files_among_them(open_studio: OpenStudio, member: Member) -> None:
    folder = PHOTOS.parent
    parts = ("products/*.jpg", "formats/*.jpg", "matting/*_grey_*.jpg", "matting/*_studio_*.jpg")
    found = (path for part in parts for path in sorted(folder.glob(part)))
    right = list({path.read_bytes(): path for path in found}.values())[:MANY]
    if len(right) < MANY:
        pytest.skip(f"there are only {len(right)} different photos in the folder of photos")
    wrong = [folder / "hostile" / name for name in HOSTILE]
    page = open_studio(member)
    run(page, [*right[:50], *wrong, *right[50:]], dict.fromkeys(HOSTILE, ""), count=MANY, late=len(HIDDEN))
