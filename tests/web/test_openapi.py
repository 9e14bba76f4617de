"""The description of the API is valid, complete and true."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate

from adapters.web.openapi import openapi_document, write_reference
from adapters.web.openapi.markdown import rewritten
from tests.web.browser import Browser
from tests.web.matrix import bare_app, call, routes_of
from tests.web.owner import Owner
from tests.web.rows import ROWS
from tests.web.site import Person, Site

DESCRIBED = re.compile(r"[A-Z]+ /(api/|healthz|readyz|metrics)")
API = {route: row for route, row in ROWS.items() if DESCRIBED.match(route)}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the description."""
    found: dict[str, Any] = bare_app().test_client().get("/api/openapi.json").get_json()
    return found


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Return all operations by method and path."""
    return {f"{m.upper()} {path}": o for path, found in document["paths"].items() for m, o in found.items()}


def in_braces(route: str) -> str:
    """Return a route as the description writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_it_covers_every_route(document: dict[str, Any]) -> None:
    routes = {in_braces(r) for r in routes_of(bare_app()) if DESCRIBED.match(r)}
    assert set(described(document)) == routes


def test_every_operation_is_told_in_full(document: dict[str, Any]) -> None:
    operations = described(document)
    ids = [o["operationId"] for o in operations.values()]
    assert len(ids) == len(set(ids))
    for route, operation in operations.items():
        assert operation["summary"].endswith("."), route
        wanted = API[next(r for r in API if in_braces(r) == route)]
        assert bool(operation.get("security")) is not wanted.is_open, route
        if operation.get("security"):
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), route
            assert {operation["x-scope"]} <= set(wanted.scopes) if "x-scope" in operation else not wanted.scopes, route
        assert ("requestBody" in operation) >= bool(wanted.body or wanted.files), route


def resolved(document: dict[str, Any], part: Any) -> Any:
    """Follow a reference."""
    return document["components"]["responses"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def schema_of(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that can stand alone."""
    return {**schema, "components": document["components"]}


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for route, operation in described(document).items():
        parts = [operation.get("requestBody", {}), *(resolved(document, r) for r in operation["responses"].values())]
        for part in parts:
            content = part.get("content", {}).get("application/json", {})
            if "schema" in content:
                count += 1
                schema = schema_of(document, content["schema"])
                errors = list(jsonschema.Draft202012Validator(schema).iter_errors(content["example"]))
                assert not errors, f"{route}: {errors[0].json_path}: {errors[0].message}"
    assert count > 200


@pytest.mark.parametrize("route", sorted(API))
def test_answers_fit_what_is_described(shared_site: Site, document: dict[str, Any], route: str) -> None:
    row = ROWS[route]
    owner = Owner(shared_site, shared_site.person(), row)
    answer = call(owner, route, caller_of(owner))
    operation = described(document)[in_braces(route)]
    expected = operation["responses"][str(answer.status_code)]
    (media, content) = next(iter(expected["content"].items()))
    assert media in {answer.mimetype, "image/*"}
    if "schema" in content and media == "application/json":
        jsonschema.Draft202012Validator(schema_of(document, content["schema"])).validate(answer.get_json())


def caller_of(owner: Owner) -> Person | Browser:
    """Return somebody who may call a route."""
    if owner.row.is_open or owner.row.is_for_people:
        return Browser(owner.site, None if owner.row.is_open else owner.person.actor)
    return owner.site.admin() if owner.row.is_for_admins else owner.person


class Page(HTMLParser):
    """What matters about a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember tags, anchors and links."""
        values = dict(attrs)
        self.tags.append(tag)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values[n] or "" for n in ("href", "src") if n in values]
        self.styles += [n for n in values if n == "style" or n.startswith("on")]


def test_the_page_shows_every_endpoint_without_a_script(shared_site: Site, document: dict[str, Any]) -> None:
    answer = shared_site.client.get("/api/docs")
    page = Page()
    page.feed(answer.get_data(as_text=True))
    assert not {"script", "style", "iframe", "form"} & set(page.tags)
    assert page.styles == []
    assert len(page.ids) == len(set(page.ids))
    main = [o for o in described(document).values() if "x-alias-of" not in o]
    assert {o["operationId"] for o in main} <= set(page.ids)
    text = answer.get_data(as_text=True)
    assert text.count("<figcaption>Request</figcaption>") == len(main)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        else:
            assert shared_site.client.get(link).status_code in {200, 302}, link


def test_the_page_takes_nothing_from_elsewhere(shared_site: Site) -> None:
    page = Page()
    page.feed(shared_site.client.get("/api/docs").get_data(as_text=True))
    assert all(link.startswith(("/", "#")) for link in page.links)


def test_what_a_browser_sends_is_written_as_text(shared_site: Site) -> None:
    text = shared_site.client.get("/api/docs", base_url="http://x.example/").get_data(as_text=True)
    assert "http://x.example/api/orders" in text
    hostile = shared_site.client.get("/api/docs", headers={"Host": 'x"><script>alert(1)</script>'})
    assert "<script" not in hostile.get_data(as_text=True)


def test_the_written_reference_lists_every_endpoint(project_root: Path) -> None:
    text = (project_root / "docs/reference/api.md").read_text(encoding="utf-8")
    app = bare_app()
    with app.app_context():
        reference = write_reference(openapi_document(), server="")
    assert text == rewritten(text, reference), "run python -m adapters.web.openapi.markdown docs/reference/api.md"
    planted = text.replace("| `POST /api/orders` |", "| `POST /api/order` |")
    assert planted != rewritten(planted, reference)
