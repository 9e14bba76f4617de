"""``i2i doctor`` says what works, and what does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.diagnosis.checks import CHECKS, intruders
from core.errors import ProviderUnavailableError
from tests.cli.conftest import Run

Ask = Callable[..., Any]


def states(document: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["state"] for check in document["checks"]}


def test_a_fresh_installation_is_healthy(answer: Ask, run: Run) -> None:
    document = answer("doctor")
    assert document["is_healthy"] is True
    assert states(document) == dict.fromkeys(CHECKS, "ok")
    assert "Everything works." in run("doctor").stdout


class _Broken:
    """Stands for any port that fails whatever is asked of it."""

    name = "broken"

    def __getattr__(self, name: str) -> Any:
        raise ProviderUnavailableError(f"Nobody answers {name}.")

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(("port", "check"), [("engine", "engine"), ("blobs", "store"), ("prices", "catalogues")])
def test_what_is_broken_is_named(answer: Ask, broken: Callable[..., None], port: str, check: str) -> None:
    broken(**{port: _Broken()})
    document = answer("doctor", code=1)
    assert [name for name, state in states(document).items() if state == "broken"] == [check]
    assert "Nobody answers" in next(c["detail"] for c in document["checks"] if c["name"] == check)


def test_a_key_that_others_may_read_is_found(answer: Ask, environ: dict[str, str]) -> None:
    answer("doctor")
    (Path(environ["I2I_HOME"]) / "secret.key").chmod(0o644)
    assert states(answer("doctor", code=1))["home"] == "broken"


def test_a_broker_that_is_away_is_found(answer: Ask, environ: dict[str, str]) -> None:
    environ |= {"I2I_BROKER": "redis", "I2I_REDIS_URL": "redis://:geheim@127.0.0.1:1/0"}
    document = answer("doctor", code=1)
    assert states(document)["broker"] == "broken"
    assert "geheim" not in str(document)


def test_a_slip_of_the_keyboard_is_a_warning(answer: Ask, environ: dict[str, str]) -> None:
    environ["I2I_WORKRES"] = "2"
    document = answer("doctor")
    assert states(document)["settings"] == "warning"


def test_another_owner_of_our_package_names_is_seen() -> None:
    assert intruders({"core": ["i2i", "some-framework"], "plugins": ["i2i"]}) == {"core": ["some-framework"]}
