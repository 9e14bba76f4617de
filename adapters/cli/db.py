"""``i2i db``: the database."""

import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_facts, print_line
from adapters.cli.session import Session
from adapters.settings import show_url
from adapters.system.home import prepare_home

db = click.Group("db", help="The database: bring it up to date, see its version and place.")


@command(db, "upgrade", about="Bring the database up to date; create it when there is none.", has_user=False)
def upgrade(session: Session) -> None:
    """Upgrade the database."""
    from adapters.storage.sql import migrations

    prepare_home(session.settings.home)
    url = session.settings.database_url
    before = migrations.current(url)
    has_changed = migrations.upgrade(url)
    document = {"changed": has_changed, "before": before, "version": migrations.current(url)}
    words = "The database is at version {version} now." if has_changed else "The database is up to date ({version})."
    session.show(document, lambda console, d: print_line(console, words.format(**d)))


@command(db, "current", about="Tell the database's version; exit with 1 when it is not the newest.", has_user=False)
def current(session: Session) -> int:
    """Tell the version."""
    from adapters.storage.sql import migrations

    version = migrations.current(session.settings.database_url)
    document = {"version": version, "needed": migrations.HEAD, "is_current": version == migrations.HEAD}
    facts = [("Version", version or "none"), ("Needed", migrations.HEAD)]
    session.show(document, lambda console, _: print_facts(console, facts))
    return OK if document["is_current"] else UNEXPECTED


@command(db, "path", about="Tell where the database is; a password is masked.", has_user=False)
def path(session: Session) -> None:
    """Tell the place."""
    shown = show_url(session.settings.database_url)
    session.show({"url": shown, "home": str(session.settings.home)}, lambda console, d: print_line(console, d["url"]))
