"""``i2i audit``: checks of the books and of the sums."""

from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_facts, print_line
from adapters.cli.session import Session
from core.usecases.credits.read import AuditLedger
from core.usecases.queries.orders import AuditOrders

if TYPE_CHECKING:
    from rich.console import Console

audit = click.Group("audit", help="Checks of the books and of the sums.")


@command(audit, "ledger", about=AuditLedger, has_user=False)
def ledger(session: Session) -> int:
    """Audit the ledger; exit with 1 when something is broken."""
    session.prepare()
    report = session.use(AuditLedger)()
    session.show({"is_clean": report.is_clean} | attrs.asdict(report), _print)
    return OK if report.is_clean else UNEXPECTED


@command(audit, "orders", about=AuditOrders, has_user=False)
def orders(session: Session) -> int:
    """Audit the sums over orders; exit with 1 when one is wrong."""
    session.prepare()
    found = session.use(AuditOrders)()
    session.show({"is_clean": not found, "differences": [attrs.asdict(d) for d in found]}, _print_differences)
    return UNEXPECTED if found else OK


def _print_differences(console: "Console", document: dict[str, Any]) -> None:
    for difference in document["differences"]:
        kept, counted = difference["kept"], difference["counted"]
        wrong = "; ".join(
            f"{name} {kept[name]}, counted {counted[name]}" for name in kept if kept[name] != counted[name]
        )
        print_line(console, f"{difference['user_id']} {difference['status'].value}: {wrong}", style="red")
    if document["is_clean"]:
        print_line(console, "Every sum is what a count gives.")


def _print(console: "Console", document: dict[str, Any]) -> None:
    names = ("accounts", "entries", "holds", "issued", "available", "held", "consumed", "expired")
    print_facts(console, [(name.capitalize(), document[name]) for name in names])
    for violation in document["violations"]:
        print_line(console, f"{violation['invariant']} {violation['subject']}: {violation['message']}", style="red")
    if document["is_clean"]:
        print_line(console, "Every invariant holds.")
