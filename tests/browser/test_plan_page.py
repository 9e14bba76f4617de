"""A plan in a real browser: edited by hand and by keys, previewed while it is edited, planned again, confirmed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.orders import Desk
from tests.cli.conftest import draw
from tests.support.members import Member

WORDS = "White background, 300x300 JPEG"


@pytest.fixture
def page(open_studio: Callable[..., Page], member: Member, tmp_path: Path) -> Page:
    """Return the page of a plan for two pictures."""
    page = open_studio(member, expected=["409", "422"])
    desk = Desk(page.context)
    order = desk.post("/api/orders", {"name": "Plan", "instruction": WORDS})["id"]
    for number in (1, 2):
        path = draw(tmp_path / f"p{number}.jpg", colour=(60 * number, 30, 60))
        file = {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
        desk.post(f"/api/orders/{order}/images", multipart={"images": file})
    desk.post(f"/api/orders/{order}/submit")
    page.goto(f"/orders/{order}/plan")
    expect(page.locator(".compare[data-is-ready]")).to_be_visible(timeout=60_000)
    return page


def revision(page: Page, number: int) -> None:
    """Wait until a plan is shown."""
    expect(page.locator("#plan-board")).to_have_attribute("data-revision", str(number))


def step(page: Page, sentence: str) -> str:
    """Return the id of the card with this sentence."""
    found = page.locator(".plan-card", has_text=sentence).get_attribute("id")
    assert found
    return found


def test_a_step_is_edited_with_a_preview_and_the_change_is_taken_back(page: Page) -> None:
    card = step(page, "Canvas of 300 x 300 px")
    page.locator(f"#{card}-open").click()
    width = page.locator(f"#{card} input[name='p.width']")
    with page.expect_response(re.compile("/plan/preview$")) as told:
        width.fill("600")
    assert told.value.json()["data"]["files"][0]["width"] == 600
    expect(page.locator("#plan-board")).to_have_attribute("data-revision", "1")
    width.fill("99999999")
    page.locator(f"#{card} form.plan-form button[type=submit]").click()
    expect(page.locator(f"#{card} .field-error")).to_be_visible()
    page.locator(f"#{card} input[name='p.width']").fill("600")
    page.locator(f"#{card} form.plan-form button[type=submit]").click()
    revision(page, 2)
    expect(page.locator(".plan-sentence", has_text="Canvas of 600 x 300 px")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    revision(page, 3)
    expect(page.locator(".plan-sentence", has_text="Canvas of 300 x 300 px")).to_be_visible()


def test_a_step_is_found_added_for_one_picture_and_moved_by_keys(page: Page) -> None:
    page.get_by_role("button", name="Add step").click()
    page.get_by_label("Search steps").fill("brightness")
    page.get_by_role("button", name="Brightness").click()
    form = page.locator("#plan-operations form.plan-form")
    form.locator("input[name='p.ev']").fill("0.5")
    form.get_by_text("Chosen pictures").click()
    form.get_by_text("p2.jpg").click()
    form.get_by_role("button", name="Add step").click()
    revision(page, 2)
    expect(page.locator(".plan-card", has_text="Brighten by 0.5 EV")).to_contain_text("p2.jpg")
    card = step(page, "Product centred")
    page.locator(f"#{card}-up").focus()
    page.keyboard.press("Enter")
    revision(page, 3)
    titles = page.locator(".plan-sentence").all_text_contents()
    assert titles.index("Product centred") < titles.index("Canvas of 300 x 300 px")
    focused = page.evaluate("document.activeElement.closest('.plan-card')?.querySelector('.plan-sentence').textContent")
    assert focused == "Product centred"


def test_a_step_is_dragged_among_its_kind(page: Page) -> None:
    canvas, placed = step(page, "Canvas of 300 x 300 px"), step(page, "Product centred")
    page.locator(f"#{canvas} .plan-grip").drag_to(page.locator(f"#{placed}"))
    revision(page, 2)
    titles = page.locator(".plan-sentence").all_text_contents()
    assert titles.index("Product centred") < titles.index("Canvas of 300 x 300 px")


def test_a_plan_changed_in_another_window_is_shown_instead(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(f"#{step(other, 'Save as JPEG')}").get_by_role("button", name="Remove").click()
    revision(other, 2)
    page.locator(f"#{step(page, 'Cut out')}").get_by_role("button", name="Remove").click()
    revision(page, 2)
    expect(page.get_by_role("alert")).to_contain_text("changed elsewhere")
    expect(page.locator(".plan-sentence", has_text="Cut out the product")).to_be_visible()


def test_new_words_are_understood_while_written_and_planned_again(page: Page) -> None:
    page.locator(f"#{step(page, 'Save as JPEG')}").get_by_role("button", name="Remove").click()
    revision(page, 2)
    page.get_by_role("button", name="Change").click()
    expect(page.locator("#plan-replacing")).to_contain_text("1 change made by hand")
    page.get_by_role("textbox", name="Instruction").fill("No shadow, 200x200 PNG")
    expect(page.locator("#plan-understanding")).to_contain_text("Save as PNG")
    page.get_by_role("button", name="Plan again").click()
    revision(page, 3)
    expect(page.locator("#plan-board")).to_contain_text("Save as PNG")
    page.get_by_role("button", name="Earlier plans").click()
    page.locator(".plan-revision", has_text="Plan 1").click()
    expect(page.locator(".plan-differences")).to_contain_text("Format")
    page.get_by_role("button", name="Bring plan 1 back").click()
    revision(page, 4)
    expect(page.locator("#plan-board")).to_contain_text("Save as JPEG")


def test_outputs_stand_side_by_side_and_the_plan_is_confirmed(page: Page) -> None:
    page.get_by_role("button", name="Add an output").click()
    page.locator("#output-name").fill("web")
    page.locator("#plan-output").get_by_role("button", name="Add output").click()
    revision(page, 2)
    expect(page.locator(".plan-outputs > section")).to_have_count(2)
    expect(page.locator(".plan-preview-outputs button")).to_have_count(2)
    page.get_by_role("button", name="Rename web").click()
    page.locator("#output-name").fill("shop")
    page.locator("#plan-output").get_by_role("button", name="Save").click()
    revision(page, 3)
    page.get_by_role("button", name="Confirm and start").dblclick()
    page.wait_for_url(re.compile(r"/orders/[0-9a-z]+$"))
