"""What came of an order, in words."""

from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command, order_argument
from adapters.cli.orders.group import order
from adapters.cli.output import plain, print_line
from adapters.cli.session import Session
from core.domain.orders import Order
from core.usecases.summaries.write import ReadSummary, WriteSummary

if TYPE_CHECKING:
    from rich.console import Console


@command(order, "summary", about=ReadSummary)
@order_argument
@click.option("--again", is_flag=True, help="Write it anew, with the language model where one is configured.")
def summary(session: Session, *, order_id: str, again: bool) -> None:
    """Print the summary of an order."""
    use = session.use(WriteSummary) if again else session.use(ReadSummary)
    session.show(summary_document(use(actor=session.actor, order_id=order_id)), _print)


def summary_document(found: Order) -> dict[str, Any]:
    """Describe a summary."""
    return {"order_id": found.id, "summary": found.summary, "by": found.summary_by, "at": found.summary_at}


def _print(console: "Console", document: dict[str, Any]) -> None:
    if not document["summary"]:
        print_line(console, "There is no summary yet: no work on this order has ended.")
        return
    for line in document["summary"].splitlines():
        print_line(console, line)
    if document["at"] is not None:
        print_line(console, f"Written by {document['by']}, {plain(document['at'])}.", style="dim")
