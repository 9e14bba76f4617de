"""A sign-in leads to pages of this installation only."""

import pytest

from adapters.web.redirects import own_path
from tests.web.browser import PASSWORD, Browser, with_password
from tests.web.site import Site

GOOD = [
    "/dashboard", "/orders", "/orders/01m3250v00000000000000000a", "/orders/01m3/plan?step=2", "/orders?q=red%20shoes",
    "/orders?q=a/b", "/account/api-keys", "/", "/orders?next=https://evil.example", "/orders#log",
]  # fmt: skip
BAD = [
    "", None, "dashboard", "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example", "/\r/evil.example", "/%09/evil.example", "/%0a/evil.example", "/%5cevil.example",
    "/%2fevil.example", "/%2f%2fevil.example", "/%252f%252fevil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", " //evil.example", "/ /evil.example", "//evil.example@localhost", "https:evil.example",
    "https:/evil.example", "https:///evil.example", "//[::1]", "/..//evil.example", "/a/../..//evil.example",
    "/\x00/evil.example", "/\u2028/evil.example", "/\u3002evil", "//\u2215evil.example", "/x\x7f", "/" + "a" * 600,
    "/orders\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.req("S0-ROUTE-02")
@pytest.mark.parametrize("wanted", GOOD)
def test_own_pages_are_kept(wanted: str) -> None:
    assert own_path(wanted) == wanted


@pytest.mark.parametrize("wanted", BAD)
def test_everything_else_leads_home(site: Site, wanted: str | None) -> None:
    assert own_path(wanted) == "/dashboard"
    email = with_password(site, site.person().actor)
    browser = Browser(site)
    query = {} if wanted is None else {"callbackUrl": wanted}
    form = {"email": email, "password": PASSWORD}
    answer = browser.call("POST", "/sign-in", query_string=query, data=form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dashboard")


def test_forty_ways_out_are_tried() -> None:
    assert len(BAD) >= 40
