"""``i2i audit``: checks of the books."""

from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_facts, print_line
from adapters.cli.session import Session
from core.usecases.credits.read import AuditLedger

if TYPE_CHECKING:
    from rich.console import Console

audit = click.Group("audit", help="Checks of the books.")


@command(audit, "ledger", about=AuditLedger, has_user=False)
def ledger(session: Session) -> int:
    """Audit the ledger; exit with 1 when something is broken."""
    session.prepare()
    report = session.use(AuditLedger)()
    session.show({"is_clean": report.is_clean} | attrs.asdict(report), _print)
    return OK if report.is_clean else UNEXPECTED


def _print(console: "Console", document: dict[str, Any]) -> None:
    names = ("accounts", "entries", "holds", "issued", "available", "held", "consumed", "expired")
    print_facts(console, [(name.capitalize(), document[name]) for name in names])
    for violation in document["violations"]:
        print_line(console, f"{violation['invariant']} {violation['subject']}: {violation['message']}", style="red")
    if document["is_clean"]:
        print_line(console, "Every invariant holds.")
