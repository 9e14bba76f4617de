"""Users, keys and credits from the command line."""

from collections.abc import Callable
from typing import Any

import pytest

from core.usecases.accounts.api_keys import hash_secret

Ask = Callable[..., Any]


def test_users_from_creation_to_suspension(answer: Ask) -> None:
    made = answer("user", "create", "Anna@Example.org", "Anna", "--role", "designer")
    assert (made["email"], made["roles"]) == ("anna@example.org", ["customer", "designer"])
    assert answer("user", "create", "anna@example.org", "Anna", code=7)["error"]["code"] == "email_taken"
    assert [u["email"] for u in answer("user", "list")["users"]] == ["operator@localhost", "anna@example.org"]
    assert answer("user", "roles", "anna@example.org", "admin")["roles"] == ["admin", "customer"]
    assert answer("user", "roles", "anna@example.org")["roles"] == ["customer"]
    assert answer("user", "suspend", "anna@example.org")["status"] == "suspended"
    assert answer("user", "reactivate", "anna@example.org")["status"] == "active"
    assert answer("user", "quota", "anna@example.org", "1000")["quota_bytes"] == 1000
    assert answer("user", "show", "anna@example.org")["quota_bytes"] == 1000
    assert answer("user", "show", "nobody@example.org", code=5)["error"]["code"] == "not_found"


def test_the_last_administrator_stays(answer: Ask) -> None:
    assert answer("user", "suspend", "operator@localhost", code=7)["error"]["code"] == "last_admin"


def test_a_key_is_shown_once_and_revoked_at_once(answer: Ask) -> None:
    made = answer("apikey", "create", "robot", "--scope", "orders:read", "--scope", "credits:read", "--days", "30")
    assert made["secret"].startswith(made["prefix"])
    (listed,) = answer("apikey", "list")["keys"]
    assert listed == {k: v for k, v in made.items() if k != "secret"}
    assert hash_secret(made["secret"]) not in str(listed)
    assert answer("apikey", "revoke", made["id"])["revoked_at"] is not None


@pytest.mark.req("S1-CRED-04")
@pytest.mark.req("S1-CRED-05")
def test_credits_come_in_and_are_spent_once_per_key(answer: Ask) -> None:
    answer("user", "create", "anna@example.org", "Anna")
    anna = ("--user", "anna@example.org")
    assert answer("credits", "balance", *anna)["available"] == 50, "the welcome grant"
    for _ in range(2):
        granted = answer("credits", "grant", "anna@example.org", "7", "--reason", "goodwill", "--key", "g1")
    assert granted["available"] == 57
    for _ in range(2):
        charged = answer("credits", "charge", "studio_edit", "5", "--key", "c1", "--as", "anna@example.org")
    assert charged["available"] == 52
    page = answer("credits", "history", *anna, "--limit", "2")
    assert [(x["kind"], x["amount"]) for x in page["lines"]] == [("capture", -5), ("grant", 7)]
    rest = answer("credits", "history", *anna, "--cursor", page["next_cursor"])
    assert [x["reason"] for x in rest["lines"]] == ["Welcome"]
    assert answer("audit", "ledger")["is_clean"]


def test_a_damaged_ledger_is_seen(answer: Ask, environ: dict[str, str]) -> None:
    import sqlite3
    from pathlib import Path

    answer("user", "create", "anna@example.org", "Anna")
    with sqlite3.connect(Path(environ["I2I_HOME"]) / "i2i.db") as connection:
        connection.execute("UPDATE credit_account SET posted = posted + 1 WHERE posted > 0")
    report = answer("audit", "ledger", code=1)
    assert {"I2", "I7"} <= {v["invariant"] for v in report["violations"]}


def test_passwords_are_set_shown_once_and_end_sessions(answer: Ask, run: Ask) -> None:
    answer("user", "create", "anna@example.org", "Anna")
    made = answer("user", "password", "anna@example.org")
    assert (made["email"], made["ended_sessions"]) == ("anna@example.org", 0)
    assert len(made["password"]) == 24
    given = answer("user", "password", "anna@example.org", "--password", "Blue-Kettle-42")
    assert given["password"] is None
    assert run("user", "password", "anna@example.org", "--stdin", input="Green-Kettle-43\n").exit_code == 0
    weak = answer("user", "password", "anna@example.org", "--password", "short", code=2)
    assert weak["error"]["code"] == "weak_password"
    assert answer("user", "password", "nobody@example.org", code=5)["error"]["code"] == "not_found"


def test_sessions_are_shown_and_ended(answer: Ask) -> None:
    answer("user", "create", "anna@example.org", "Anna")
    assert answer("user", "sessions", "anna@example.org") == {"sessions": [], "ended": None}
    assert answer("user", "sessions", "anna@example.org", "--end") == {"sessions": [], "ended": 0}
