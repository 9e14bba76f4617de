"""A new order in the browser: files come in every way, nothing is lost, and words are understood while written."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.offers import archive, choose, offer, photo, photos
from tests.browser.orders import Desk, wait_for
from tests.support.members import Member

OpenStudio = Callable[..., Page]
WORDS = "Pure white background, soft shadow, 2000 x 2000 JPEG. Make it sing."
SLOW_BYTES = 40_000
KEPT = """() => new Promise((resolve) => {
  const request = indexedDB.open("i2i-uploads", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("files").objectStore("files").getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result.length); };
  };
})"""


@pytest.fixture(autouse=True)
def _patience() -> None:
    """Wait longer for what a page shows: this machine may be busy."""
    expect.set_options(timeout=20_000)


def opened(open_studio: OpenStudio, member: Member, **options: Any) -> Page:
    """Open the page of a new order and wait until it takes files."""
    page: Page = open_studio(member, **options)
    started(page)
    return page


def started(page: Page) -> None:
    """Wait until the module of the page runs."""
    page.locator("html[data-has-bar]").wait_for()


def tiles(page: Page, state: str = "") -> Locator:
    """Return the tiles of pictures that are on show, of one state or all."""
    return page.locator(f"#tiles > .tile{f'[data-state={state}]' if state else ''}:not([hidden])")


def order_id(page: Page) -> str:
    """Return the id of the draft in the address."""
    expect(page).to_have_url(re.compile(r"/dashboard\?order=\w+"))
    return page.url.partition("order=")[2]


def order(page: Page) -> dict[str, Any]:
    """Return the order as the server has it."""
    found: dict[str, Any] = Desk(page.context).get(f"/api/orders/{order_id(page)}")
    return found


def names(page: Page) -> list[str]:
    """Return the names of the pictures that the server has, by position."""
    return [i["originalName"] for i in order(page)["images"]]


def slow_down(page: Page, bytes_per_second: int) -> Any:
    """Throttle what the page sends, and return the session that can lift it."""
    session = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", limits)
    return session


@pytest.mark.req("S0-UPL-03", "S0-UPL-08", "S0-TOAST-02")
def test_dropped_files_are_taken_and_wrong_ones_named_with_the_reason(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    files = {
        **photos(4), "notes.html": b"<p>hello", "empty.png": b"", "fake.jpg": b"not a picture",
        "large.jpg": photo(7), "again.jpg": photo(2), "<img src=x onerror=alert(1)>.gif": b"GIF",
    }  # fmt: skip
    offer(page, "dragenter", files)
    expect(page.locator("#drop-cover")).to_be_visible()
    offer(page, "drop", files, more={"large.jpg": 50_000_000})
    expect(page.locator("#drop-cover")).to_be_hidden()
    expect(tiles(page, "done")).to_have_count(4)
    expect(page.get_by_text("4 pictures added")).to_be_visible()
    expect(page.locator("#refused-title")).to_have_text("6 files were not added")
    assert page.locator(".refused-list li").all_text_contents() == [
        "notes.html: this is not a picture. Use JPEG, PNG, WebP or TIFF.",
        "empty.png: the file is empty.",
        "fake.jpg: the content is not that of a picture. Use JPEG, PNG, WebP or TIFF.",
        "large.jpg: 50.0 MB; at most 50 MB are accepted.",
        "again.jpg: the same picture is in the order as photo_002.jpg.",
        "<img src=x onerror=alert(1)>.gif: the content is not that of a picture. Use JPEG, PNG, WebP or TIFF.",
    ]
    assert sorted(names(page)) == list(photos(4))
    expect(page.locator("#tiles canvas")).to_have_count(4)


@pytest.mark.req("S0-UPL-04")
def test_a_pasted_picture_gets_a_name_and_pasted_words_stay_words(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    offer(page, "paste", {"image.png": photo(1), "second.jpg": photo(2)})
    expect(tiles(page, "done")).to_have_count(2)
    assert sorted(names(page)) == ["pasted_1.png", "second.jpg"]
    page.locator("#words").focus()
    page.keyboard.insert_text("White background")
    expect(tiles(page)).to_have_count(2)


def test_an_archive_is_unpacked_and_what_cannot_be_used_is_named(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    inside = {f"shoot/{name}": content for name, content in photos(3).items()}
    inside |= {"__MACOSX/shoot/._photo_000.jpg": b"x", "shoot/.DS_Store": b"x", "shoot/readme.html": b"<p>"}
    offer(page, "drop", {"shoot.zip": archive(inside), "broken.zip": b"PK\x03\x04 nothing"})
    expect(tiles(page, "done")).to_have_count(3)
    expect(page.locator(".refused-list li")).to_have_count(2)
    assert page.locator(".refused-list li").all_text_contents() == [
        "readme.html: this is not a picture. Use JPEG, PNG, WebP or TIFF.",
        "broken.zip: this is not a ZIP archive, or it is damaged.",
    ]
    wait_for(lambda: names(page) == list(photos(3)), "the order in which they were offered")


@pytest.mark.req("S0-UPL-02", "S0-UPL-07")
def test_what_is_over_a_hundred_is_named_and_fits_once_there_is_room(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    choose(page, photos(103))
    expect(tiles(page, "done")).to_have_count(100, timeout=60_000)
    expect(page.locator(".refused-list li")).to_have_count(3)
    expect(page.locator(".refused-list li").first).to_have_text("photo_100.jpg: an order holds at most 100 pictures.")
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    page.get_by_role("button", name="Remove photo_005.jpg").click()
    page.get_by_role("button", name="Dismiss").last.click()
    page.get_by_role("button", name="Try again").click()
    expect(tiles(page, "done")).to_have_count(100)
    expect(page.locator(".refused-list li")).to_have_count(2)
    assert "photo_100.jpg" in names(page)


@pytest.mark.req("S0-UPL-10")
def test_a_reload_in_the_middle_loses_nothing(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    session = slow_down(page, SLOW_BYTES)
    files = photos(6, edge=300, noise=True)
    choose(page, files)
    expect(tiles(page, "sending")).to_have_count(3)
    expect(page.locator("#go-reason")).to_have_text("6 pictures are still on the way.")
    page.wait_for_function(f"async () => (await ({KEPT})()) === 6")
    address = page.url
    page.reload()
    assert asked == ["beforeunload"]
    assert page.url == address
    session.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    })  # fmt: skip
    expect(tiles(page, "done")).to_have_count(6, timeout=60_000)
    assert sorted(names(page)) == list(files)
    page.wait_for_function(f"async () => (await ({KEPT})()) === 0")
    expect(page.locator("#refused")).to_be_hidden()


@pytest.mark.req("S0-UPL-10")
def test_what_failed_can_be_tried_again(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member, expected=["500"])
    page.route(re.compile(r"/images$"), lambda route: route.fulfill(status=500, json={"error": "The disk is away."}))
    choose(page, photos(2))
    expect(tiles(page, "failed")).to_have_count(2)
    expect(page.locator("#go-sum")).to_have_text("0 pictures, 2 not sent")
    page.unroute(re.compile(r"/images$"))
    page.get_by_role("button", name="Retry failed").click()
    expect(tiles(page, "done")).to_have_count(2)
    assert sorted(names(page)) == list(photos(2))


@pytest.mark.req("S0-INST-03")
def test_pictures_are_left_out_removed_and_brought_back(open_studio: OpenStudio, member: Member) -> None:
    # The page may ask for the small picture of one that is removed at that moment.
    page = opened(open_studio, member, expected=["404"])
    choose(page, photos(4))
    expect(tiles(page, "done")).to_have_count(4)
    with page.expect_response(re.compile("/images/selection")):
        page.get_by_role("checkbox", name="Work on photo_001.jpg").uncheck()
    expect(page.locator("#pictures-sum")).to_contain_text("3 of 4 pictures")
    page.get_by_role("button", name="Remove photo_000.jpg").click()
    expect(tiles(page)).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(4)
    page.get_by_role("button", name="Remove photo_003.jpg").click()
    page.reload()
    expect(tiles(page)).to_have_count(3)
    wait_for(lambda: names(page) == ["photo_000.jpg", "photo_001.jpg", "photo_002.jpg"], "three pictures")
    found = order(page)
    assert [i["status"] for i in found["images"]] == ["ready", "excluded", "ready"]
    expect(page.get_by_role("checkbox", name="Work on photo_001.jpg")).not_to_be_checked()


@pytest.mark.req("S0-INST-01")
def test_words_are_understood_marked_priced_and_kept(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    choose(page, photos(2))
    page.locator("#words").press_sequentially(WORDS)
    meaning = page.locator("#meaning")
    expect(meaning).to_contain_text("Pure white background")
    expect(meaning).to_contain_text("sing")
    expect(meaning.locator(".plan-price strong")).to_have_text("2 credits")
    expect(page.locator("#words-count")).to_have_text(f"{len(WORDS)} of 8,000 characters")
    expect(page.locator("#words-mirror mark[data-kind=not_understood]", has_text="sing")).to_have_count(1)
    step = meaning.locator(".plan-step", has_text="2000 x 2000").first
    step.hover()
    strong = page.locator("#words-mirror mark[data-is-strong]")
    assert "".join(strong.all_text_contents()) == "2000 x 2000"
    step.focus()
    page.keyboard.press("Enter")
    chosen = page.evaluate("document.activeElement.value.slice(words.selectionStart, words.selectionEnd)")
    assert chosen == "2000 x 2000"
    expect(page.locator("#save-state")).to_have_text("Saved")
    assert order(page)["order"]["instruction"] == WORDS
    page.reload()
    expect(page.locator("#words")).to_have_value(WORDS)
    expect(meaning).to_contain_text("Pure white background")


def test_words_just_before_leaving_are_kept(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    page.locator("#words").fill("Grey")
    expect(page.locator("#save-state")).to_have_text("Saved")
    page.locator("#words").fill("Grey background")
    page.reload()
    expect(page.locator("#words")).to_have_value("Grey background")


def test_words_over_the_limit_are_counted_and_nothing_is_cut(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member, expected=["422"])
    page.locator("#words").fill("white " * 1334)
    expect(page.locator("#words-problem")).to_contain_text("4 too many")
    expect(page.locator("#go-reason")).to_have_text("Shorten the text to 8,000 characters.")
    assert len(page.locator("#words").input_value()) == 8004
    page.on("dialog", lambda dialog: dialog.accept())


@pytest.mark.req("S0-INST-04")
def test_a_brief_is_read_shown_and_removed_with_the_words(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    offer(page, "drop", {"brief.txt": b"White background, 1200 px PNG.", "other.txt": b"second"})
    expect(page.locator("#brief")).to_contain_text("brief.txt")
    expect(page.locator(".refused-list li")).to_have_text("other.txt: an order has one brief; brief.txt is used.")
    page.locator(".brief-head").click()
    expect(page.locator(".brief-text")).to_have_text("White background, 1200 px PNG.")
    expect(page.locator("#meaning")).to_contain_text("Save as PNG")
    page.locator("#words").fill("Soft shadow")
    page.get_by_role("button", name="Remove all").click()
    expect(page.locator("#words")).to_have_value("")
    expect(page.locator("[data-brief]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#words")).to_have_value("Soft shadow")
    expect(page.locator("#brief")).to_contain_text("brief.txt")


@pytest.mark.req("S0-INST-02")
def test_from_samples_to_the_plan_with_the_keyboard_alone(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    go = page.locator("#go")
    expect(go).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#go-reason")).to_have_text("Add a picture first.")
    page.get_by_role("button", name="Try with sample pictures").focus()
    page.keyboard.press("Enter")
    expect(tiles(page, "done")).to_have_count(7)
    expect(go).to_have_attribute("aria-disabled", "false")
    go.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/orders/\w+/plan$"))


def test_a_plan_that_cannot_be_made_keeps_everything(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member, expected=["503"])
    choose(page, photos(1))
    page.get_by_role("button", name="Zalando packshot").click()
    expect(page.locator("#words")).to_have_value("Ready for Zalando packshot.")
    page.route(re.compile("/submit$"), lambda route: route.fulfill(status=503, json={"error": "The planner is out."}))
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "false")
    page.locator("#go").click()
    expect(page.get_by_text("The planner is out.")).to_be_visible()
    expect(page.locator("#words")).to_have_value("Ready for Zalando packshot.")
    expect(tiles(page, "done")).to_have_count(1)
    page.unroute(re.compile("/submit$"))
    page.locator("#go").click()
    expect(page).to_have_url(re.compile(r"/orders/\w+/plan$"))


def test_a_recipe_is_one_click_away(open_studio: OpenStudio, member: Member) -> None:
    page = opened(open_studio, member)
    plan = {"steps": [{"op": "background.remove"}, {"op": "background.set", "params": {"colour": "#FFFFFF"}}]}
    Desk(page.context).post("/api/recipes", {"name": "Web shop", "plan": plan})
    page.reload()
    started(page)
    choose(page, photos(2))
    page.get_by_role("button", name="Recipes").click()
    page.get_by_role("menuitem", name="Web shop").click()
    expect(page.locator("#meaning")).to_contain_text("Cut out the product")
    expect(page.locator("#go-sum")).to_have_text("2 pictures · 2 credits")
    page.locator("#go").click()
    expect(page).to_have_url(re.compile(r"/orders/\w+/plan$"))


def test_on_a_phone_the_camera_comes_first_and_the_action_stays_in_reach(
    open_studio: OpenStudio, member: Member
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = opened(open_studio, member, **phone)
    camera = page.get_by_role("button", name="Take a photo")
    expect(camera).to_be_visible()
    with page.expect_file_chooser() as chooser:
        camera.click()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo(3)})
    expect(tiles(page, "done")).to_have_count(1)
    page.locator("#words").fill(WORDS)
    expect(page.locator("#meaning")).to_contain_text("Pure white background")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    bar, foot = page.locator(".go-bar").bounding_box(), page.locator(".shell-foot").bounding_box()
    assert bar is not None
    assert foot is not None
    assert bar["y"] + bar["height"] <= foot["y"] + 1
    assert page.evaluate("window.__shift") < 0.1
