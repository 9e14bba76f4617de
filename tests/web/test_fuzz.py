"""Whatever is sent, nothing breaks: every answer is described, and none is a fault of ours."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.matrix import bare_app, call, routes_of
from tests.web.owner import Owner
from tests.web.rows import ROWS
from tests.web.site import Site

WORDS = (
    "plan", "steps", "op", "params", "imageIds", "imageId", "items", "name", "revision", "answers", "amount", "user",
    "quantities", "scopes", "reason", "version", "instruction", "baseVersion", "orderId", "format", "outputs", "scope",
    "questions", "email", "roles", "operation", "quantity", "expiresAt", "recipe", "note", "brief",
)  # fmt: skip
OPERATIONS = st.sampled_from(["background.remove", "export", "canvas", "exposure", "resize", "overlay.text", "check"])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | OPERATIONS
    | st.sampled_from(["2026-11-21T10:00:00Z", "0001-01-01T00:00:00+14:00", "\x00", "\ud800", "orders:read", "admin"])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)
BODIES = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6) | VALUES
WRITES = [r for r in routes_of(bare_app()) if " /api/" in r and not r.startswith("GET") and not ROWS[r].files]
QUERIES = [r for r in routes_of(bare_app()) if r.startswith("GET /api")]
NAMES = st.sampled_from(
    ["limit", "cursor", "after", "version", "output", "which", "images", "outputs", "since", "until", "q", "status"]
)
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.req("S4-SEC-10")
@pytest.mark.parametrize("route", WRITES)
def test_bodies(shared_site: Site, route: str) -> None:
    row = ROWS[route]
    owner = Owner(shared_site, shared_site.person(), row)
    caller = shared_site.admin() if row.is_for_admins else owner.person

    @QUICK
    @given(BODIES)
    def send(body: Any) -> None:
        answer = call(owner, route, caller, body=json.dumps(body))
        assert answer.status_code < 500, answer.get_data(as_text=True)
        assert answer.get_json() is not None or answer.mimetype == "application/zip"

    send()


@pytest.mark.parametrize("route", QUERIES)
def test_queries(shared_site: Site, route: str) -> None:
    row = ROWS[route]
    owner = Owner(shared_site, shared_site.person(), row)
    caller = shared_site.admin() if row.is_for_admins else owner.person

    @QUICK
    @given(
        st.dictionaries(
            NAMES,
            st.text(max_size=12, alphabet=st.characters(exclude_categories=["Cs"])) | st.integers().map(str),
            max_size=4,
        )
    )
    def send(query: dict[str, str]) -> None:
        answer = call(owner, route, caller, query=query)
        assert answer.status_code < 500, answer.get_data(as_text=True)

    send()


@QUICK
@given(st.text(max_size=40, alphabet=st.characters(exclude_categories=["Cs"])))
def test_addresses(shared_site: Site, text: str) -> None:
    ada = shared_site.admin()
    for path in ("/api/orders/{}", "/api/recipes/{}", "/api/profiles/{}", "/static/{}", "/{}"):
        assert ada.call("GET", path.format(quote(text, safe="/"))).status_code < 500
