"""Review in the large view: a hundred pictures by keys alone, retouches, versions, comparing, focus, phones."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.orders import Desk, plain_picture, plain_pictures
from tests.support.members import Member

MANY = 100
FLAGGED = {7, 50, 99}
OpenStudio = Callable[..., Page]


class Keys:
    """The keyboard of a page, which counts its presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        """Write words."""
        self.page.keyboard.type(words)
        self.presses += len(words)


def open_order(page: Page, order: str, at: str = "") -> Keys:
    """Open the page of an order."""
    page.goto(f"/orders/{order}{at}")
    # The one stop for Tab is set by the script of the page: from then on keys are heard.
    expect(page.locator(".picture-card[tabindex='0']")).to_be_visible()
    return Keys(page)


def open_viewer(page: Page, order: str) -> Keys:
    """Open the large view on the first picture with the keyboard."""
    keys = open_order(page, order)
    keys.press("ArrowRight", "Enter")
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.locator("[data-pane='0'] [data-layer=after] img")).to_be_visible()
    return keys


def shown_name(page: Page) -> str:
    """Return the name of the picture that is shown."""
    return page.locator("#viewer-name").inner_text()


@pytest.mark.timeout(400)
def test_a_hundred_pictures_are_reviewed_by_keys_alone(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(MANY))
    keys = open_viewer(page, order)
    for number in range(1, MANY + 1):
        expect(page.locator("#viewer-name")).to_have_text(f"item-{number:03}.jpg")
        if number in FLAGGED:
            keys.press("f")
            expect(page.locator("#flag-note")).to_be_visible()
            keys.type("dust")
            keys.press("Enter")
            expect(page.locator("#flag-note")).to_be_hidden()
        else:
            keys.press("a")
    expect(page.get_by_role("heading", name="All 100 pictures are reviewed")).to_be_visible()
    expect(page.locator(".viewer-done")).to_contain_text("97 approved, 3 to retouch")
    expect(page.locator("[data-slot=reviewed]")).to_have_text("100 of 100 reviewed")
    # Two keys lead in, one decides on each picture; a flag takes its note, and Enter.
    assert keys.presses == 2 + MANY + len(FLAGGED) * (len("dust") + 1)
    keys.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    wanted = ["needs_retouch" if n in FLAGGED else "approved" for n in range(1, MANY + 1)]
    desk.wait_for_states(order, *wanted)
    images = desk.images(order)
    assert {(i["position"], i["note"]) for i in images if i["status"] == "needs_retouch"} == {
        (n, "dust") for n in FLAGGED
    }


def test_undo_takes_verdicts_back_in_turn(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(3))
    keys = open_viewer(page, order)
    keys.press("a", "a")
    expect(page.locator("[data-slot=reviewed]")).to_have_text("2 of 3 reviewed")
    keys.press("u")
    expect(page.locator("#viewer-name")).to_have_text("item-002.jpg")
    expect(page.locator("[data-slot=reviewed]")).to_have_text("1 of 3 reviewed")
    desk.wait_for_states(order, "approved", "completed", "completed")
    keys.press("u", "u")
    desk.wait_for_states(order, "completed", "completed", "completed")


@pytest.mark.req("S0-REPR-02", "S0-REPR-03", "S0-REPR-04", "S0-TOAST-06", "S0-PROC-08")
def test_three_pictures_are_retouched_each_in_its_own_way(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(4))
    keys = open_order(page, order)
    keys.press("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "r")
    dialog = page.locator("#reprocess")
    expect(dialog).to_contain_text("Work again on 3 pictures")
    assert dialog.locator("input[type=file]").count() == 0
    dialog.get_by_text("One for each").click()
    wishes = {"item-001.jpg": "darker", "item-002.jpg": "black and white", "item-003.jpg": "much brighter"}
    for name, words in wishes.items():
        dialog.get_by_label(f"What should change on {name}").fill(words)
    expect(dialog).to_contain_text("Understood for item-003.jpg")
    expect(dialog.get_by_role("button", name="Start for 3 credits")).to_be_enabled()
    dialog.get_by_role("button", name="Start for 3 credits").click()
    expect(page.locator("#notices")).to_contain_text("Work on 3 pictures confirmed")
    desk.wait_for_work(order)
    images = desk.images(order)
    assert [i["latestVersion"] for i in images] == [2, 2, 2, 1]
    prompts = {e["imageId"]: e["prompt"] for e in desk.get(f"/api/orders/{order}/log") if e["version"] == 2}
    assert prompts == {i["id"]: wishes[i["originalName"]] for i in images[:3]}


@pytest.mark.req("S0-REPR-07", "S0-REPR-05")
def test_words_on_the_order_are_sent_and_confirmed(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(2))
    open_order(page, order)
    page.get_by_placeholder("Change all pictures").fill("darker")
    page.get_by_role("button", name="Send", exact=True).click()
    dialog = page.locator("#reprocess")
    expect(dialog.get_by_label("What should change?")).to_have_value("darker")
    dialog.get_by_label("Go on from", exact=True).select_option("0")
    dialog.get_by_role("button", name="Start for 2 credits").click()
    expect(dialog).to_be_hidden()
    desk.wait_for_work(order)
    (first, *_) = desk.images(order)
    assert desk.versions(order, first["id"])[-1]["baseVersion"] == 0
    # The picker of one picture names its versions with the words of the log.
    page.goto(f"/orders/{order}#image={first['id']}")
    expect(page.locator("#viewer-name")).to_have_text("item-001.jpg")
    page.keyboard.press("r")
    expect(page.locator("#reprocess").get_by_label("Version of item-001.jpg")).to_contain_text("Version 1")


def test_what_is_not_understood_or_not_paid_for_is_told_in_the_dialog(
    open_studio: OpenStudio, new_member: Callable[..., Member]
) -> None:
    page = open_studio(new_member(credits=0), expected=["422"])
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(1))
    left = desk.get("/api/credits")["available"]
    keys = open_viewer(page, order)
    keys.press("r")
    dialog = page.locator("#reprocess")
    dialog.get_by_label("What should change?").fill("sing a song")
    dialog.get_by_role("button", name="Start for 1 credit").click()
    expect(dialog.get_by_role("alert")).to_contain_text("sing a song")
    assert desk.get("/api/credits")["available"] == left
    keys.press("Escape")
    expect(dialog).to_be_hidden()


def test_an_older_version_is_looked_at_and_approved(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(1))
    (image,) = desk.images(order)
    desk.post(f"/api/orders/{order}/runs", {"items": [{"imageId": image["id"], "instruction": "much darker"}]})
    desk.wait_for_work(order)
    keys = open_viewer(page, order)
    panel = page.locator("#viewer-panel")
    expect(panel.locator("[data-version='2']").first).to_contain_text("much darker")
    keys.press("[")
    expect(page.locator("[data-slot=what]")).to_contain_text("Version 1")
    expect(panel.locator(".version[data-chosen]")).to_have_attribute("data-version", "1")
    keys.press("a")
    expect(panel.locator(".version", has_text="Version 1")).to_contain_text("Approved")
    assert desk.images(order)[0]["approvedVersion"] == 1
    panel.locator(".version", has_text="Version 2").get_by_role("button", name="Approve").click()
    expect(panel.locator(".version", has_text="Version 2")).to_contain_text("Approved")
    assert desk.images(order)[0]["approvedVersion"] == 2


def test_every_way_of_comparing(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member, reduced_motion="reduce")
    desk = Desk(page.context)
    files = {"one.jpg": plain_picture(0.4, width=640, height=360)}
    order = desk.finished_order(files, "white background, 500x500 px")
    keys = open_viewer(page, order)
    before, after = (page.locator(f"[data-pane='0'] [data-layer={name}]") for name in ("before", "after"))
    keys.press("b")
    expect(before.locator("img")).to_be_visible()
    slider = page.get_by_label("How much is shown as before")
    expect(slider).to_be_focused()
    keys.press("ArrowRight", "ArrowRight")
    assert slider.input_value() == "52"
    expect(page.locator(".viewer-said")).to_contain_text("framed differently")
    keys.press("s")
    expect(page.locator("[data-pane='1'] img")).to_be_visible()
    keys.press("2")
    places = page.evaluate("[...document.querySelectorAll('.viewer-frame')].map((one) => one.style.transform)")
    assert places[0] == places[1]
    keys.press("1", "x")
    expect(page.locator("#viewer")).to_have_attribute("data-mode", "flicker")
    expect(before.locator("img")).to_be_visible()
    # Motion is unwelcome here, so nothing turns by itself: the key does.
    keys.press("x")
    expect(before).to_be_hidden()
    expect(after.locator("img")).to_be_visible()
    page.get_by_role("button", name="Overlay").click()
    page.get_by_label("Strength of the picture before").fill("30")
    assert before.evaluate("one => one.style.opacity") == "0.3"


@pytest.mark.parametrize("ratio", [1, 2])
def test_at_100_percent_each_pixel_of_the_file_is_one_of_the_screen(
    open_studio: OpenStudio, member: Member, ratio: int
) -> None:
    page = open_studio(member, device_scale_factor=ratio)
    desk = Desk(page.context)
    order = desk.finished_order({"one.png": plain_picture(0.2, width=3000, height=2000, kind="PNG")})
    keys = open_viewer(page, order)
    img = page.locator("[data-pane='0'] [data-layer=after] img")
    keys.press("2")
    expect(img).to_have_attribute("src", re.compile(r"/view\?version=1"))
    box, natural = img.bounding_box(), img.evaluate("one => one.naturalWidth")
    assert natural == 3000
    assert box is not None
    assert box["width"] * ratio == pytest.approx(natural)
    keys.press("3")
    assert page.locator("[data-slot=zoom]").inner_text() == "200 %"


@pytest.mark.req("S0-ORDV-03")
def test_the_view_keeps_the_focus_and_gives_it_back(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(3))
    keys = open_viewer(page, order)
    for _ in range(60):
        keys.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#viewer')"
        )
        assert inside
    keys.press("ArrowRight")
    expect(page.locator("#viewer-name")).to_have_text("item-002.jpg")
    keys.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#viewer")).to_be_visible()
    page.go_back()
    expect(page.locator("#viewer")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.name") == "item-002.jpg"
    assert "#" not in page.url


def test_single_keys_can_be_turned_off_and_never_act_while_writing(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(2))
    keys = open_viewer(page, order)
    keys.press("f")
    keys.type("a bad edge")
    keys.press("Escape")
    expect(page.locator("#flag-note")).to_be_hidden()
    keys.press("?")
    page.get_by_role("switch").uncheck()
    keys.press("Escape", "a")
    expect(page.locator("#viewer-name")).to_have_text("item-001.jpg")
    keys.press("ArrowRight")
    expect(page.locator("#viewer-name")).to_have_text("item-002.jpg")
    assert [i["status"] for i in desk.images(order)] == ["completed"] * 2


def test_a_picture_has_an_address_of_its_own(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(3))
    open_order(page, order, at=f"#image={desk.images(order)[2]['id']}")
    expect(page.locator("#viewer-name")).to_have_text("item-003.jpg")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    assert "#" not in page.url


@pytest.mark.req("S0-ORDV-03")
def test_on_a_phone_a_swipe_leads_on_and_buttons_decide(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(
        member, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(3))
    open_order(page, order)
    page.locator(".picture-box").first.tap()
    expect(page.locator("#viewer-name")).to_have_text("item-001.jpg")
    swipe(page, start=300, end=90)
    expect(page.locator("#viewer-name")).to_have_text("item-002.jpg")
    swipe(page, start=90, end=300)
    expect(page.locator("#viewer-name")).to_have_text("item-001.jpg")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("#viewer-name")).to_have_text("item-002.jpg")
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.get_by_role("button", name="Details", exact=True).click()
    expect(page.locator("#viewer-panel")).to_be_visible()


def swipe(page: Page, *, start: int, end: int) -> None:
    """Draw one finger across the picture."""
    touch = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", start), ("touchMove", (start + end) // 2), ("touchMove", end), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": 400}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_too_few_credits_are_told_before_and_after_sending(
    open_studio: OpenStudio, new_member: Callable[..., Member]
) -> None:
    page = open_studio(new_member(credits=0), expected=["402"])
    desk = Desk(page.context)
    count = desk.get("/api/credits")["available"] // 2 + 1
    order = desk.finished_order(plain_pictures(count))
    left = desk.get("/api/credits")["available"]
    open_order(page, order)
    page.get_by_placeholder("Change all pictures").fill("darker")
    page.get_by_role("button", name="Send", exact=True).click()
    dialog = page.locator("#reprocess")
    expect(dialog.get_by_role("alert")).to_contain_text(f"You have {left} credits")
    expect(dialog.get_by_role("link", name="See credits")).to_have_attribute("href", "/tokens")
    dialog.get_by_role("button", name=f"Start for {count} credits").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose fewer pictures")
    assert desk.get("/api/credits")["available"] == left
