"""``i2i apikey``: keys for programs."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from core.domain.accounts import ApiKey
from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey, ListApiKeys, RevokeApiKey

if TYPE_CHECKING:
    from rich.console import Console

apikey = click.Group("apikey", help="Keys for programs.")
SCOPE = click.Choice([s.value for s in Scope])


def _document(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "user_id": key.user_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(scope.value for scope in key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }


@command(apikey, "create", about=CreateApiKey)
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=SCOPE, help="What it may do (repeatable).")
@click.option("--days", type=click.IntRange(1, 36500), help="It stops working after so many days.")
@click.option("--user", default="me", metavar="EMAIL", show_default="the operator", help="Whose key it is.")
def create(session: Session, *, name: str, scopes: tuple[str, ...], days: int | None, user: str) -> None:
    """Create a key."""
    expires_at = session.app.clock.now() + dt.timedelta(days=days) if days is not None else None
    made = session.use(CreateApiKey)(
        actor=session.actor, name=name, scopes=[Scope(s) for s in scopes], user=user, expires_at=expires_at
    )
    session.show(_document(made.key) | {"secret": made.secret}, _print_new)


def _print_new(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, document["secret"])
    print_line(console, f"Key {document['name']} ({document['id']}). The secret is shown this once.")


@command(apikey, "list", about=ListApiKeys)
@click.option("--user", default="me", metavar="EMAIL", show_default="the operator", help="Whose keys.")
def show_list(session: Session, *, user: str) -> None:
    """List keys."""
    found = session.use(ListApiKeys)(actor=session.actor, user=user)
    session.show({"keys": [_document(k) for k in found]}, _print_list)


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    def day(moment: dt.datetime | None) -> str:
        return f"{moment:%Y-%m-%d}" if moment is not None else ""

    rows = [
        (k["id"], k["name"], f"{k['prefix']}…", ", ".join(k["scopes"]), day(k["expires_at"]), day(k["last_used_at"]),
         "revoked" if k["revoked_at"] else "")
        for k in document["keys"]
    ]  # fmt: skip
    print_table(console, ("Id", "Name", "Key", "Scopes", "Expires", "Last used", ""), rows)


@command(apikey, "revoke", about=RevokeApiKey)
@click.argument("key_id", metavar="KEY")
def revoke(session: Session, *, key_id: str) -> None:
    """Revoke a key."""
    revoked = session.use(RevokeApiKey)(actor=session.actor, key_id=key_id)
    session.show(_document(revoked), lambda console, d: print_line(console, f"{d['name']} ({d['id']}) is revoked."))
