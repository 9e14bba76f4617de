"""The page of an order: where it leads, what it shows, and what it keeps from others."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from adapters.web import frontend_assets, order_views
from core.domain.editing.plan import EditPlan, Output, Step
from core.domain.images import ImageStatus
from core.domain.orders import Order
from core.errors import InvalidInputError
from core.ports.image_engine import Flag, Severity
from core.usecases.images.review import ApproveImages, FlagImages
from core.usecases.orders.change import DeleteOrder
from core.usecases.queries.gallery import ShowGallery
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from tests.web.site import Person, Site

PAGE = {"Accept": "text/html"}
SPITE = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the tests a build of the front end."""
    monkeypatch.setattr(frontend_assets, "asset_url", lambda source: f"/static/dist/{source}")


@pytest.fixture
def site(site: Site) -> Site:
    site.app.jinja_env.globals["asset_url"] = lambda source: f"/static/dist/{source}"
    return site


def open_page(person: Person, path: str) -> TestResponse:
    return person.call("GET", path, headers=PAGE)


def html(person: Person, path: str) -> str:
    answer = open_page(person, path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


def cards(text: str) -> list[dict[str, str]]:
    """Return the data of each card."""
    found = re.findall(r'<article class="picture-card"([^>]*)>', text)
    return [{k: unescape(v) for k, v in re.findall(r'data-([a-z-]+)="([^"]*)"', card)} for card in found]


def two_outputs() -> EditPlan:
    outputs = (Output(name="shop", steps=()), Output(name="web", steps=()))
    return EditPlan(steps=(Step(op="exposure", params={"ev": 0.5}),), outputs=outputs, planner="fake")


def test_an_order_that_is_made_leads_to_where_it_is_made(site: Site, ada: Person) -> None:
    draft = site.studio.draft(ada.actor)
    planned = site.studio.planned(ada.actor).order
    assert open_page(ada, f"/orders/{draft.id}").headers["Location"] == f"/dashboard?order={draft.id}"
    assert open_page(ada, f"/orders/{planned.id}").headers["Location"] == f"/orders/{planned.id}/plan"


@pytest.mark.req("S0-PROC-03", "S0-PROC-05", "S0-PROC-06")
def test_work_under_way_shows_how_far_it_is_and_where_each_picture_stands(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor)
    site.studio.process(started.items[0].id)
    site.studio.fail(started.order.id, 2, InvalidInputError("It is damaged."))
    site.studio.process(started.items[1].id)
    page = html(ada, f"/orders/{started.order.id}")
    assert [c["status"] for c in cards(page)] == ["completed", "failed", "queued"]
    assert 'data-state="working" data-percent="66"' in page
    assert "2 of 3 pictures done, 1 of them failed" in page
    assert "It is damaged." in page
    assert "3 credits used, 3 reserved, 3 given back" in page
    assert page.count('aria-busy="true"') == 1
    assert "version=1" in page
    assert "version=0" in page


def test_the_page_names_the_last_event_that_is_in_it(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    sequence = int(re.findall(r'data-sequence="(\d+)"', html(ada, f"/orders/{order.id}"))[0])
    assert ada.get(f"/api/orders/{order.id}/events?after={sequence}")["data"] == []
    assert len(ada.get(f"/api/orders/{order.id}/events?after={sequence - 1}")["data"]) == 1


def test_pace_and_time_left_come_from_the_last_minute(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor, *(f"{n}.jpg" for n in range(8)))
    show = site.studio.use(ShowGallery)
    pace = show(actor=ada.actor, order_id=started.order.id).pace
    assert pace is not None
    assert (pace.percent, pace.per_minute, pace.seconds_left) == (0, 0, None)
    site.studio.process(started.items[0].id)
    site.studio.clock.advance(minutes=2)
    for item in started.items[1:4]:
        site.studio.process(item.id)
    site.studio.clock.advance(seconds=30)
    pace = show(actor=ada.actor, order_id=started.order.id).pace
    assert pace is not None
    assert (pace.total, pace.ended, pace.percent) == (8, 4, 50)
    assert pace.per_minute == pytest.approx(3)
    assert pace.seconds_left == pytest.approx(80)


@pytest.mark.req("S0-PROC-07")
def test_an_order_that_ended_shows_what_came_of_it(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor)
    content = site.studio.content(started.order.id, 1)
    site.studio.engine.flags[content] = (
        Flag(code="edge", message="The subject touches the frame."),
        Flag(code="note", message="It was turned.", severity=Severity.NOTE),
    )
    site.studio.fail(started.order.id, 3, InvalidInputError("It is damaged."))
    site.studio.work()
    page = html(ada, f"/orders/{started.order.id}")
    assert 'data-state="ended" data-percent=""' in page
    assert "2 of 3 pictures finished." in page
    summary = page[page.index('id="order-summary"') : page.index('id="order-plan"')]
    assert "The subject touches the frame." in summary
    assert "It is damaged." in summary
    assert "Look at 1 flagged" in page
    assert "Retry failed" in page
    assert [c["reviews"] for c in cards(page)] == ["1", "0", "0"]


def test_a_deleted_order_offers_to_bring_it_back(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    site.studio.use(DeleteOrder)(actor=ada.actor, order_id=order.id)
    page = html(ada, f"/orders/{order.id}")
    assert "Restore order" in page
    assert cards(page) == []
    ada.post(f"/api/orders/{order.id}/restore")
    assert len(cards(html(ada, f"/orders/{order.id}"))) == 3


@pytest.mark.req("S0-ORDV-04")
@pytest.mark.parametrize("part", ["", "/cards?ids=x", "/progress", "/log", "/plan/used"])
def test_an_order_of_somebody_else_is_not_there(site: Site, ada: Person, part: str) -> None:
    order = site.finished(ada, "secret.jpg")
    answer = open_page(site.person(), f"/orders/{order.id}{part}")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)


def test_nobody_is_led_to_the_sign_in_and_back(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    answer = site.client.get(f"/orders/{order.id}?show=failed", headers=PAGE)
    assert answer.status_code in (302, 303)
    assert answer.headers["Location"] == f"/sign-in?callbackUrl=%2Forders%2F{order.id}%3Fshow%3Dfailed"


def spiteful_order(site: Site, ada: Person) -> Order:
    order = site.finished(ada, f"{SPITE}.jpg")
    ada.call("PATCH", f"/api/orders/{order.id}", json={"name": SPITE})
    image = site.studio.images(order.id)[0]
    site.studio.use(FlagImages)(actor=ada.actor, order_id=order.id, image_ids=[image.id], note=SPITE)
    site.studio.use(Reprocess)(
        actor=ada.actor, order_id=order.id, items=[Retouch(image_id=image.id, instruction=SPITE)]
    )
    return order


class Tags(HTMLParser):
    """Collects the names of all attributes and the sources of all pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect from one tag."""
        self.found += [name for name, value in attributes if name.startswith("on") or (name, value) == ("src", "x")]


def planted_markup(page: str) -> list[str]:
    tags = Tags()
    tags.feed(page)
    return tags.found


def test_planted_markup_is_found() -> None:
    assert planted_markup(f"<p>{SPITE}</p>") == ["src", "onerror"]


@pytest.mark.parametrize("part", ["", "/cards?ids={image}", "/progress", "/log", "/plan/used"])
def test_names_notes_and_words_are_text_and_never_markup(site: Site, ada: Person, part: str) -> None:
    order = spiteful_order(site, ada)
    image = site.studio.images(order.id)[0]
    page = html(ada, f"/orders/{order.id}{part.format(image=image.id)}")
    assert planted_markup(page) == []
    if part in ("", "/cards?ids={image}"):
        assert cards(page)[0]["name"] == image.original_name


def test_cards_are_fetched_by_id_and_those_of_other_orders_are_not(site: Site, ada: Person) -> None:
    mine, other = site.finished(ada), site.finished(ada)
    wanted = site.studio.images(mine.id)[1].id
    foreign = site.studio.images(other.id)[0].id
    answer = open_page(ada, f"/orders/{mine.id}/cards?ids={wanted},{foreign},nothing")
    assert [c["image-id"] for c in cards(answer.get_data(as_text=True))] == [wanted]
    assert answer.headers["Cache-Control"] == "no-store"
    assert cards(html(ada, f"/orders/{mine.id}/cards")) == []


@pytest.mark.req("S0-EXP-04")
def test_outputs_can_be_switched_and_downloaded_apart(site: Site, ada: Person) -> None:
    order = site.studio.finished(ada.actor, plan=two_outputs())
    page = html(ada, f"/orders/{order.id}?output=web")
    assert {c["outputs"] for c in cards(page)} == {"shop,web"}
    assert page.count("output=web") >= len(cards(page))
    assert "output=shop" not in page
    assert 'data-download="output" data-output="web"' in page
    assert "output=shop" in html(ada, f"/orders/{order.id}?output=nothing")


def test_filters_and_layout_of_the_address_and_the_browser_are_used(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    page = html(ada, f"/orders/{order.id}?show=approved&q=one")
    assert 'data-show="approved" aria-pressed="true"' in page
    assert 'value="one"' in page
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-labelledby="[^"]*" aria-describedby="[^"]*"( hidden)?>', page) == [
        ("one.jpg", " hidden"), ("two.jpg", " hidden"), ("three.jpg", " hidden")
    ]  # fmt: skip
    site.studio.use(ApproveImages)(
        actor=ada.actor, order_id=order.id, image_ids=[i.id for i in site.studio.images(order.id)]
    )
    assert html(ada, f"/orders/{order.id}?show=approved&q=ONE").count(' hidden>\n<div class="picture-box') == 2
    assert 'data-look="grid-m">' in page
    assert 'data-show="all" aria-pressed="true"' in html(ada, f"/orders/{order.id}?show=<b>")
    for cookie, look in (("list", "list"), ("<b>", "grid-m")):
        answer = ada.call("GET", f"/orders/{order.id}", headers={**PAGE, "Cookie": f"gallery={cookie}"})
        assert f'aria-label="Pictures" data-look="{look}"' in answer.get_data(as_text=True)


def test_counts_of_the_filters(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    ids = [i.id for i in site.studio.images(order.id)]
    site.studio.use(ApproveImages)(actor=ada.actor, order_id=order.id, image_ids=ids[:1])
    site.studio.use(FlagImages)(actor=ada.actor, order_id=order.id, image_ids=ids[1:2], note="dust")
    page = html(ada, f"/orders/{order.id}")
    counts = dict(re.findall(r'data-count="([a-z]+)">(\d+)<', page))
    assert counts == {"all": "3", "open": "2", "retouch": "1", "approved": "1", "failed": "0"}
    assert "dust" in page
    assert [c["approved"] for c in cards(page)] == ["1", "", ""]


@pytest.mark.req(
    "S0-LOG-01", "S0-LOG-02", "S0-LOG-03", "S0-LOG-05", "S0-LOG-06", "S0-LOG-07", "S0-LOG-08", "S0-PROC-04", "S0-EXP-07"
)
def test_the_history_tells_everything_that_happened(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    image = site.studio.images(order.id)[0]
    site.studio.use(Reprocess)(
        actor=ada.actor, order_id=order.id, items=[Retouch(image_id=image.id, instruction="no dust")]
    )
    site.studio.work()
    ada.call("GET", f"/api/orders/{order.id}/archive").get_data()
    page = html(ada, f"/orders/{order.id}/log")
    lines: list[tuple[Any, ...]] = re.findall(
        r'<li class="log-entry"[^>]*data-type="([a-z]+)">(.*?)</li>', page, re.DOTALL
    )
    kinds = [kind for kind, _ in lines]
    assert {"upload", "plan", "confirm", "process", "reprocess", "download"} <= set(kinds)
    assert kinds[0] == "download"
    assert "brighter" in page
    made = next(text for kind, text in lines if kind == "reprocess" and "version 2" in text)
    assert f'data-select-image="{image.id}"' in made
    assert re.search(r"no dust</blockquote>", made)
    assert re.search(r"<time .*<span>worker</span><span>fake</span><span>\d+\.\d s</span><span>version 2</span>", made)
    assert 'data-log-type="download"' in page
    assert 'data-log-type="cancel"' not in page


def test_the_plan_that_was_used_is_shown_and_that_of_a_retouch_apart(site: Site, ada: Person) -> None:
    order = site.finished(ada)
    page = html(ada, f"/orders/{order.id}/plan/used")
    assert "Plan of the order" in page
    assert 'data-op="exposure"' in page
    assert "after reprocessing" not in page
    image = site.studio.images(order.id)[0]
    site.studio.use(Reprocess)(
        actor=ada.actor, order_id=order.id, items=[Retouch(image_id=image.id, instruction="no dust")]
    )
    site.studio.work()
    page = html(ada, f"/orders/{order.id}/plan/used")
    assert "after reprocessing" in page
    assert "one.jpg" in page


def test_a_cancelled_order_says_so(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor)
    site.studio.use(CancelOrder)(actor=ada.actor, order_id=started.order.id)
    page = html(ada, f"/orders/{started.order.id}")
    assert 'data-order-status="cancelled"' in page
    assert {c["status"] for c in cards(page)} == {"ready"}
    assert 'data-download="all"' not in page


def test_every_state_has_a_word() -> None:
    assert set(order_views.STATE_WORDS) == set(ImageStatus)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (2_949_000, "2.9 MB"), (12.4e9, "12 GB")]
)
def test_sizes_in_words(count: int, words: str) -> None:
    assert order_views.size_words(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds"),
        (31, "30 seconds"),
        (59, "1 minute"),
        (290, "5 minutes"),
        (3700, "1 hour"),
        (9000, "2.5 hours"),
    ],
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert order_views.span_words(seconds) == words


def test_pages_carry_nothing_that_the_policy_refuses() -> None:
    root = Path(order_views.__file__).parent / "templates"
    ours = [*root.glob("*/order*.jinja"), *root.glob("components/*.jinja")]
    assert [p.name for p in ours if re.search(r'\s(style|on[a-z]+)="', p.read_text(encoding="utf-8"))] == []
