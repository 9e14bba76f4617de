"""The table of exit codes, and how errors are told."""

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from adapters.cli.errors import EXIT_CODES, exit_code
from adapters.cli.main import Root
from core import errors
from tests.cli.conftest import ROOT, Run

TABLE = {
    "InvalidInputError": 2, "WrongPasswordError": 2, "TooLargeError": 2, "UnsupportedTypeError": 2,
    "NotFoundError": 5, "NotAllowedError": 6,
    "NotAuthenticatedError": 6, "ConflictError": 7, "InvalidTransitionError": 7, "QuestionsOpenError": 4,
    "InsufficientCreditsError": 8, "LimitReachedError": 9, "ProviderError": 10, "ProviderUnavailableError": 10,
    "ProviderRejectedError": 10, "CredentialsError": 10, "I2IError": 1,
}  # fmt: skip


def make(kind: type[errors.I2IError]) -> errors.I2IError:
    if issubclass(kind, errors.InsufficientCreditsError):
        return kind(available=1, required=2)
    return kind("A sentence.")


def test_every_error_of_the_core_has_its_code() -> None:
    kinds = {n: k for n, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, errors.I2IError)}
    assert {name: exit_code(make(kind)) for name, kind in kinds.items()} == TABLE


def test_a_branch_stands_before_its_trunk() -> None:
    kinds = [kind for kind, _ in EXIT_CODES]
    assert not [(a, b) for i, a in enumerate(kinds) for b in kinds[i + 1 :] if issubclass(b, a)]


def test_the_page_tells_the_same_codes() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert told == {0, 1, 2, 3, 4, 130} | {code for _, code in EXIT_CODES}


def root(error: BaseException) -> Root:
    group = Root("i2i", lazy={})

    @group.command("fail")
    @click.option("--json", is_flag=True)
    def fail(**_: Any) -> None:
        raise error

    return group


@pytest.mark.parametrize(("name", "code"), TABLE.items())
def test_an_error_is_one_sentence_with_its_code_and_no_traceback(name: str, code: int) -> None:
    error = make(getattr(errors, name))
    result = CliRunner().invoke(root(error), ["fail"])
    assert result.exit_code == code
    assert result.stdout == ""
    if code != 1:
        assert result.stderr == f"Error: {error.message} [{error.code}]\n"


def test_json_tells_the_error_as_the_one_document() -> None:
    error = errors.LimitReachedError("Too much.", details={"max": 3})
    result = CliRunner().invoke(root(error), ["fail", "--json"])
    assert result.exit_code == 9
    assert json.loads(result.stdout) == {
        "error": {"code": "limit_reached", "message": "Too much.", "details": {"max": 3}}
    }


def test_what_nobody_expected_shows_where_it_happened() -> None:
    result = CliRunner().invoke(root(RuntimeError("boom")), ["fail", "--json"])
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert json.loads(result.stdout)["error"]["code"] == "unexpected"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_ends_with_130(error: BaseException) -> None:
    result = CliRunner().invoke(root(error), ["fail"])
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr


def test_wrong_command_lines_end_with_2(run: Run) -> None:
    for words in (["nonsense"], ["order", "nonsense"], ["order", "show"], ["order", "list", "--limit", "x"]):
        result = run(*words)
        assert result.exit_code == 2, words
        assert "Usage:" in result.stderr


def test_an_outdated_database_names_the_way_out(run: Run, environ: dict[str, str]) -> None:
    import sqlite3

    assert run("db", "upgrade").exit_code == 0
    with sqlite3.connect(Path(environ["I2I_HOME"]) / "i2i.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    result = run("order", "list")
    assert result.exit_code == 7
    assert "i2i db upgrade" in result.stderr
    assert run("db", "current").exit_code == 1


def test_settings_that_cannot_be_read_are_told_as_such(environ: dict[str, str], answer: Callable[..., Any]) -> None:
    environ["I2I_WORKERS"] = "many"
    assert answer("order", "list", code=2)["error"]["code"] == "invalid_setting"
    document = answer("doctor", code=1)
    assert document["is_healthy"] is False
    assert document["checks"][0]["code"] == "invalid_setting"
