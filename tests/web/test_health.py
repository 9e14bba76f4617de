"""Whether an installation is well, and its figures."""

from pathlib import Path

import pytest

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.storage.sql import migrations
from adapters.web.app import create_app
from core.errors import ProviderUnavailableError
from tests.web.site import Person, Site, problem
from tests.web.test_plans import on_disk


def test_a_process_that_runs(site: Site) -> None:
    assert site.client.get("/healthz").get_json() == {"status": "ok"}
    assert site.client.get("/readyz").get_json()["status"] == "ok"


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    with Application(Settings(home=tmp_path)) as application:
        client = create_app(application).test_client()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["status"]) == (503, "unavailable")
        assert answer.get_json()["checks"]["database"] != "ok"
        migrations.upgrade(application.settings.database_url)
        assert client.get("/readyz").status_code == 200


def test_a_broker_that_is_away_is_not_ready(tmp_path: Path) -> None:
    with Application(
        Settings(home=tmp_path, broker="redis", redis_url="redis://:hunter2@127.0.0.1:1/0")
    ) as application:
        migrations.upgrade(application.settings.database_url)
        answer = create_app(application).test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json()["checks"] == {
            "database": "ok", "store": "ok", "broker": "The broker cannot be reached.",
        }  # fmt: skip


def test_a_store_that_fails_is_named_without_its_secrets(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise RuntimeError("key hunter2 was refused")

    monkeypatch.setattr(type(site.studio.blobs), "exists", fail)
    answer = site.client.get("/readyz")
    assert answer.status_code == 503
    assert "hunter2" not in answer.get_data(as_text=True)

    def away(*_: object) -> bool:
        raise ProviderUnavailableError("The store does not answer.")

    monkeypatch.setattr(type(site.studio.blobs), "exists", away)
    assert site.client.get("/readyz").get_json()["checks"]["store"] == "The store does not answer."


def test_figures_count_requests_orders_pictures_and_credits(tmp_path: Path) -> None:
    site = on_disk(tmp_path)
    ada = site.person()
    site.studio.finished(ada.actor, "one.jpg", "two.jpg")
    site.studio.confirmed(ada.actor, "three.jpg")
    ada.get("/api/orders")
    ada.call("GET", "/api/orders/unknown")
    site.client.open("/nothing", method="BREW")
    lines = site.client.get("/metrics").get_data(as_text=True).splitlines()
    assert 'i2i_http_requests_total{method="GET",route="/api/orders",status="200"} 1.0' in lines
    assert 'i2i_http_requests_total{method="GET",route="/api/orders/<id:order_id>",status="404"} 1.0' in lines
    assert 'i2i_http_requests_total{method="other",route="unknown",status="404"} 1.0' in lines
    assert 'i2i_orders{status="completed"} 1.0' in lines
    assert 'i2i_orders{status="processing"} 1.0' in lines
    assert 'i2i_items{state="done"} 2.0' in lines
    assert "i2i_queue_depth 1.0" in lines
    assert 'i2i_credits{part="posted"} 94.0' in lines
    assert 'i2i_credits{part="held"} 3.0' in lines
    site.studio.app.database.close()


def test_figures_are_for_this_machine_and_administrators(site: Site, ada: Person) -> None:
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    problem(site.client.get("/metrics", **away), 401, "key_required")
    problem(site.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}), 401, "key_required")
    problem(ada.call("GET", "/metrics", **away), 403, "admin_only")
    assert site.admin().call("GET", "/metrics", **away).status_code == 200
