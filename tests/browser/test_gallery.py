"""The page of an order in a real browser: watching work, finding, selecting, judging, downloading, deleting."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Locator, Page, Route, expect

from tests.browser.orders import Desk, plain_pictures, wait_for
from tests.support.chromium import measured
from tests.support.members import Member, make_member
from tests.support.studio_server import StudioServer

OpenStudio = Callable[..., Page]
expect.set_options(timeout=20_000)
MANY = 100
SLOW = "Pure white background, 900x900 JPEG"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[StudioServer]:
    """Return a server that a test may kill."""
    with StudioServer(home=tmp_path / "studio", settings={"I2I_CAPTCHA": "none", "I2I_LEASE_SECONDS": "3"}) as running:
        yield running


def confirmed(desk: Desk, count: int, *, instruction: str = SLOW, size: int = 96) -> str:
    """Return the id of an order whose work has just begun."""
    order = str(desk.post("/api/orders", {"name": "Shoes", "instruction": instruction})["id"])
    for name, content in plain_pictures(count, width=size, height=size * 3 // 4).items():
        file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        desk.post(f"/api/orders/{order}/images", multipart={"images": file})
    desk.post(f"/api/orders/{order}/submit")
    desk.post(f"/api/orders/{order}/confirm", {})
    return order


def card(page: Page, number: int) -> Locator:
    return page.locator(".picture-card").nth(number - 1)


def visible_names(page: Page) -> list[str]:
    return page.locator(".picture-card:not([hidden]) .picture-name").all_inner_texts()


def chosen(page: Page) -> list[int]:
    """Return the positions of the selected pictures."""
    found = page.locator(".picture-card[data-selected]")
    return [int(one.get_attribute("data-position") or 0) for one in found.all()]


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def reviewing(open_studio: OpenStudio, member: Member, count: int = 6, **options: Any) -> tuple[Page, Desk, str]:
    """Return the page of an order that is finished."""
    page = open_studio(member, **options)
    desk = Desk(page.context)
    order = desk.finished_order(plain_pictures(count))
    page.goto(f"/orders/{order}")
    expect(page.locator("#feed-state")).to_have_text("Live")
    return page, desk, order


def place_of(shown: Locator) -> object:
    """Return where something is drawn; a card that is being redrawn is nowhere for a moment."""
    places: list[Any] = []

    def look() -> bool:
        places.extend(box for box in [shown.bounding_box()] if box)
        return bool(places)

    wait_for(look, "a place on the page")
    return places[0]


@pytest.mark.timeout(600)
@pytest.mark.req("S0-PROC-03", "S0-PROC-05", "S0-PROC-06", "S0-PROC-07", "S0-TOAST-03")
def test_a_hundred_results_arrive_in_place_while_one_watches(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = confirmed(desk, MANY)
    page.goto(f"/orders/{order}")
    expect(page.get_by_text("Processing started")).to_be_visible()
    expect(page.locator("#feed-state")).to_have_text("Live")
    first = place_of(card(page, 1))
    expect(page.locator(".picture-card[data-version='1']").first).to_be_visible(timeout=60_000)
    expect(page).to_have_title(re.compile(r"^\d+ % · Shoes"), timeout=60_000)
    expect(page.locator("#order-band")).to_have_attribute("data-state", "ended", timeout=400_000)
    expect(page.get_by_text("Work finished")).to_be_visible()
    expect(page.locator(".picture-card[data-version='1']")).to_have_count(MANY)
    expect(page).to_have_title(re.compile("^Shoes"))
    expect(page.locator("[data-count=open]")).to_have_text(str(MANY))
    assert place_of(card(page, 1)) == first
    assert measured(page)["shift"] <= 0.02
    page.locator(".order-band").get_by_role("button", name="Summary").click()
    expect(page.locator("#order-summary")).to_contain_text(f"{MANY} of {MANY} pictures finished.")


@pytest.mark.timeout(400)
@pytest.mark.req("S0-PROC-05")
def test_a_server_that_is_killed_and_started_again_is_caught_up_with(
    open_studio: OpenStudio, own_server: StudioServer
) -> None:
    member = make_member(own_server)
    page = open_studio(member, on=own_server, expected=["ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_NETWORK", "503"])
    desk = Desk(page.context)
    order = confirmed(desk, 24, size=900)
    page.goto(f"/orders/{order}")
    expect(page.locator(".picture-card[data-version='1']").first).to_be_visible(timeout=60_000)
    own_server.kill()
    expect(page.locator("#feed-state")).to_have_text("Offline, trying again", timeout=30_000)
    done = page.locator(".picture-card[data-version='1']").count()
    assert 0 < done < 24
    own_server.start()
    expect(page.locator("#order-band")).to_have_attribute("data-state", "ended", timeout=200_000)
    # A page that had to ask meanwhile tries a stream as soon as it is answered.
    expect(page.locator("#feed-state")).to_have_text("Live", timeout=40_000)
    expect(page.locator(".picture-card[data-version='1']")).to_have_count(24)
    # Nothing was made or paid twice.
    assert {i["latestVersion"] for i in desk.images(order)} == {1}
    expect(page.locator("#order-facts")).to_contain_text("24 credits used")
    expect(page.locator("#order-facts")).not_to_contain_text("reserved")
    assert own_server.cli("audit", "ledger")["is_clean"]


def test_one_may_leave_and_come_back(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    desk = Desk(page.context)
    order = confirmed(desk, 4)
    page.goto(f"/orders/{order}")
    page.goto("/orders")
    desk.wait_for_work(order)
    page.go_back()
    expect(page.locator(".picture-card[data-version='1']")).to_have_count(4)
    expect(page.locator("#order-band")).to_have_attribute("data-state", "ended")


def test_work_is_cancelled_after_a_question(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    order = confirmed(Desk(page.context), 30, size=900)
    page.goto(f"/orders/{order}")
    expect(page.locator("#feed-state")).to_have_text("Live")
    page.get_by_role("button", name="Cancel work").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#order-band")).to_have_attribute("data-state", "working")
    page.get_by_role("button", name="Cancel work").click()
    page.locator("#confirm-dialog").get_by_role("button", name="Cancel the work").click()
    expect(page.locator("#order-band")).to_have_attribute("data-state", "ended")
    expect(page.locator("#order-facts")).to_contain_text("given back")
    expect(page.locator("#order-facts")).not_to_contain_text("reserved")


def test_filters_and_search_stand_in_the_address(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member)
    card(page, 2).locator(".picture-pick").click()
    page.locator("#selection-bar").get_by_role("button", name="Approve").click()
    expect(page.locator("[data-count=approved]")).to_have_text("1")
    expect(page.locator("[data-count=open]")).to_have_text("5")
    page.get_by_role("button", name=re.compile("^Approved")).click()
    assert visible_names(page) == ["item-002.jpg"]
    expect(page).to_have_url(re.compile(r"\?show=approved$"))
    desk.wait_for_states(order, "completed", "approved", *["completed"] * 4)
    page.reload()
    assert visible_names(page) == ["item-002.jpg"]
    expect(page.locator("#feed-state")).to_have_text("Live")
    page.get_by_role("button", name=re.compile("^Failed")).click()
    expect(page.get_by_role("heading", name="No picture failed")).to_be_visible()
    page.get_by_role("button", name="Show all pictures").click()
    page.get_by_label("Search by name").fill("ITEM-005")
    assert visible_names(page) == ["item-005.jpg"]
    expect(page).to_have_url(re.compile(r"\?q=ITEM-005$"))
    page.get_by_label("Search by name").fill("<b>")
    expect(page.get_by_text("Nothing here is called “<b>”.")).to_be_visible()
    page.goto(f"/orders/{order}?q=004")
    assert visible_names(page) == ["item-004.jpg"]


def test_the_layout_is_remembered(open_studio: OpenStudio, member: Member) -> None:
    page, _, order = reviewing(open_studio, member, 2)
    page.get_by_role("button", name="List").click()
    expect(page.locator("#gallery")).to_have_attribute("data-look", "list")
    page.goto(f"/orders/{order}")
    expect(page.locator("#gallery")).to_have_attribute("data-look", "list")
    assert measured(page)["shift"] <= 0.02


def test_pictures_are_selected_with_the_keyboard(open_studio: OpenStudio, member: Member) -> None:
    page, _, _ = reviewing(open_studio, member, 12)
    bar = page.locator("#selection-bar")
    card(page, 1).focus()
    columns = page.evaluate(
        "new Set([...document.querySelectorAll('.picture-card')].map((one) => one.offsetLeft)).size"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert chosen(page) == [2]
    expect(bar).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(card(page, 2 + columns)).to_be_focused()
    page.keyboard.press("Shift+Space")
    assert chosen(page) == list(range(2, 3 + columns))
    page.keyboard.press("Escape")
    assert chosen(page) == []
    expect(bar).to_be_hidden()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    assert chosen(page) == [1, 2]
    page.keyboard.press("Control+a")
    assert chosen(page) == list(range(1, 13))
    expect(bar).to_contain_text("12 selected")
    # One stop for the Tab key in the whole gallery.
    assert page.locator(".picture-card[tabindex='0']").count() == 1


def test_select_all_takes_what_the_filter_shows(open_studio: OpenStudio, member: Member) -> None:
    page, _, _ = reviewing(open_studio, member, 12)
    page.get_by_label("Search by name").fill("item-01")
    page.locator(".picture-card:not([hidden])").first.focus()
    page.keyboard.press("Control+a")
    assert chosen(page) == [10, 11, 12]


def test_ranges_are_selected_with_the_pointer_and_the_bar_covers_no_picture(
    open_studio: OpenStudio, member: Member
) -> None:
    page, _, _ = reviewing(open_studio, member, 14)
    card(page, 3).locator(".picture-pick").click()
    card(page, 9).locator(".picture-pick").click(modifiers=["Shift"])
    assert chosen(page) == [3, 4, 5, 6, 7, 8, 9]
    assert all(card(page, n).locator("input").is_checked() == (3 <= n <= 9) for n in range(1, 15))
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last, bar = card(page, 14).bounding_box(), page.locator("#selection-bar").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


@pytest.mark.req("S0-LOG-07")
def test_a_line_of_the_history_selects_its_picture(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 30)
    page.get_by_role("button", name=re.compile("^Failed")).click()
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".log-entry").first).to_be_visible()
    # What happens elsewhere comes in on top.
    image = desk.images(order)[27]["id"]
    desk.post(f"/api/orders/{order}/images/{image}/approve")
    expect(page.locator(".log-entry").first).to_contain_text("item-028.jpg approved.")
    page.locator("#order-log-panel").get_by_role("button", name="Approval").click()
    expect(page.locator(".log-entry:visible")).to_have_count(1)
    page.get_by_role("button", name="item-028.jpg approved.").click()
    expect(card(page, 28)).to_be_focused()
    expect(card(page, 28)).to_be_in_viewport()
    assert chosen(page) == [28]


@pytest.mark.req("S0-EXP-02", "S0-EXP-05", "S0-EXP-06", "S0-EXP-07", "S0-TOAST-04")
def test_everything_is_downloaded_and_noted(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 3)
    page.get_by_role("button", name="Download", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="All results").click()
    expect(page.get_by_text("Download started")).to_be_visible()
    assert waiting.value.suggested_filename == "Review.zip"
    with zipfile.ZipFile(io.BytesIO(saved(waiting.value))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["SUMMARY.txt", "item-001.jpg", "item-002.jpg", "item-003.jpg"]
        assert archive.read("item-002.jpg").startswith(b"\xff\xd8")
    assert desk.get(f"/api/orders/{order}/log")[-1]["type"] == "download"


@pytest.mark.req("S0-EXP-03", "S0-EXP-04")
def test_a_selection_one_picture_and_the_approved_are_downloaded(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 4)
    menu = page.get_by_role("button", name="Download", exact=True).first
    menu.click()
    page.get_by_role("menuitem", name="Selected pictures").click()
    expect(page.get_by_text("Select pictures first")).to_be_visible()
    card(page, 1).locator(".picture-pick").click()
    card(page, 3).locator(".picture-pick").click()
    with page.expect_download() as waiting:
        page.locator("#selection-bar").get_by_role("button", name="Download").click()
    assert names(waiting.value) == ["SUMMARY.txt", "item-001.jpg", "item-003.jpg"]
    menu.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Current picture").click()
    assert waiting.value.suggested_filename == "item-003.jpg"
    assert saved(waiting.value).startswith(b"\xff\xd8")
    desk.post(f"/api/orders/{order}/images/{desk.images(order)[1]['id']}/approve")
    expect(page.locator("[data-count=approved]")).to_have_text("1")
    expect(page.locator("[data-download=approved] .hint")).to_have_text("1")
    menu.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Approved only").click()
    assert names(waiting.value) == ["SUMMARY.txt", "item-002.jpg"]


def names(download: Download) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(saved(download))) as archive:
        return sorted(archive.namelist())


def test_an_order_is_deleted_and_brought_back(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 2)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete order").click()
    page.locator("#confirm-dialog").get_by_role("button", name="Delete order").click()
    expect(page.get_by_role("heading", name="Review was deleted")).to_be_visible()
    assert desk.get(f"/api/orders/{order}")["order"]["status"] == "deleted"
    page.locator(".notice").get_by_role("button", name="Undo").click()
    expect(page.locator(".picture-card")).to_have_count(2)
    assert desk.get(f"/api/orders/{order}")["order"]["status"] == "completed"


def test_an_order_is_renamed_and_a_bad_name_is_explained(open_studio: OpenStudio, member: Member) -> None:
    page, _, _ = reviewing(open_studio, member, 1, expected=["422"])
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("   ")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert")).to_contain_text("1 to 120 printable characters")
    page.get_by_label("Name", exact=True).fill("<b>Boots</b>")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Boots</b>")
    expect(page).to_have_title("<b>Boots</b> · i2i")


def test_all_are_approved_after_a_question_about_those_that_are_flagged(
    open_studio: OpenStudio, member: Member
) -> None:
    page, desk, order = reviewing(open_studio, member, 3)
    desk.post(f"/api/orders/{order}/images/{desk.images(order)[0]['id']}/flag", {"note": "dust"})
    expect(card(page, 1)).to_contain_text("dust")
    page.get_by_role("button", name="Approve all 3").click()
    expect(page.locator("#confirm-dialog")).to_contain_text("1 picture among them should be looked at first")
    page.get_by_role("button", name="Approve 3 pictures").click()
    expect(page.locator("[data-count=approved]")).to_have_text("3")
    desk.wait_for_states(order, "approved", "approved", "approved")


BUSY = "item-001.jpg is being worked on."
REFUSAL = {"success": False, "error": BUSY, "code": "image_busy", "details": {}}


def approve_everything(page: Page) -> None:
    card(page, 1).focus()
    page.keyboard.press("Control+a")
    page.locator("#selection-bar").get_by_role("button", name="Approve").click()


def test_a_verdict_that_is_refused_is_taken_back(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 2, expected=["409"])
    page.route("**/approve", lambda route: route.fulfill(status=409, json=REFUSAL))
    approve_everything(page)
    expect(page.get_by_text(BUSY)).to_be_visible()
    expect(page.locator(".picture-card[data-status=completed]")).to_have_count(2)
    expect(page.locator("[data-count=approved]")).to_have_text("0")
    desk.wait_for_states(order, "completed", "completed")


def test_one_picture_that_cannot_be_judged_does_not_hold_up_the_others(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 3, expected=["409"])
    bodies: list[list[str]] = []

    def refuse_once(route: Route) -> None:
        bodies.append((route.request.post_data_json or {})["imageIds"])
        if len(bodies) > 1:
            route.continue_()
        else:
            route.fulfill(status=409, json=REFUSAL)

    def first_is_busy(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(
            body=re.sub(
                r'(data-position="1".*?data-row=")|data-status="completed"(?=[^>]*data-position="1")',
                lambda m: m[0] + "0" if m[1] else 'data-status="processing"',
                text,
            ),
            content_type="text/html",
        )

    page.route("**/approve", refuse_once)
    page.route("**/cards?**", first_is_busy, times=1)
    approve_everything(page)
    desk.wait_for_states(order, "completed", "approved", "approved")
    expect(page.get_by_text("The other 2 are done.")).to_be_visible()
    assert [len(ids) for ids in bodies] == [3, 2]
    expect(page.locator("[data-count=approved]")).to_have_text("2")


def test_fast_approvals_travel_together(open_studio: OpenStudio, member: Member) -> None:
    page, desk, order = reviewing(open_studio, member, 12)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/approve") else None)
    card(page, 1).focus()
    for _ in range(12):
        page.keyboard.press("a")
    desk.wait_for_states(order, *["approved"] * 12)
    assert 1 <= len(sent) <= 6


def test_the_plan_that_was_used_is_shown(open_studio: OpenStudio, member: Member) -> None:
    page, _, _ = reviewing(open_studio, member, 1)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="View plan").click()
    expect(page.locator("#order-plan")).to_contain_text("Plan of the order")
    expect(page.locator("#order-plan .plan-step").first).to_be_visible()


def test_an_order_is_run_again_with_new_pictures(open_studio: OpenStudio, member: Member) -> None:
    page, _, _ = reviewing(open_studio, member, 1)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Run again with new images").click()
    expect(page).to_have_url(re.compile(r"/dashboard\?order="))
    expect(page.get_by_label("Name of the order")).to_have_value("Review (again)")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_reaches_beyond_the_screen(open_studio: OpenStudio, member: Member, width: int) -> None:
    page, _, _ = reviewing(open_studio, member, 3, viewport={"width": width, "height": 844})
    card(page, 1).locator(".picture-pick").click()
    for look in ("Small pictures", "Large pictures", "List"):
        page.get_by_role("button", name=look).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
