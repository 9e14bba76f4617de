"""Orders in the list: deleted and brought back, renamed, run again with other pictures."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.offers import offer
from tests.browser.orders import Desk, plain_pictures
from tests.browser.steps import confirm, see_plan, shoot, wait_for_results, wait_for_uploader
from tests.support.members import Member

OpenStudio = Callable[..., Page]
WORDS = "a little brighter"


def status(page: Page, order: str) -> str:
    """Return the status of an order as the server has it."""
    return str(Desk(page.context).get(f"/api/orders/{order}")["order"]["status"])


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def choose(page: Page, name: str, act: str) -> None:
    """Open the menu of an order in the list and choose from it."""
    page.get_by_role("button", name=f"More about {name}").click()
    page.get_by_role("menuitem", name=act).click()


def delete(page: Page, name: str) -> None:
    """Delete an order in the list."""
    choose(page, name, "Delete")
    dialog = page.get_by_role("dialog", name="Delete this order?")
    expect(dialog).to_contain_text(name)
    dialog.get_by_role("button", name="Delete order").click()
    expect(row(page, name)).to_have_count(0)


@pytest.mark.timeout(240)
@pytest.mark.req("S0-ODEL-01", "S0-ODEL-04", "S0-ODEL-05")
def test_an_order_is_deleted_undone_deleted_again_and_restored_from_the_bin(
    open_studio: OpenStudio, member: Member
) -> None:
    page = open_studio(member)
    order = Desk(page.context).finished_order(plain_pictures(2))
    page.goto("/orders")
    choose(page, "Review", "Delete")
    page.get_by_role("button", name="Keep").click()
    expect(row(page, "Review")).to_be_visible()
    delete(page, "Review")
    assert status(page, order) == "deleted"
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Review")).to_be_visible()
    assert status(page, order) == "completed"
    delete(page, "Review")
    page.reload()
    expect(row(page, "Review")).to_have_count(0)
    page.get_by_role("radio", name="Deleted 1").check()
    page.get_by_role("button", name="Restore Review").click()
    expect(page.get_by_text("Order restored")).to_be_visible()
    assert status(page, order) == "completed"
    page.goto("/orders")
    row(page, "Review").get_by_role("link", name="View Review").click()
    expect(page.get_by_role("heading", level=1, name="Review")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    kinds = page.locator(".log-entry")
    expect(kinds.filter(has_text="Deletion.")).to_have_count(2)
    expect(kinds.filter(has_text="Restoration.")).to_have_count(2)


@pytest.mark.timeout(240)
def test_an_order_is_renamed_and_run_again_with_other_pictures(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member)
    first = Desk(page.context).finished_order(plain_pictures(1), WORDS)
    page.goto("/orders")
    choose(page, "Review", "Rename")
    dialog = page.get_by_role("dialog", name="Rename order")
    dialog.get_by_label("Name").fill("Boots <b>& belts</b>")
    dialog.get_by_role("button", name="Rename").click()
    expect(row(page, "Boots <b>& belts</b>")).to_be_visible()
    page.reload()
    choose(page, "Boots <b>& belts</b>", "Run again with new images")
    expect(page).to_have_url(re.compile(r"/dashboard\?order=\w+$"))
    assert first not in page.url
    expect(page.get_by_role("textbox", name="What should be done?")).to_have_value(WORDS)
    expect(page.get_by_label("Name of the order")).to_have_value("Boots <b>& belts</b> (again)")
    expect(page.get_by_role("list", name="Pictures of this order").get_by_role("listitem")).to_have_count(0)
    wait_for_uploader(page)
    offer(page, "drop", shoot(2, edge=200))
    order = see_plan(page)
    confirm(page, order)
    wait_for_results(page, 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Boots <b>& belts</b> (again)")
