"""The whole way on a phone: nothing is wider than the screen, and everything can be hit with a finger."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import confirm, download_all, picture_in, see_plan, shoot, start_order, wait_for_results
from tests.support.members import Member

OpenStudio = Callable[..., Page]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
LEAST = 24
PAGES = (
    "/", "/sign-in", "/sign-up", "/verify-email", "/forgot-password", "/legal/terms", "/legal/privacy", "/nothing",
)  # fmt: skip
OWN_PAGES = ("/dashboard", "/orders", "/tokens", "/account/security", "/account/api-keys")
# A link inside a line of text is as high as the line (WCAG 2.5.8 leaves it out); so is what a label around it enlarges.
SMALL = """(least) => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => !one.closest("[inert], .sr-only, .skip-link"))
  .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline"))
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1 && Math.min(box.width, box.height) < least - 0.5)
  .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def faults(page: Page) -> list[str]:
    """Return what a phone shows badly: a page wider than the screen, a control smaller than a finger can hit."""
    wide = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    found = [f"{page.url}: {wide[0]} px wide on {wide[1]} px"] if wide[0] > wide[1] or wide[1] != 390 else []
    return found + [f"{page.url}: {small}" for small in page.evaluate(SMALL, LEAST)]


@pytest.mark.timeout(240)
def test_pages_fit_a_phone(open_studio: OpenStudio, member: Member) -> None:
    found = []
    for somebody, paths in ((None, PAGES), (member, OWN_PAGES)):
        page = open_studio(somebody, paths[0], expected=["404"], **PHONE)
        for path in paths:
            page.goto(path)
            found += faults(page)
    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
@pytest.mark.req("S0-EXP-02")
def test_from_a_new_order_to_the_delivery_on_a_phone(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member, **PHONE)
    found = []
    start_order(page, shoot(2, edge=300), "Pure white background, 400x400 px JPEG")
    expect(page.locator("#tiles [data-state=done]")).to_have_count(2)
    expect(page.get_by_text("Pure white background").first).to_be_visible()
    found += faults(page)
    order = see_plan(page)
    found += faults(page)
    confirm(page, order)
    found += faults(page)
    wait_for_results(page, 2)
    found += faults(page)
    page.get_by_role("tab", name="History").tap()
    expect(page.locator(".log-entry").first).to_be_visible()
    found += faults(page)
    page.get_by_role("tab", name="Pictures").tap()
    page.locator(".picture-box").first.tap()
    expect(page.get_by_role("dialog").filter(has_text="shoot_001.jpg")).to_be_visible()
    found += faults(page)
    page.get_by_role("button", name="Approve", exact=True).tap()
    expect(page.get_by_role("dialog").filter(has_text="shoot_002.jpg")).to_be_visible()
    page.get_by_role("button", name="Close").first.tap()
    with download_all(page) as archive:
        assert picture_in(archive, "shoot_001.jpg").size == (400, 400)
        assert sorted(archive.namelist()) == ["SUMMARY.txt", "shoot_001.jpg", "shoot_002.jpg"]
    page.goto("/orders")
    found += faults(page)
    assert not found, "\n".join(found)


def test_a_wide_page_and_a_small_button_are_found(open_studio: OpenStudio) -> None:
    page = open_studio(None, "/sign-in", **PHONE)
    assert not faults(page)
    page.evaluate("""() => {
      const bar = document.querySelector("#main").appendChild(document.createElement("div"));
      Object.assign(bar.style, { width: "500px", height: "10px", flex: "none" });
      const button = bar.appendChild(document.createElement("button"));
      Object.assign(button.style, { width: "20px", height: "20px" });
    }""")
    wide, small = faults(page)
    assert "px wide on" in wide
    assert "20 x 20" in small
