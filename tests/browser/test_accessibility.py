"""No page has a fault that axe-core finds, in light and dark, wide and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.web.shoot import Caller, make_pictures, plan_and_confirm, upload_order, wait_until_ended
from tests.support.members import Member

AXE = Path(__file__).resolve().parents[2] / "adapters/web/frontend/node_modules/axe-core/axe.min.js"
RUN = "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)"
WORDS = "Cut out, pure white background, 600x600, soft shadow, JPEG q90. IMG_0002: rotate it nicely please."
BRIEF = b"Hello,\nNo retouching of the skin.\nMake it brighter, but no exposure changes.\nChange the shoe to blue."
MESSAGES = ("What will this do?", "What does it cost?", "make it 500x500 instead")
OPEN_PAGES = (
    "/", "/sign-in", "/sign-up", "/forgot-password", "/verify-email", "/reset-password", "/legal/terms",
    "/legal/privacy", "/nothing", "/api/docs",
)  # fmt: skip
OWN_PAGES = ("/dashboard", "/orders", "/tokens", "/account/security", "/account/api-keys")
LOOKS = [
    pytest.param(theme, width, id=f"{theme}-{width}") for theme in ("light", "dark") for width in (1440, 390)
]  # fmt: skip


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{page.url}: {v['id']}: {v['help']}: {node['html'][:160]} {node['failureSummary'][-200:]}"
        for v in found
        for node in v["nodes"]
    ]


@pytest.fixture(scope="module")
def axe() -> Path:
    if not AXE.exists():
        pytest.skip("the front end's packages are not installed; make build installs them")
    return AXE


@pytest.fixture
def options(theme: str, width: int) -> dict[str, Any]:
    return {"color_scheme": theme, "viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_without_a_sign_in(open_studio: Callable[..., Page], options: dict[str, Any]) -> None:
    page = open_studio(None, "/sign-in", expected=["404", "422"], **options)
    found = []
    for path in OPEN_PAGES:
        page.goto(path, wait_until="networkidle")
        found += violations(page)
    assert not found


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_of_a_new_account(open_studio: Callable[..., Page], member: Member, options: dict[str, Any]) -> None:
    page = open_studio(member, **options)
    found = []
    for path in OWN_PAGES:
        page.goto(path, wait_until="networkidle")
        found += violations(page)
    assert not found


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_an_order_from_its_plan_to_its_review(
    open_studio: Callable[..., Page], member: Member, options: dict[str, Any], tmp_path: Path
) -> None:
    page = open_studio(member, **options)
    caller = Caller.of(page.context)
    photos = make_pictures(tmp_path, 3)
    planned = upload_order(caller, photos, name="Planned")
    answer = caller.request.patch(
        f"/api/orders/{planned}", data={"instruction": WORDS}, headers={"X-CSRFToken": caller.token}
    )
    assert answer.ok
    brief = {"name": "brief.txt", "mimeType": "text/plain", "buffer": BRIEF}
    caller.post(f"/api/orders/{planned}/brief", multipart={"brief": brief})
    found = []
    page.goto(f"/dashboard?order={planned}", wait_until="networkidle")
    page.locator(".brief-head").click()
    found += violations(page)
    caller.post(f"/api/orders/{planned}/submit", data={})
    page.goto(f"/orders/{planned}/plan", wait_until="networkidle")
    page.locator(".brief-head").click()
    found += violations(page)
    page.get_by_role("button", name="Assistant", exact=True).click()
    for number, words in enumerate(MESSAGES, 1):
        page.locator("#assistant-words").fill(words)
        page.locator("#assistant-words").press("Enter")
        expect(page.locator(".talk-message[id]")).to_have_count(2 * number)
    found += violations(page)
    done = upload_order(caller, photos, name="Done")
    plan_and_confirm(caller, done, "pure white background, 600x600, JPEG q90")
    page.goto(f"/orders/{done}")
    found += violations(page)
    assert wait_until_ended(caller, done) == "completed"
    page.goto(f"/orders/{done}", wait_until="networkidle")
    found += violations(page)
    page.locator(".picture-card").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    found += violations(page)
    page.goto("/orders", wait_until="networkidle")
    found += violations(page)
    assert not found


@pytest.mark.usefixtures("axe")
def test_a_fault_is_found(open_studio: Callable[..., Page]) -> None:
    page = open_studio(None, "/sign-in")
    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<input name=\"unnamed\">')")
    assert any(": label: " in line for line in violations(page))
