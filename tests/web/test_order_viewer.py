"""The parts of the large view: what they say about a picture, and what they keep from others."""

import datetime as dt
from html import unescape

import pytest
from werkzeug.test import TestResponse

from adapters.web import picture_views
from core.domain.compliance import Measurements, check
from core.domain.editing.plan import EditPlan, Step
from core.domain.images import VersionFlag
from core.domain.orders import Order
from core.errors import InvalidInputError
from core.ports.image_engine import Flag, Severity
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages
from core.usecases.queries.pictures import LookAtPicture, ReviewOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from tests.web.site import Person, Site

SPITE = "<img src=x onerror=alert(1)>\"'&"
SMALL = Flag(
    code="fill_not_reached", message="The subject fills 72 % instead of 85 %.", severity=Severity.REVIEW, measured=72.0,
    limit=85.0,
)  # fmt: skip
PARTS = ("viewer", "film", "reprocess", "images/{image}/details", "images/{image}/view?version=1")


@pytest.fixture
def site(site: Site) -> Site:
    """Spare the tests a build of the front end."""
    site.app.jinja_env.globals["asset_url"] = lambda source: f"/static/dist/{source}"
    return site


def open_part(person: Person, order: Order, part: str) -> TestResponse:
    return person.call("GET", f"/orders/{order.id}/{part}", headers={"Accept": "text/html", "HX-Request": "true"})


def html(person: Person, order: Order, part: str) -> str:
    answer = open_part(person, order, part)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def words(text: str) -> str:
    """Return a part without its runs of white space."""
    return " ".join(unescape(text).split())


def retouch(site: Site, person: Person, order: Order, instruction: str, *, base: int | None = None) -> None:
    (image, *_) = site.studio.images(order.id)
    items = [Retouch(image_id=image.id, instruction=instruction, base_version=base)]
    site.studio.use(Reprocess)(actor=person.actor, order_id=order.id, items=items)
    site.studio.work()


def flagged_order(site: Site, person: Person) -> Order:
    """Return a finished order whose picture the check put on the retouch list."""
    started = site.studio.confirmed(person.actor, "one.jpg")
    site.studio.engine.flags[site.studio.content(started.order.id, 1)] = (SMALL,)
    site.studio.work()
    return site.studio.order(started.order.id)


def test_a_flag_comes_with_its_figure_and_the_limit(site: Site, ada: Person) -> None:
    order = flagged_order(site, ada)
    (image,) = site.studio.images(order.id)
    text = html(ada, order, f"images/{image.id}/details")
    assert "The subject is too small" in text
    assert "The subject fills 72 % instead of 85 %." in text
    assert "Measured <strong>72 %</strong>" in text
    assert "Asked <strong>85 %</strong>" in text


@pytest.mark.parametrize(
    ("code", "measured", "limit", "shown"),
    [
        ("not_enlarged", 800, 2000, ("800 px", "2,000 px")),
        ("max_bytes_unreachable", 1_400_000, 900_000, ("1.4 MB", "900 kB")),
        ("uncertain_mask", 0.558, None, ("55.8 %", "")), ("letters_missing", None, None, ("", "")),
        ("something_new", 3.14159, 4, ("3.14", "4")),
    ],
)  # fmt: skip
def test_figures_have_their_units(
    code: str, measured: float | None, limit: float | None, shown: tuple[str, str]
) -> None:
    flag = VersionFlag(code=code, message="So it is.", severity="review", measured=measured, limit=limit)
    found = picture_views.flag_words(flag)
    assert (found.measured, found.limit) == shown


def test_a_share_that_is_not_the_whole_never_looks_like_it() -> None:
    assert [picture_views.figure(value, "share") for value in (0.9999, 1.0, 0.849)] == ["99.9 %", "100 %", "84.9 %"]


def test_each_rule_says_what_was_found_and_what_it_asks(site: Site) -> None:
    profile = site.studio.app.profiles.get("amazon-main")
    measured = Measurements(width=800, height=800, format="jpeg", background_white_share=0.93)
    report = check(profile, measured, on=dt.date(2026, 11, 21))
    stored = {
        "title": report.title, "version": report.version.isoformat(), "verdict": report.verdict.value,
        "unverified": report.unverified,
        "results": [{"status": r.status.value, "message": r.message} for r in report.results],
    }  # fmt: skip
    shown = picture_views.report_words(stored, "main")
    assert (shown.verdict, shown.tone) == ("Not compliant", "bad")
    white = next(c for c in shown.having("fail") if "white" in c.found)
    assert white.found.startswith("Pure white share of the background 93 %")
    assert white.asked.startswith("at least")
    assert sum(len(shown.having(s)) for s in {c.status for c in shown.checks}) == len(report.results)


@pytest.mark.req("S0-LOG-02", "S0-LOG-05", "S0-LOG-08")
def test_versions_tell_what_changed_when_and_for_how_much(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    site.studio.planner.lines["black ground"] = EditPlan(steps=(Step(op="exposure", params={"ev": -1.0}),))
    retouch(site, ada, order, "black ground")
    retouch(site, ada, order, "black ground", base=0)
    (image,) = site.studio.images(order.id)
    text = words(html(ada, order, f"images/{image.id}/details"))
    assert (
        text.index("Version 3") < text.index("Version 2") < text.index("Version 1") < text.index("As it was uploaded")
    )
    assert "black ground" in text
    assert "from the original" in text
    assert "3 credits" in text
    assert "0.5" in text.partition("Version 2")[2].partition("Version 1")[0]
    older = words(html(ada, order, f"images/{image.id}/details?version=1"))
    assert "Version 1 of 3" in older.replace("</span>", "")


def test_a_failure_says_why_and_offers_another_try(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor, "one.jpg")
    site.studio.fail(started.order.id, 1, InvalidInputError("It is damaged.", code="damaged"))
    site.studio.work()
    (image,) = site.studio.images(started.order.id)
    text = html(ada, started.order, f"images/{image.id}/details")
    assert "It is damaged." in text
    assert 'data-do="try-again"' in text


def test_a_flag_of_the_check_is_no_review_and_one_of_a_person_is(site: Site, ada: Person) -> None:
    order = flagged_order(site, ada)
    ids = [i.id for i in site.studio.images(order.id)]

    def reviewed() -> bool:
        (one,) = site.studio.use(ReviewOrder)(actor=ada.actor, order_id=order.id).images
        view = site.studio.use(LookAtPicture)(actor=ada.actor, order_id=order.id, image_id=ids[0])
        assert one.is_reviewed == view.is_reviewed
        return one.is_reviewed

    assert site.studio.states(order.id) == ["needs_retouch"]
    assert not reviewed()
    site.studio.use(FlagImages)(actor=ada.actor, order_id=order.id, image_ids=ids, note="dust")
    assert site.studio.images(order.id)[0].note == "dust"
    assert reviewed()
    site.studio.use(ReopenImages)(actor=ada.actor, order_id=order.id, image_ids=ids)
    assert not reviewed()
    site.studio.use(ApproveImages)(actor=ada.actor, order_id=order.id, image_ids=ids)
    assert reviewed()
    retouch(site, ada, order, "brighter")
    assert not reviewed()
    assert "data-reviewed" not in html(ada, order, "film")


def test_looking_at_a_file_sends_it_whole_and_is_no_download(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg")
    (image,) = site.studio.images(order.id)
    before = len(ada.get(f"/api/orders/{order.id}/log")["data"])
    original = open_part(ada, order, f"images/{image.id}/view?version=0")
    assert original.get_data() == site.studio.content(order.id, 1)
    assert "immutable" in original.headers["Cache-Control"]
    result = open_part(ada, order, f"images/{image.id}/view?version=1")
    assert result.get_data() != original.get_data()
    assert result.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in result.headers["Content-Security-Policy"]
    assert len(ada.get(f"/api/orders/{order.id}/log")["data"]) == before
    for part in ("view?version=9", "view?version=1&output=none", "details?version=9", "details?version=1&output=none"):
        assert open_part(ada, order, f"images/{image.id}/{part}").status_code == 404


@pytest.mark.req("S0-REPR-04", "S0-REPR-07")
def test_work_once_more_takes_words_and_a_version_of_the_log_and_no_document(site: Site, ada: Person) -> None:
    order = site.finished(ada, "one.jpg", "two.jpg")
    retouch(site, ada, order, "softer shadow")
    one, two = site.studio.images(order.id)
    text = html(ada, order, f"reprocess?ids={one.id}")
    assert words(text).count("<option") == 3
    assert "Newest: version 2" in text
    assert '<option value="1">Version 1</option>' in text
    assert '<option value="0">Original</option>' in text
    assert 'type="file"' not in text
    assert 'data-per-image="3"' in text
    both = html(ada, order, "reprocess")
    assert "Work again on 2 pictures" in both
    assert both.count("<textarea") == 3
    site.studio.use(Reprocess)(actor=ada.actor, order_id=order.id, items=[Retouch(image_id=two.id)])
    left = html(ada, order, "reprocess")
    assert "is being worked on" in words(left).replace("being worked on and left out", "being worked on")
    assert f'data-image-id="{two.id}"' not in left


def test_names_notes_and_instructions_stay_text(site: Site, ada: Person) -> None:
    order = site.finished(ada, f"{SPITE}.jpg")
    retouch(site, ada, order, SPITE)
    (image,) = site.studio.images(order.id)
    site.studio.use(FlagImages)(actor=ada.actor, order_id=order.id, image_ids=[image.id], note=SPITE)
    for part in ("viewer", "film", "reprocess", f"images/{image.id}/details"):
        text = html(ada, order, part)
        assert "<img src=x" not in text
        assert "onerror=alert(1)" in unescape(text)
        assert " style=" not in text
        assert " onclick=" not in text


def test_what_escapes_is_seen_by_the_test_above(site: Site, ada: Person) -> None:
    planted = site.app.jinja_env.from_string("{{ name | safe }}").render(name=SPITE)
    assert "<img src=x" in planted


@pytest.mark.req("S0-ORDV-04")
@pytest.mark.parametrize("part", PARTS)
def test_nobody_else_sees_it(site: Site, ada: Person, part: str) -> None:
    order = site.finished(ada, "one.jpg")
    path = part.format(image=site.studio.images(order.id)[0].id)
    assert open_part(ada, order, path).status_code == 200
    assert open_part(site.person(), order, path).status_code == 404
    nobody = site.client.get(f"/orders/{order.id}/{path}", headers={"Accept": "text/html"})
    assert nobody.headers["Location"].startswith("/sign-in?callbackUrl=")


@pytest.mark.parametrize("part", ["details", "view"])
def test_a_picture_of_another_order_is_not_in_this_one(site: Site, ada: Person, part: str) -> None:
    order, other = site.finished(ada, "one.jpg"), site.finished(ada, "two.jpg")
    assert open_part(ada, order, f"images/{site.studio.images(other.id)[0].id}/{part}").status_code == 404
