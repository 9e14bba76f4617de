"""``i2i prices``: price lists and quotes."""

from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command
from adapters.cli.options import QUANTITIES
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from adapters.cli.views.plans import print_quote, quote_document
from core.domain.credits.prices import PriceList
from core.errors import InvalidInputError
from core.usecases.credits.prices import ListPrices, QuoteOperations

if TYPE_CHECKING:
    from rich.console import Console

prices = click.Group("prices", help="Price lists and quotes.")


def _document(found: PriceList) -> dict[str, Any]:
    return {
        "version": found.version,
        "valid_from": found.valid_from,
        "credits": dict(found.credits),
        "source": found.source,
    }


@command(prices, "show", about=ListPrices, has_user=False)
@click.argument("version", required=False)
def show(session: Session, *, version: str | None) -> None:
    """Show a price list."""
    session.show(_document(session.use(ListPrices)(version=version)), _print)


def _print(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, f"Price list {document['version']}, valid from {document['valid_from']:%Y-%m-%d}", style="bold")
    print_table(console, ("Operation", ">Credits"), document["credits"].items())
    print_line(console, document["source"])


@command(prices, "list", about="List all price lists, oldest first.", has_user=False)
def show_list(session: Session) -> None:
    """List price lists."""
    session.show({"prices": [_document(p) for p in session.app.prices.list()]}, _print_list)


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    rows = [(p["version"], f"{p['valid_from']:%Y-%m-%d}", len(p["credits"])) for p in document["prices"]]
    print_table(console, ("Price list", "Valid from", ">Operations"), rows)


@command(prices, "quote", about=QuoteOperations, has_user=False)
@click.argument("quantities", nargs=-1, required=True, type=QUANTITIES, metavar="OPERATION=NUMBER…")
def quote(session: Session, *, quantities: tuple[tuple[str, str], ...]) -> None:
    """Price operations."""
    wanted: dict[str, int] = {}
    for operation, number in quantities:
        if not number.isdecimal() or len(number) > 9:
            raise InvalidInputError(f"{number!r} is not a whole number.", code="invalid_quantity")
        wanted[operation] = wanted.get(operation, 0) + int(number)
    session.show(quote_document(session.use(QuoteOperations)(quantities=wanted)), print_quote)
