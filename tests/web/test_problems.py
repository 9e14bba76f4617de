"""Every refusal has one shape, and says nothing that only we should know."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from adapters.system.logging import set_up_logging
from adapters.web import errors
from adapters.web.app import FILES
from core import errors as core_errors
from core.errors import I2IError, LimitReachedError, NotFoundError, ProviderUnavailableError
from core.usecases.queries.orders import ListOrders
from tests.web.matrix import bare_app
from tests.web.site import Person, Site, make_site, problem

SECRET = "postgresql://i2i:hunter2@db/i2i"


def failing(error: Exception) -> Callable[..., Any]:
    """Return a use case's call that fails."""

    def call(*_: Any, **__: Any) -> Any:
        raise error

    return call


@pytest.mark.req("S2-ERR-04")
def test_who_is_not_known(site: Site) -> None:
    answer = site.client.get("/api/orders")
    problem(answer, 401, "key_required")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for secret in ("i2i_wrong", "x" * 10_000, "ключ".encode().decode("latin-1")):
        answer = site.client.get("/api/orders", headers={"X-API-Key": secret})
        problem(answer, 401, "not_authenticated")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/orders/%2e%2e%2fetc", 404, "not_found"),
        ("GET", "/api/orders/..%5c..%5cetc", 404, "not_found"),
        ("GET", "/api/orders/%00", 404, "not_found"),
        ("GET", "/api/recipes/%00", 404, "not_found"),
        ("GET", "/api/orders/x'%20OR%20'1'='1", 404, "not_found"),
        ("GET", f"/api/orders/{'a' * 41}", 404, "not_found"),
        ("GET", "/api/orders/01abc", 404, "not_found"),
        ("DELETE", "/api/orders", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there(ada: Person, method: str, path: str, status: int, code: str) -> None:
    answer = ada.call(method, path)
    problem(answer, status, code)
    if status == 405:
        assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": 5}, "name"),
        ({"naem": "Shoes"}, "naem"),
        ([], "_schema"),
        ({"name": "a\x00b"}, "_schema"),
        ({"name": "\ud800"}, "_schema"),
        ({"instruction": None}, "instruction"),
    ],
)
def test_fields_that_do_not_fit_are_named(ada: Person, body: Any, field: str) -> None:
    found = problem(ada.call("POST", "/api/orders", json=body), 422, "invalid_input")
    assert list(found["details"]["fields"]) == [field]


def test_all_wrong_fields_are_named_at_once(ada: Person) -> None:
    found = problem(ada.call("GET", "/api/orders?limit=x&status=gone"), 422, "invalid_input")
    assert set(found["details"]["fields"]) == {"limit", "status"}


@pytest.mark.parametrize(
    "body", [b"{", b"nope", b'{"name": ' + b"[" * 100_000, b"\xff\xfe", b'{"a": 1' + b"0" * 5000 + b"}"]
)
def test_bodies_that_are_no_json(ada: Person, body: bytes) -> None:
    problem(ada.call("POST", "/api/orders", data=body, content_type="application/json"), 400, "bad_request")


def test_a_body_that_is_too_large(ada: Person) -> None:
    answer = ada.call("POST", "/api/orders", json={"instruction": "x" * 2_000_001})
    assert problem(answer, 413, "too_large")["details"] == {"max_bytes": 2_000_000}


def test_a_large_form_is_taken_only_where_files_are_expected(ada: Person) -> None:
    problem(ada.upload("/api/orders", {"a.jpg": b"x" * 2_000_001}), 413, "too_large")


def test_every_view_that_takes_files_takes_large_bodies() -> None:
    app = bare_app()
    taking = {e for e, view in app.view_functions.items() if "x-files" in (_spec(view).get("extensions") or {})}
    assert taking == FILES


def _spec(view: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(view, "_spec", {})
    return found


@pytest.mark.req("S2-ERR-04")
def test_a_service_that_is_down(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ListOrders, "__call__", failing(ProviderUnavailableError("The database does not answer.")))
    answer = ada.call("GET", "/api/orders")
    problem(answer, 503, "provider_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server logs, in a text of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logging(format="json", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_fault_of_ours_is_told_without_its_cause(
    ada: Person, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    monkeypatch.setattr(ListOrders, "__call__", failing(RuntimeError(SECRET)))
    answer = ada.call("GET", "/api/orders")
    found = problem(answer, 500, "internal_error")
    assert SECRET not in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    assert found["requestId"] in log.getvalue()


def test_every_error_of_the_core_has_a_status() -> None:
    kinds = [k for k in vars(core_errors).values() if isinstance(k, type) and issubclass(k, I2IError)]
    without = [
        k.__name__ for k in kinds if k is not I2IError and not any(issubclass(k, known) for known, _ in errors.STATUS)
    ]
    assert without == []
    statuses = [status for _, status in errors.STATUS]
    assert errors.status_of(NotFoundError("x")) == 404
    assert set(statuses) >= {401, 402, 403, 404, 409, 413, 415, 422, 429, 502, 503}


def test_only_limits_that_pass_are_429() -> None:
    assert errors.status_of(LimitReachedError("Later.", retry_after=5)) == 429
    assert errors.status_of(LimitReachedError("Full.")) == 409


def test_a_key_in_the_address_is_not_taken(site: Site, ada: Person) -> None:
    assert site.client.get(f"/api/orders?key={ada.secret}").status_code == 401


def test_keys_and_addresses_do_not_reach_the_log(tmp_path: Path, log: io.StringIO) -> None:
    ada = make_site(tmp_path).person()
    ada.get(f"/api/orders?q={ada.secret}")
    written = log.getvalue()
    assert '"/api/orders"' in written
    assert ada.secret not in written
