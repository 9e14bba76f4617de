"""Every page by keyboard alone: Tab reaches what the page is for, and one sees where one is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.orders import Desk, plain_pictures
from tests.support.members import Member

OpenStudio = Callable[..., Page]
MOST_TABS = 80
# A colour without an outline, and a shadow without a colour, are nothing that one sees.
LOOK = r"""(one) => {
  const shown = [one, one.closest("label") ?? one].map((part) => getComputedStyle(part));
  return JSON.stringify(shown.map((s) => [
    s.outlineStyle === "none" || s.outlineWidth === "0px" ? "" : [s.outlineWidth, s.outlineColor],
    s.boxShadow.replaceAll(/rgba\(0, 0, 0, 0\)( -?[\d.]+px){4}(, )?/g, ""),
  ]));
}"""
OPEN_PAGES = [
    ("/", "link", "Create an account"),
    ("/sign-up", "button", "Create account"),
    ("/sign-in", "button", "Sign in"),
    ("/verify-email", "link", "Sign in"),
    ("/forgot-password", "button", "Send the link"),
    ("/reset-password?token=none", "link", "Ask for a new link"),
    ("/legal/terms", "link", "i2i"),
    ("/legal/privacy", "link", "i2i"),
    ("/nothing", "link", "Go to the studio"),
]
OWN_PAGES: list[tuple[str, Any, str]] = [
    ("/dashboard", "button", "Drop pictures"),
    ("/dashboard", "button", "See the plan"),
    ("/processing", "button", "See the plan"),
    ("/orders", "link", "New order"),
    ("/tokens", "link", "Orders"),
    ("/account/security", "button", "Change the password"),
    ("/account/api-keys", "button", "New key"),
    ("/orders/{draft}", "button", "See the plan"),
    ("/orders/{planned}/plan", "button", "Confirm and start"),
    ("/orders/{planned}", "button", "Confirm and start"),
    ("/processing/{done}", "button", "Approve all 1"),
    ("/orders/{done}", "button", "Download"),
]


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, and see that it looks different with it."""
    expect(wanted).to_be_visible()
    before = wanted.evaluate(LOOK)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            assert wanted.evaluate(LOOK) != before, f"the focus is not to be seen on {wanted}"
            return
    raise AssertionError(f"not reached with {MOST_TABS} keys: {wanted}")


@pytest.mark.parametrize(("path", "role", "name"), OPEN_PAGES)
def test_open_pages(open_studio: OpenStudio, path: str, role: Any, name: str) -> None:
    page = open_studio(None, path, expected=["404", "422"], reduced_motion="reduce")
    reach(page, page.get_by_role(role, name=name).last)


@pytest.mark.timeout(300)
def test_pages_of_the_studio(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member, reduced_motion="reduce")
    desk = Desk(page.context)
    orders = {"done": desk.finished_order(plain_pictures(1))}
    for state in ("draft", "planned"):
        orders[state] = desk.post("/api/orders", {"name": state, "instruction": "a little brighter"})["id"]
        file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": plain_pictures(1)["item-001.jpg"]}
        desk.post(f"/api/orders/{orders[state]}/images", multipart={"images": file})
    desk.post(f"/api/orders/{orders['planned']}/submit")
    for path, role, name in OWN_PAGES:
        page.goto(path.format(**orders))
        reach(page, page.get_by_role(role, name=name).first)


def test_a_focus_that_is_not_to_be_seen_is_found(open_studio: OpenStudio) -> None:
    page = open_studio(None, "/sign-in", reduced_motion="reduce")
    button = page.get_by_role("main").get_by_role("button", name="Sign in")
    reach(page, button)
    button.evaluate("""(one) => {
      for (const name of ["transition", "outline", "box-shadow"]) one.style.setProperty(name, "none", "important");
      one.blur();
    }""")
    with pytest.raises(AssertionError, match="not to be seen"):
        reach(page, button)
