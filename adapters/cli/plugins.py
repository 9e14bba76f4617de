"""``i2i plugins``: what is installed, and what could not be loaded."""

from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session

if TYPE_CHECKING:
    from rich.console import Console

plugins = click.Group("plugins", help="Installed plugins, and those that could not be loaded.")


@command(
    plugins,
    "list",
    about="List installed plugins with what they offer; exit with 1 when one is broken.",
    has_user=False,
)
def show_list(session: Session) -> int:
    """List plugins."""
    reports = session.app.plugins.reports
    session.show({"plugins": [attrs.asdict(r) for r in reports]}, _print)
    return UNEXPECTED if any(r.error for r in reports) else OK


def _print(console: "Console", document: dict[str, Any]) -> None:
    rows = [
        (p["name"], f"{p['distribution']} {p['version']}", p["state"], ", ".join(p["offers"]), p["error"])
        for p in document["plugins"]
    ]
    print_table(console, ("Plugin", "Package", "State", "Offers", "Error"), rows)
    for plugin in document["plugins"]:
        if plugin["trace"]:
            print_line(console, f"{plugin['name']}:\n{plugin['trace']}")
