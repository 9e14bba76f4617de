"""What can be looked up without an order: operations, prices, profiles, plugins, settings, versions."""

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapters.storage.sql import migrations
from core.domain.editing.catalogue import OPERATIONS
from plugins.metadata import PluginReport, PluginState
from tests.cli.conftest import Run

Ask = Callable[..., Any]


def test_every_operation_is_listed_with_its_parameters(answer: Ask, run: Run) -> None:
    listed = answer("plan", "operations")["operations"]
    assert [o["key"] for o in listed] == list(OPERATIONS)
    (canvas,) = answer("plan", "operations", "canvas")["operations"]
    assert {"width", "height"} <= {p["name"] for p in canvas["parameters"]}
    assert "width" in run("plan", "operations", "canvas").stdout
    assert answer("plan", "operations", "conjure", code=2)["error"]["code"] == "unknown_operation"


def test_the_schema_describes_every_operation(answer: Ask) -> None:
    assert [o["properties"]["op"]["const"] for o in answer("plan", "schema")["oneOf"]] == list(OPERATIONS)


def test_prices_and_quotes(answer: Ask, run: Run) -> None:
    current = answer("prices", "show")
    assert answer("prices", "show", current["version"]) == current
    assert current in answer("prices", "list")["prices"]
    quote = answer("prices", "quote", "studio_edit=3", "background_removal=2")
    assert quote["total"] == 3 * current["credits"]["studio_edit"] + 2 * current["credits"]["background_removal"]
    assert answer("prices", "quote", "studio_edit=many", code=2)["error"]["code"] == "invalid_quantity"
    assert answer("prices", "quote", "conjuring=1", code=2)["error"]["code"] == "invalid_operation"
    assert f"Price: {quote['total']} credits" in run("prices", "quote", "studio_edit=3", "background_removal=2").stdout


def test_profiles(answer: Ask, run: Run) -> None:
    listed = answer("profile", "list")["profiles"]
    assert "amazon_main" in [p["id"] for p in listed]
    shown = answer("profile", "show", "Amazon main")
    assert shown["id"] == "amazon_main"
    assert all(rule["sentence"] and rule["source"] for rule in shown["rules"])
    assert answer("profile", "show", "amazn", code=5)["error"]["code"] == "profile_not_found"
    assert "amazon_main" in run("profile", "list").stdout


def test_settings_are_printed_with_their_source_and_without_secrets(
    answer: Ask, environ: dict[str, str], run: Run
) -> None:
    environ |= {"I2I_DATABASE_URL": "postgresql://anna:geheim@db.example/i2i", "I2I_WORKERZ": "3"}
    document = answer("config")
    setting = next(s for s in document["settings"] if s["name"] == "database_url")
    assert setting["source"] == "I2I_DATABASE_URL"
    assert document["unknown_variables"] == ["I2I_WORKERZ"]
    for text in (run("config").output, run("db", "path").output):
        assert "geheim" not in text
        assert "anna" in text


def test_versions(answer: Ask, run: Run) -> None:
    document = answer("version")
    assert document["python"] == platform.python_version()
    assert run("--version").stdout == f"i2i {document['i2i']}\n"


def test_the_database_is_made_once(answer: Ask, environ: dict[str, str]) -> None:
    assert answer("db", "current", code=1) == {"version": None, "needed": migrations.HEAD, "is_current": False}
    assert not Path(environ["I2I_HOME"]).exists()
    assert answer("db", "upgrade")["changed"] is True
    assert answer("db", "upgrade")["changed"] is False
    assert answer("db", "current")["is_current"] is True
    assert Path(environ["I2I_HOME"]).stat().st_mode & 0o077 == 0


class _Plugins:
    """A manager that found a plugin which could not be loaded."""

    reports = (
        PluginReport(
            name="dam_broken", distribution="agency-dam", version="1", target="agency.dam", state=PluginState.FAILED,
            error="No module named 'agency'", trace="Traceback (most recent call last): …",
        ),
    )  # fmt: skip


def test_a_broken_plugin_is_named_with_its_error(answer: Ask, broken: Callable[..., None], run: Run) -> None:
    loaded = answer("plugins", "list")["plugins"]
    assert {p["state"] for p in loaded} == {"loaded"}
    broken(plugins=_Plugins())
    (listed,) = answer("plugins", "list", code=1)["plugins"]
    assert (listed["name"], listed["error"]) == ("dam_broken", "No module named 'agency'")
    assert "agency-dam" in run("plugins", "list").stdout
    check = next(c for c in answer("doctor", code=1)["checks"] if c["name"] == "plugins")
    assert check["state"] == "broken"
    assert "No module named 'agency'" in check["detail"]
