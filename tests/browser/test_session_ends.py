"""A page that stays open after its session has ended."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.members import Member
from tests.support.studio_server import StudioServer

NEWS = "document.dispatchEvent(new CustomEvent('i2i:credits'))"


def test_the_meter_of_credits_never_shows_another_page(
    member: Member, server: StudioServer, open_studio: Callable[..., Page]
) -> None:
    page = open_studio(member, expected=["401"])
    with page.expect_response("**/shell/credits") as shown:
        page.evaluate(NEWS)
    assert shown.value.status == 200
    page.context.clear_cookies()
    with page.expect_response(lambda answer: "/shell/credits" in answer.url or "/sign-in" in answer.url) as refused:
        page.evaluate(NEWS)
    assert refused.value.status == 401
    assert page.locator("input[type=password]").count() == 0
