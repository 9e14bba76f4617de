"""Pictures shown small."""

import html
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from adapters.web.addresses import thumbnail_url
from tests.web.site import BOUNDLESS, Person, Site, make_site, problem


@pytest.fixture
def image(site: Site, ada: Person) -> str:
    """Return the address of a finished picture."""
    order = site.finished(ada, "one.jpg")
    return f"/api/orders/{order.id}/images/{site.studio.images(order.id)[0].id}"


def test_a_thumbnail_is_shown_in_the_page_and_nothing_in_it_can_run(ada: Person, image: str) -> None:
    answer = ada.call("GET", f"{image}/thumbnail?size=1024&version=1")
    assert (answer.status_code, answer.mimetype, answer.content_length) == (200, "image/webp", len(answer.data))
    assert answer.data.endswith(b":1024")
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_an_address_with_a_version_is_kept_for_ever_and_one_without_is_asked_again(ada: Person, image: str) -> None:
    fixed, newest = (ada.call("GET", f"{image}/thumbnail{query}") for query in ("?version=1", ""))
    assert fixed.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert newest.headers["Cache-Control"] == "private, no-cache"
    assert newest.headers["ETag"] == fixed.headers["ETag"]
    assert not fixed.headers["ETag"].startswith("W/")
    again = ada.call("GET", f"{image}/thumbnail", headers={"If-None-Match": newest.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_sizes_and_versions_have_tags_of_their_own(ada: Person, image: str) -> None:
    queries = ("size=320&version=0", "size=320&version=1", "size=1024&version=1")
    tags = {ada.call("GET", f"{image}/thumbnail?{query}").headers["ETag"] for query in queries}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("size=321", 422, "invalid_size"),
        ("size=big", 422, "invalid_input"),
        ("version=9", 404, "not_found"),
        ("version=1&output=banner", 404, "not_found"),
    ],
)
def test_what_is_not_offered(ada: Person, image: str, query: str, status: int, code: str) -> None:
    problem(ada.call("GET", f"{image}/thumbnail?{query}"), status, code)


def test_every_picture_names_its_thumbnail(site: Site, ada: Person, image: str) -> None:
    shown = ada.get(image.partition("/images")[0])["data"]["images"][0]["thumbnailUrl"]
    assert urlsplit(shown).path == f"{image}/thumbnail"
    assert parse_qs(urlsplit(shown).query) == {"size": ["320"], "version": ["1"]}
    assert ada.call("GET", shown).status_code == 200
    order_id, image_id = image.split("/")[3], image.split("/")[5]
    (found,) = [i for i in site.studio.images(order_id) if i.id == image_id]
    template = site.app.jinja_env.from_string("{{ thumbnail_url(image, 2048, version=0) }}")
    address = html.unescape(template.render(image=found))
    assert address == thumbnail_url(found, 2048, 0) == f"{image}/thumbnail?size=2048&version=0"


def test_a_page_of_a_hundred_pictures_can_be_loaded_again_and_again(tmp_path: Path) -> None:
    rates = attrs.evolve(BOUNDLESS, reads=10, writes=5, pictures=120, review=30)
    site = make_site(tmp_path, rates=rates)
    ada = site.person()
    order = site.finished(ada, "one.jpg")
    (found,) = site.studio.images(order.id)
    for _ in range(120):
        assert ada.call("GET", thumbnail_url(found)).status_code == 200
    problem(ada.call("GET", thumbnail_url(found)), 429, "too_many_requests")
    ada.get("/api/orders")
    for _ in range(15):
        ada.post(f"/api/orders/{order.id}/images/{found.id}/approve", {})
        ada.post(f"/api/orders/{order.id}/images/{found.id}/reopen")
    answer = ada.call("POST", f"/api/orders/{order.id}/images/{found.id}/approve", json={})
    assert problem(answer, 429, "too_many_requests")["details"]["kind"] == "review"


def test_typing_does_not_use_up_what_saving_needs(tmp_path: Path) -> None:
    ada = make_site(tmp_path, rates=attrs.evolve(BOUNDLESS, writes=1, typing=5)).person()
    for _ in range(5):
        ada.post("/api/plans/understand", {"instruction": "White background"})
    problem(ada.call("POST", "/api/plans/understand", json={"instruction": "x"}), 429, "too_many_requests")
    ada.post("/api/orders", {})


def test_thumbnails_are_files_of_the_store(site: Site, ada: Person, image: str) -> None:
    ada.call("GET", f"{image}/thumbnail?version=0")
    (key,) = site.studio.contents("thumbnails/")
    assert key.endswith("-320.webp")
    assert [edge for _, edge in site.studio.engine.thumbnails] == [320]
