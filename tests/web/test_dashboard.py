"""The page of a new order."""

import re
from typing import Any

import pytest

from adapters.web.pages import dashboard
from core.domain.editing.plan import EditPlan, Step
from core.usecases.orders.change import DeleteOrder
from core.usecases.plans.submit import SubmitOrder
from core.usecases.recipes.keep import SaveRecipe
from tests.web.site import Person, Site, good, pictures

EVIL = '"><script>alert(1)</script>&amp;'
CLEAN = "White background"


def page(person: Person, path: str = "/dashboard", status: int = 200) -> str:
    """Return the HTML of a page."""
    answer = person.call("GET", path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return answer.text


def draft(person: Person, **order: Any) -> str:
    """Return the id of a new draft."""
    found: str = person.post("/api/orders", order)["data"]["id"]
    return found


@pytest.mark.req("S0-INST-01", "S0-UPL-02")
def test_the_first_order_is_offered_a_start(ada: Person) -> None:
    html = page(ada)
    assert 'data-order=""' in html
    assert "No orders yet" in html
    assert "Drafts to continue" not in html
    assert 'id="words"' in html
    assert 'data-max-images="100"' in html
    assert 'data-max-bytes="50000000"' in html
    assert "Start from an example" in html


def test_the_page_needs_no_inline_script_or_style(ada: Person) -> None:
    html = page(ada)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert all('nonce="' in tag for tag in re.findall(r"<script\b[^>]*>", html))


def test_a_draft_is_shown_as_it_was_left(ada: Person) -> None:
    order_id = draft(ada, name="Spring shoot", instruction=f"\n  {CLEAN}\nsecond line")
    added = good(ada.upload(f"/api/orders/{order_id}/images", pictures(3)))["data"]["images"]
    chosen = [added[0]["id"], added[2]["id"]]
    good(ada.call("PUT", f"/api/orders/{order_id}/images/selection", json={"imageIds": chosen}))
    good(ada.upload(f"/api/orders/{order_id}/brief", {"brief.txt": b"No props."}, field="brief"))
    html = page(ada, f"/dashboard?order={order_id}")
    assert f'data-order="{order_id}"' in html
    assert 'value="Spring shoot"' in html
    # A parser drops the first line break of a text area; the words begin with the second.
    assert f">\n\n  {CLEAN}\nsecond line</textarea>" in html
    tiles = re.findall(r'<li class="tile".*?</li>', html.partition("<template")[0], re.DOTALL)
    assert [t.partition('data-id="')[2][:40].split('"')[0] for t in tiles] == [i["id"] for i in added]
    assert [" checked" in t for t in tiles] == [True, False, True]
    assert "brief.txt" in html
    assert "No props." in html


def test_a_draft_is_offered_again_and_an_empty_one_is_not(ada: Person) -> None:
    kept, empty = draft(ada, instruction=CLEAN), draft(ada)
    html = page(ada)
    assert "Drafts to continue" in html
    assert f'href="/dashboard?order={kept}"' in html
    assert empty not in html
    assert kept not in page(ada, f"/dashboard?order={empty}").partition("Recent orders")[2]


def test_recent_orders_show_where_they_stand(site: Site, ada: Person) -> None:
    order = site.finished(ada, "mug.jpg")
    html = page(ada).partition("Recent orders")[2]
    assert f'href="/orders/{order.id}"' in html
    assert "Completed" in html
    image = site.studio.images(order.id)[0]
    assert f"/api/orders/{order.id}/images/{image.id}/thumbnail" in html


def test_nobody_sees_the_drafts_of_others(site: Site, ada: Person) -> None:
    order_id = draft(ada, instruction="My secret shoot")
    other = site.person()
    assert "My secret" not in page(other)
    assert "secret" not in page(other, f"/dashboard?order={order_id}", 404)
    assert other.call("GET", f"/dashboard/brief/{order_id}").status_code == 404


@pytest.mark.parametrize("order_id", ["nothing", "../etc", "%00", "a" * 50, "<script>"])
def test_an_order_that_is_none_is_a_page_that_says_so(ada: Person, order_id: str) -> None:
    html = page(ada, f"/dashboard?order={order_id}", 404)
    assert "<script>alert" not in html


def test_an_order_under_work_leads_to_its_own_page(site: Site, ada: Person) -> None:
    order = site.finished(ada, "mug.jpg")
    answer = ada.call("GET", f"/dashboard?order={order.id}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/orders/{order.id}")
    binned = draft(ada)
    site.studio.use(DeleteOrder)(actor=ada.actor, order_id=binned)
    assert ada.call("GET", f"/dashboard?order={binned}").headers["Location"] == f"/orders/{binned}"


def test_an_order_with_a_plan_can_be_changed_and_says_what_that_means(site: Site, ada: Person) -> None:
    order_id = draft(ada, instruction=CLEAN)
    good(ada.upload(f"/api/orders/{order_id}/images", pictures(1)))
    site.studio.use(SubmitOrder)(actor=ada.actor, order_id=order_id)
    html = page(ada, f"/dashboard?order={order_id}")
    assert "This order has a plan" in html
    assert f'href="/orders/{order_id}/plan"' in html


@pytest.mark.req("S0-UPL-09")
def test_older_addresses_lead_to_todays(ada: Person) -> None:
    for old, new in [("/processing", "/dashboard"), ("/processing/abc123", "/orders/abc123")]:
        answer = ada.call("GET", old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)


def test_names_words_and_briefs_are_text_and_never_markup(site: Site, ada: Person) -> None:
    order_id = draft(ada, name=EVIL, instruction=f"</textarea>{EVIL}")
    good(ada.upload(f"/api/orders/{order_id}/images", {"<img src=x>.jpg": pictures(1)["p000.jpg"]}))
    good(ada.upload(f"/api/orders/{order_id}/brief", {"<img src=x>.txt": f"</pre>{EVIL}".encode()}, field="brief"))
    site.studio.use(SaveRecipe)(actor=ada.actor, name=EVIL, plan=EditPlan(steps=(Step(op="background.remove"),)))
    for path in (f"/dashboard?order={order_id}", "/dashboard", f"/dashboard/brief/{order_id}"):
        html = page(ada, path)
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "alert(1)&lt;/script" in html
    recipe = ada.call("GET", "/dashboard/recipe", query_string={"name": EVIL, "images": 2})
    assert "<script>alert" not in recipe.text
    assert "&lt;script&gt;alert(1)" in recipe.text


def test_a_recipe_says_what_it_does_and_costs(site: Site, ada: Person) -> None:
    site.studio.use(SaveRecipe)(actor=ada.actor, name="Web", plan=EditPlan(steps=(Step(op="background.remove"),)))
    html = ada.call("GET", "/dashboard/recipe?name=Web&images=4").text
    assert 'data-images="4"' in html
    assert 'data-total="12"' in html
    assert 'data-op="background.remove"' in html
    assert ada.call("GET", "/dashboard/recipe?name=Nothing&images=4").status_code == 404
    assert ada.call("GET", "/dashboard/recipe?name=Web&images=101").status_code == 422


def test_each_marketplace_is_offered_in_words_that_are_understood(ada: Person) -> None:
    words = re.findall(r'data-preset="([^"]+)"', page(ada))
    assert "Ready for Amazon main image." in words
    assert len(words) >= 12
    for sentence in words:
        reading = ada.post("/api/plans/understand", {"instruction": sentence})["data"]["reading"]
        assert not reading["leftOut"], sentence


def test_examples_are_understood_completely(ada: Person) -> None:
    for example in dashboard.EXAMPLES:
        reading = ada.post("/api/plans/understand", {"instruction": example.words})["data"]["reading"]
        assert not reading["leftOut"]
        assert not reading["questions"]


def test_samples_are_offered_only_where_they_are(ada: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    assert "Try with sample pictures" in page(ada)
    answer = ada.call("GET", "/dashboard/samples/mug.jpg")
    assert answer.data[:3] == b"\xff\xd8\xff"
    assert ada.call("GET", "/dashboard/samples/..%2Fbrief.txt").status_code == 404
    assert ada.call("GET", "/dashboard/samples/nothing.jpg").status_code == 404
    monkeypatch.setattr(dashboard, "SAMPLES", tmp_path)
    assert "Try with sample pictures" not in page(ada)
