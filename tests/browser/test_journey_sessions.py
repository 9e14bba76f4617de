"""Sign-ins in two browsers, a session that ends elsewhere, and a forgotten password."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.orders import Desk, plain_pictures
from tests.browser.steps import enter, mailed_link
from tests.support.members import PASSWORD, Member
from tests.support.studio_server import StudioServer

OpenStudio = Callable[..., Page]
NEW_PASSWORD = "Another-light-2027!"
MOBILE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


@pytest.mark.timeout(240)
@pytest.mark.req("S0-ROUTE-01", "S0-ROUTE-02", "S0-ROUTE-04", "S0-AUTH-20")
def test_a_session_that_is_ended_elsewhere_leads_to_sign_in_and_back(open_studio: OpenStudio, member: Member) -> None:
    phone = open_studio(member, expected=["401"], user_agent=MOBILE)
    order = Desk(phone.context).finished_order(plain_pictures(2))
    phone.goto(f"/orders/{order}?show=open")
    expect(phone.get_by_role("button", name="Approve all 2")).to_be_visible()

    desk = open_studio(None, "/account/security")
    expect(desk).to_have_url(re.compile(r"/sign-in\?callbackUrl=%2Faccount%2Fsecurity|/sign-in\?callbackUrl=/account"))
    desk.get_by_label("Remember me for 30 days").check()
    enter(desk, member.email)
    expect(desk).to_have_url(re.compile("/account/security$"))
    sessions = desk.get_by_role("region", name="Where you are signed in").get_by_role("listitem")
    expect(sessions).to_have_count(2)
    expect(sessions.filter(has_text="This session")).to_have_count(1)
    sessions.filter(has_not_text="This session").get_by_role("button").click()
    expect(sessions).to_have_count(1)

    # What the other browser tries next is refused, and it is led back to where it was.
    phone.get_by_role("button", name="Approve all 2").click()
    expect(phone).to_have_url(re.compile(r"/sign-in\?callbackUrl="), timeout=30_000)
    enter(phone, member.email)
    expect(phone).to_have_url(re.compile(rf"/orders/{order}\?show=open$"))
    phone.get_by_role("button", name="Approve all 2").click()
    expect(phone.get_by_role("button", name="Approved 2")).to_be_visible()
    desk.reload()
    expect(sessions).to_have_count(2)


@pytest.mark.timeout(240)
@pytest.mark.req("S0-AUTH-26")
def test_what_is_refused_while_one_signs_out_does_not_lead_elsewhere(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member, expected=["401"])
    order = Desk(page.context).finished_order(plain_pictures(1))
    page.goto(f"/orders/{order}")
    # The way to the start page is held where it begins, so that the refusal comes first.
    page.evaluate("""() => {
      addEventListener("submit", (event) => event.preventDefault(), { once: true });
      document.querySelector("form[action='/sign-out']").requestSubmit();
    }""")
    page.context.clear_cookies()
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 401):
            page.get_by_role("tab", name="History").click()
        page.get_by_role("tab", name="Pictures").click()
    assert page.url.endswith(f"/orders/{order}")


@pytest.mark.timeout(240)
@pytest.mark.req("S0-AUTH-21", "S0-AUTH-23", "S0-AUTH-04", "S0-AUTH-27")
def test_a_forgotten_password_is_replaced_and_old_sessions_end(
    open_studio: OpenStudio, server: StudioServer, member: Member
) -> None:
    old = open_studio(member, "/orders")
    page = open_studio(None, "/sign-in", expected=["422"])
    page.get_by_role("link", name="Forgotten password?").click()
    dialog = page.get_by_role("dialog", name="Choose a new password")
    dialog.get_by_label("E-mail").fill(member.email)
    dialog.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = mailed_link(server, member.email, "Choose a new password")
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    expect(page.get_by_text("Your password was changed")).to_be_visible()
    old.reload()
    expect(old).to_have_url(re.compile(r"/sign-in\?callbackUrl="))
    enter(page, member.email, PASSWORD)
    expect(page.get_by_role("alert")).to_be_visible()
    enter(page, member.email, NEW_PASSWORD)
    expect(page).to_have_url(re.compile("/dashboard$"))
    # The link works once.
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
