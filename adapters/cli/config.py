"""``i2i config``: the settings."""

from typing import TYPE_CHECKING, Any

import attrs

from adapters.cli.commands import command
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from adapters.settings import unknown_variables

if TYPE_CHECKING:
    from rich.console import Console

ABOUT = "Print every setting with its value and where it came from; secrets are masked."


@command(None, "config", about=ABOUT, has_user=False)
def config(session: Session) -> None:
    """Print the settings."""
    document = {
        "settings": [attrs.asdict(s) for s in session.settings.describe()],
        "unknown_variables": list(unknown_variables(session.surroundings.environ)),
    }
    session.show(document, _print)


def _print(console: "Console", document: dict[str, Any]) -> None:
    rows = [
        (s["name"], s["value"], "" if s["source"] == "default" else s["source"], s["variable"], s["description"])
        for s in document["settings"]
    ]
    print_table(console, ("Setting", "Value", "From", "Variable", "Meaning"), rows)
    for name in document["unknown_variables"]:
        print_line(console, f"{name} is set and is no setting.", style="yellow")
