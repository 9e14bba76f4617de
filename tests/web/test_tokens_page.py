"""The page of credits: balance, reservations, prices in words, and movements with the orders that they paid for."""

import re

import pytest

from core.usecases.credits import read
from tests.studio import PRICE
from tests.web.site import Person, Site

FRAGMENT = {"HX-Request": "true"}


def html(person: Person, path: str = "/tokens", **headers: str) -> str:
    """Return a page."""
    answer = person.call("GET", path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def kinds(page: str) -> list[str]:
    """Return the kinds of the movements."""
    return re.findall(r'class="credit-line"[^>]*data-kind="(\w+)"', page)


@pytest.mark.req("S2-TOK-13")
def test_a_movement_leads_to_the_order_that_it_paid_for(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    page = html(ada)
    assert kinds(page) == ["capture", "grant"]
    assert f'href="/orders/{order.id}">{order.name}</a>' in page
    assert "one.jpg, version 1" in page
    assert f"−{PRICE}<" in page
    (spent, granted) = ada.get("/api/credits/history")["data"]
    assert (spent["orderId"], spent["orderName"], granted["orderId"]) == (order.id, order.name, None)


def test_what_is_reserved_is_told_by_order(site: Site, ada: Person) -> None:
    order = site.studio.confirmed(ada.actor, "one.jpg", "two.jpg").order
    page = html(ada)
    assert re.search(rf'href="/orders/{order.id}">{order.name}</a><span[^>]*>{2 * PRICE} credits<', page)
    assert f"{2 * PRICE} credits more are reserved" in page
    assert ada.get("/api/credits/holds")["data"] == [
        {"orderId": order.id, "orderName": order.name, "amount": 2 * PRICE}
    ]
    assert site.person().get("/api/credits/holds")["data"] == []
    site.studio.work()
    assert "Nothing is being worked on" in html(ada)


def test_prices_are_told_in_words(ada: Person) -> None:
    page = html(ada)
    assert re.search(rf"Edit an image</span>.*?<dd>{PRICE} credits</dd>", page, re.DOTALL)
    assert "studio_edit" not in page
    assert "Price list 2026-11-01" in page


def test_movements_of_one_kind(site: Site, ada: Person) -> None:
    site.finished(ada, "one.jpg")
    assert kinds(html(ada, "/tokens?kind=grant", **FRAGMENT)) == ["grant"]
    assert kinds(html(ada, "/tokens?kind=nonsense")) == ["capture", "grant"]
    assert "Nothing of this kind yet" in html(ada, "/tokens?kind=refund")
    assert [line["kind"] for line in ada.get("/api/credits/history?kind=capture")["data"]] == ["capture"]


def test_more_movements_are_fetched_as_rows(site: Site, ada: Person) -> None:
    site.finished(ada, *(f"{n}.jpg" for n in range(27)))
    first = html(ada)
    more = re.search(r'hx-get="(/tokens\?[^"]*cursor=[^"]*)"', first)
    assert more is not None
    rest = html(ada, more[1].replace("&amp;", "&"), **FRAGMENT)
    assert "<table" not in rest
    assert (len(kinds(first)), len(kinds(rest))) == (25, 3)


def test_a_search_for_a_kind_goes_on_by_itself(site: Site, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "WINDOW", 2)
    site.finished(ada, "one.jpg", "two.jpg")
    page = html(ada, "/tokens?kind=grant", **FRAGMENT)
    assert kinds(page) == []
    assert 'hx-trigger="load"' in page
    more = re.search(r'hx-get="(/tokens\?[^"]*)"', page)
    assert more is not None
    assert kinds(html(ada, more[1].replace("&amp;", "&"), **FRAGMENT)) == ["grant"]


def test_an_account_without_movements_says_so(site: Site) -> None:
    eve = site.person(credits=0)
    assert "No movements yet" in html(eve)
    assert "Nothing is being worked on" in html(eve)
