"""Whole journeys through the studio: from the start page to a delivery, with wrong files, with too few credits."""

import re
import secrets
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.orders import Desk
from tests.browser.steps import (
    border_colours,
    confirm,
    download_all,
    enter,
    mailed_link,
    picture_in,
    see_plan,
    shoot,
    start_order,
    wait_for_results,
)
from tests.support.members import PASSWORD, make_member
from tests.support.studio_server import StudioServer

OpenStudio = Callable[..., Page]
BRIEF = (
    "Pure white background, product fills 70 % of the frame. "
    "web: 600x600 px JPEG quality 95. shop: 400x500 px, 4:3, PNG."
)
OUTPUTS = (("web", "jpg"), ("png", "png"))


def sign_up(page: Page, email: str) -> None:
    """Create an account, with the faults that people make first."""
    page.get_by_role("link", name="Create an account").first.click()
    page.get_by_label("Name", exact=True).fill("Robin Studio")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("checkbox").check()
    password, again = page.get_by_label("Password", exact=True), page.get_by_label("Password again")
    for first, second, wrong in ((PASSWORD, PASSWORD + "x", again), ("short", "short", password)):
        password.fill(first)
        again.fill(second)
        page.get_by_role("button", name="Create account").click()
        expect(wrong).to_have_attribute("aria-invalid", "true")
        expect(wrong).to_be_focused()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Robin Studio")
    password.fill(PASSWORD)
    again.fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    expect(page.get_by_text(email)).to_be_visible()


@pytest.mark.req(
    "S0-AUTH-06", "S0-AUTH-11", "S0-AUTH-15", "S0-AUTH-16", "S0-AUTH-17", "S0-AUTH-26", "S0-EXP-02", "S0-EXP-05",
    "S0-EXP-07", "S0-LOG-01",
)  # fmt: skip
def test_from_the_start_page_to_a_delivery_of_two_outputs(open_studio: OpenStudio, server: StudioServer) -> None:
    page = open_studio(None, "/", expected=["422"])
    email = f"{secrets.token_hex(4)}@i2i.example"
    sign_up(page, email)
    page.get_by_role("link", name="Sign in").last.click()
    enter(page, email)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto(mailed_link(server, email, "Confirm your e-mail address"))
    # The link confirms at once, and the page leads on by itself.
    expect(page).to_have_url(re.compile("/sign-in$"), timeout=30_000)
    enter(page, email)
    expect(page.get_by_role("heading", name="New order")).to_be_visible()

    files = shoot(4)
    start_order(page, files, BRIEF)
    meaning = page.get_by_role("region", name="What will be done").first
    expect(meaning).to_contain_text("Output web")
    expect(meaning).to_contain_text("Save as PNG")
    page.get_by_label("Name of the order").fill("Spring lookbook")
    order = see_plan(page)
    expect(page.get_by_role("button", name="Confirm and start")).to_be_disabled()
    question = page.get_by_role("form", name="400 x 500 is not 4:3. Which holds?")
    question.get_by_role("button", name="4:3").click()
    expect(page.get_by_role("button", name="Confirm and start")).to_be_enabled()
    confirm(page, order)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    wait_for_results(page, 4)

    approve_all(page, 4)
    with download_all(page) as archive:
        check_delivery(archive)

    page.get_by_role("tab", name="History").click()
    history = page.locator(".log-entry")
    for kind, count in (("Upload", 4), ("Plan", 2), ("Confirmation", 1), ("Approval", 4), ("Download", 1)):
        expect(history.filter(has_text=f"{kind}. "), kind).to_have_count(count)
    page.get_by_role("button", name="Account and appearance").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Upload the shoot")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(f"/orders/{order}")
    expect(page).to_have_url(re.compile("/sign-in"))


def check_delivery(archive: zipfile.ZipFile) -> None:
    """Open the archive of four pictures in two outputs and look at what is in it."""
    names = {f"{output}/shoot_{n:03}.{end}" for output, end in OUTPUTS for n in range(1, 5)}
    assert set(archive.namelist()) == names | {"SUMMARY.txt"}
    for name in names:
        picture = picture_in(archive, name)
        wanted = ("JPEG", (600, 600)) if name.startswith("web/") else ("PNG", (667, 500))
        assert (picture.format, picture.size) == wanted
        assert border_colours(picture) == {(255, 255, 255)}, name
    summary = archive.read("SUMMARY.txt").decode()
    assert summary.startswith("Spring lookbook\n")
    assert BRIEF in summary
    assert all(f"{name}  (" in summary for name in names)
    assert summary.count(".jpg: approved\n") == 4


def approve_all(page: Page, count: int) -> None:
    """Approve all pictures, also those that should be looked at first."""
    page.get_by_role("button", name=f"Approve all {count}").click()
    agree = page.get_by_role("button", name=f"Approve {count} pictures")
    expect(agree.or_(page.get_by_text(f"{count} pictures approved"))).to_be_visible()
    if agree.is_visible():
        agree.click()
    expect(page.get_by_role("button", name=f"Approved {count}")).to_be_visible()


@pytest.fixture
def modest_server(tmp_path: Path) -> Iterator[StudioServer]:
    """Return a server whose new accounts get few credits."""
    settings = {"I2I_CAPTCHA": "none", "I2I_WELCOME_CREDITS": "5"}
    with StudioServer(home=tmp_path / "studio", settings=settings) as running:
        yield running


@pytest.mark.timeout(300)
def test_what_the_credits_pay_for_is_run_and_nothing_more(open_studio: OpenStudio, modest_server: StudioServer) -> None:
    member = make_member(modest_server, credits=0)
    page = open_studio(member, on=modest_server)
    start_order(page, shoot(8, edge=200), "a little brighter")
    expect(page.get_by_role("region", name="What will be done").first).to_contain_text("3 credits more than the 5")
    order = see_plan(page)
    price = page.get_by_role("region", name="Price")
    expect(price).to_contain_text("3 credits are missing.")
    expect(price).to_contain_text("Your balance pays for 5 of 8 pictures.")
    expect(price.get_by_role("button", name="Confirm and start")).to_be_disabled()
    price.get_by_role("button", name="Run the first 5").click()
    expect(price).to_contain_text("0 of 5 credits are left afterwards.")
    confirm(page, order)
    wait_for_results(page, 5)
    expect(page.locator("#order-facts")).to_contain_text("5 credits used")
    page.goto("/tokens")
    expect(page.get_by_role("region", name="Balance")).to_contain_text("0 available")
    expect(page.get_by_role("region", name="Balance")).to_contain_text("Nothing is reserved.")
    statuses = [i["status"] for i in Desk(page.context).images(order)]
    assert statuses == ["completed"] * 5 + ["excluded"] * 3
    assert modest_server.cli("audit", "ledger")["is_clean"]
