"""``i2i profile``: marketplace profiles."""

from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.output import print_facts, print_line, print_table
from adapters.cli.session import Session
from core.domain.compliance import MarketplaceProfile, requirement

if TYPE_CHECKING:
    from rich.console import Console

profile = click.Group("profile", help="Marketplace profiles: the rules that pictures are checked against.")


def _brief(found: MarketplaceProfile) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "operator": found.operator,
        "version": found.version,
        "checked_on": found.checked_on,
        "effective_from": found.effective_from,
        "aliases": list(found.aliases),
        "is_unverified": found.is_unverified,
        "rules": len(found.rules),
    }


def _full(found: MarketplaceProfile) -> dict[str, Any]:
    return _brief(found) | {
        "note": found.note,
        "preset": found.preset.as_mapping(),
        "rules": [attrs.asdict(rule) | {"sentence": requirement(rule)} for rule in found.rules],
    }


@command(profile, "list", about="List the marketplace profiles.", has_user=False)
def show_list(session: Session) -> None:
    """List profiles."""
    session.show({"profiles": [_brief(p) for p in session.app.profiles.list()]}, _print_list)


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    rows = [(p["id"], p["title"], f"{p['version']:%Y-%m-%d}", p["rules"], "yes" if p["is_unverified"] else "")
            for p in document["profiles"]]  # fmt: skip
    print_table(console, ("Profile", "Title", "Version", ">Rules", "Partly unverified"), rows)


@command(profile, "show", about="Show the rules of a profile with their sources.", has_user=False)
@click.argument("name")
def show(session: Session, *, name: str) -> None:
    """Show a profile."""
    session.show(_full(session.app.profiles.get(name)), _print)


def _print(console: "Console", document: dict[str, Any]) -> None:
    print_facts(
        console,
        [
            ("Profile", document["id"]),
            ("Title", document["title"]),
            ("Operator", document["operator"]),
            ("Version", f"{document['version']:%Y-%m-%d}"),
            ("Also called", ", ".join(document["aliases"])),
            ("Asks for", ", ".join(f"{k}={v}" for k, v in document["preset"].items())),
            ("Note", document["note"]),
        ],
    )
    rows = [(r["id"], r["severity"], r["sentence"], r["source"], r["trust"]) for r in document["rules"]]
    print_table(console, ("Rule", "Weight", "What it asks for", "Source", "Trust"), rows)
    print_line(console, "Trust: O operator, D developer page, S second hand, S? disputed, U unverified, H ours.")
