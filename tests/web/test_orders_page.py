"""The page of all orders: figures, filters, sorted columns, and rows with what can be done."""

import datetime as dt
import re

import pytest

from adapters.web.order_list import Listing, read_listing
from core.domain.orders import OrderStatus
from core.ports.repositories.orders import OrderSort
from core.usecases.orders.change import DeleteOrder, RenameOrder
from core.usecases.orders.create import CreateOrder
from tests.web.site import Person, Site

FRAGMENT = {"HX-Request": "true"}


def html(person: Person, path: str, **headers: str) -> str:
    """Return a page."""
    answer = person.call("GET", path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def names(page: str) -> list[str]:
    """Return the names of the rows."""
    return re.findall(r'class="order-row"[^>]*data-name="([^"]*)"', page)


def opened(site: Site, person: Person, *wanted: str) -> list[str]:
    """Open drafts, an hour apart, and return their ids."""
    ids = []
    for name in wanted:
        ids.append(site.studio.use(CreateOrder)(actor=person.actor, name=name).id)
        site.studio.clock.advance(hours=1)
    return ids


@pytest.mark.req("S0-ORD-02", "S0-ORD-05")
def test_a_row_shows_an_order_and_leads_to_it(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg", "two.jpg")
    page = html(ada, "/orders")
    (row,) = re.findall(r'<tr class="order-row".*?</tr>', page, re.DOTALL)
    assert f'<a href="/orders/{order.id}">{order.name}</a>' in row
    assert f'src="/api/orders/{order.id}/images/{order.cover_image_id}/thumbnail?size=320"' in row
    assert f'datetime="{order.created_at.isoformat()}"' in row
    assert f'href="/api/orders/{order.id}/archive" download' in row
    assert 'data-tone="good">Completed' in row
    assert re.search(r'data-label="Images">2<', row)
    figures = dict(re.findall(r'</svg>([\w ]+)</dt><dd class="figure-value">(\d+)<', page))
    assert figures == {"Images processed": "2", "In process": "0", "Images completed": "2", "Credits used": "6"}


def test_the_cover_is_shown_where_the_row_says(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor)
    (row,) = ada.get("/api/orders")["orders"]
    assert row["thumbnailUrl"] == f"/api/orders/{order.id}/images/{order.cover_image_id}/thumbnail?size=320"
    first, second = (i.id for i in site.studio.images(order.id)[:2])
    rest = [i.id for i in site.studio.images(order.id)[2:]]
    ada.call("PUT", f"/api/orders/{order.id}/images/order", json={"imageIds": [second, first, *rest]})
    assert site.studio.order(order.id).cover_image_id == second
    ada.post(f"/api/orders/{order.id}/images/delete", {"imageIds": [first, second, *rest]})
    assert ada.get("/api/orders")["orders"][0]["thumbnailUrl"] is None


def test_what_cannot_be_downloaded_yet_is_not_offered(site: Site, ada: Person) -> None:
    opened(site, ada, "Draft")
    page = html(ada, "/orders")
    assert "/archive" not in page
    assert re.search(r"<button[^>]* disabled aria-label=\"Download Draft\"", page)


def test_the_list_is_searched_filtered_and_sorted(site: Site, ada: Person) -> None:
    shoes, _, _ = opened(site, ada, "Shoes", "Boots", "Shoe laces")
    site.finished(ada, "one.jpg")
    site.studio.use(RenameOrder)(actor=ada.actor, order_id=ada.get("/api/orders")["orders"][0]["id"], name="Hats")
    assert names(html(ada, "/orders?q=shoe", **FRAGMENT)) == ["Shoe laces", "Shoes"]
    assert names(html(ada, "/orders?q=shoe&sort=name", **FRAGMENT)) == ["Shoe laces", "Shoes"]
    assert names(html(ada, "/orders?q=shoe&sort=-name", **FRAGMENT)) == ["Shoes", "Shoe laces"]
    assert names(html(ada, "/orders?status=draft&sort=created", **FRAGMENT)) == ["Shoes", "Boots", "Shoe laces"]
    site.studio.use(DeleteOrder)(actor=ada.actor, order_id=shoes)
    binned = html(ada, "/orders?status=deleted")
    assert names(binned) == ["Shoes"]
    assert 'data-act="restore"' in binned
    page = html(ada, "/orders")
    assert "Shoes" not in names(page)
    assert re.search(r'id="order-count-deleted">1<', page)


def test_only_the_rows_are_sent_where_only_they_are_asked_for(site: Site, ada: Person) -> None:
    opened(site, ada, *(f"Order {n:02}" for n in range(30)))
    table = html(ada, "/orders", **FRAGMENT)
    assert "<html" not in table
    assert len(names(table)) == 25
    more = re.search(r'hx-get="(/orders\?[^"]*cursor=[^"]*)"', table)
    assert more is not None
    rest = html(ada, more[1].replace("&amp;", "&"), **FRAGMENT)
    assert "<table" not in rest
    assert names(rest) == ["Order 04", "Order 03", "Order 02", "Order 01", "Order 00"]
    assert "cursor=" not in rest


def test_the_heads_tell_how_the_list_is_sorted(site: Site, ada: Person) -> None:
    opened(site, ada, "Shoes")
    page = html(ada, "/orders?q=sho&sort=name")
    assert re.search(r'aria-sort="ascending"[^>]*><a href="/orders\?q=sho&amp;sort=-name"', page)
    assert re.search(r'aria-sort="none"[^>]*><a href="/orders\?q=sho"', page)
    assert re.search(r'<option value="name" selected', page)


def test_a_page_without_orders_says_what_to_do(site: Site, ada: Person) -> None:
    page = html(ada, "/orders")
    assert "Start your first order" in page
    assert "order-filter" not in page
    opened(site, ada, "Shoes")
    assert "Nothing found" in html(ada, "/orders?q=boots")
    assert "The bin is empty" in html(ada, "/orders?status=deleted")


def test_a_name_cannot_become_part_of_the_page(site: Site, ada: Person) -> None:
    opened(site, ada, '"><script>alert(1)</script>')
    page = html(ada, "/orders?q=%22%3E%3Cscript%3Ealert(2)")
    assert "<script>alert" not in page


def test_nobody_sees_the_orders_of_others(site: Site, ada: Person) -> None:
    opened(site, ada, "Secret shoot")
    eve = site.person()
    assert "Secret shoot" not in html(eve, "/orders")
    assert site.client.get("/orders", headers={"Accept": "text/html"}).status_code in (302, 303, 401)


def test_figures_follow_by_themselves(site: Site, ada: Person) -> None:
    site.finished(ada, "one.jpg")
    part = html(ada, "/orders/figures", **FRAGMENT)
    assert 'id="order-figures"' in part
    assert re.search(r'id="order-count-completed" hx-swap-oob="true">1<', part)


@pytest.mark.parametrize(
    "words", ["status=x&sort=y&since=z&found=-1&tz=%00&until=0001-01-01", "since=9999-12-31&q=%00"]
)
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(site: Site, ada: Person, words: str) -> None:
    opened(site, ada, "Shoes")
    assert names(html(ada, f"/orders?{words}")) == ["Shoes"]


def test_days_are_those_of_the_reader() -> None:
    day = dt.date(2026, 11, 21)
    wanted = Listing(since=day, until=day, zone="Asia/Tokyo").wanted()
    assert (wanted.since, wanted.until) == (
        dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC),
    )
    assert Listing(since=day, zone="No/Where").wanted().since == dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def test_an_address_is_read_as_it_was_written() -> None:
    listing = Listing(
        query="a & b", status=OrderStatus.FAILED, since=dt.date(2026, 1, 2), zone="Asia/Tokyo", sort=OrderSort.LARGEST
    )
    words = dict(part.split("=") for part in listing.address().partition("?")[2].split("&"))
    assert words == {
        "q": "a+%26+b", "status": "failed", "since": "2026-01-02", "tz": "Asia%2FTokyo", "sort": "-size"
    }  # fmt: skip
    assert read_listing({**words, "q": "a & b", "tz": "Asia/Tokyo"}) == listing
    assert Listing().address() == "/orders"
