"""``i2i version``."""

import platform
from importlib.metadata import version as installed

from adapters.cli.commands import command
from adapters.cli.output import print_line
from adapters.cli.session import Session


@command(None, "version", about="Print the version.", has_user=False)
def version(session: Session) -> None:
    """Print the version."""
    document = {"i2i": installed("i2i"), "python": platform.python_version()}
    session.show(document, lambda console, d: print_line(console, f"i2i {d['i2i']}, Python {d['python']}"))
