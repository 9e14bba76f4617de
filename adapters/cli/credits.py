"""``i2i credits``: balances and how they came about."""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.options import paging
from adapters.cli.output import print_facts, print_line, print_table
from adapters.cli.session import Session
from core.domain.credits.ledger import CreditAccount, TxKind
from core.usecases.accounts.users import GetUser
from core.usecases.credits.move import ChargeCredits, GrantCredits
from core.usecases.credits.read import GetBalance, ListHistory, ListHolds

if TYPE_CHECKING:
    from rich.console import Console

credits = click.Group("credits", help="Balances and how they came about.")  # noqa: A001 - the name of the command
user_option = click.option("--user", metavar="EMAIL", help="Another user's account (administrators).")


def _user_id(session: Session, user: str | None) -> str | None:
    return session.use(GetUser)(actor=session.actor, user=user).id if user is not None else None


def _document(account: CreditAccount) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "user_id": account.owner_id,
        "available": account.available,
        "held": account.held,
        "posted": account.posted,
        "is_unmetered": account.is_unmetered,
    }


def _print(console: "Console", document: dict[str, Any]) -> None:
    limit = "unmetered" if document["is_unmetered"] else ""
    print_facts(console, [("Available", document["available"]), ("Reserved", document["held"]), ("Account", limit)])


@command(credits, "balance", about=GetBalance)
@user_option
def balance(session: Session, *, user: str | None) -> None:
    """Show a balance."""
    session.show(_document(session.use(GetBalance)(actor=session.actor, user_id=_user_id(session, user))), _print)


@command(credits, "history", about=ListHistory)
@user_option
@click.option("--kind", "kinds", multiple=True, type=click.Choice([k.value for k in TxKind]),
              help="Only such movements (repeatable).")  # fmt: skip
@paging
def history(session: Session, *, user: str | None, kinds: tuple[str, ...], cursor: str | None, limit: int) -> None:
    """Show movements."""
    user_id, wanted = _user_id(session, user), frozenset(map(TxKind, kinds))
    read = partial(session.use(ListHistory), actor=session.actor, user_id=user_id, kinds=wanted, limit=limit)
    page = read(cursor=cursor)
    while page.next_cursor and not page.items:  # of chosen kinds, so many are looked at at a time
        page = read(cursor=page.next_cursor)
    session.show({"lines": [attrs.asdict(x) for x in page.items], "next_cursor": page.next_cursor}, _print_history)


def _print_history(console: "Console", document: dict[str, Any]) -> None:
    rows = [
        (
            f"{x['at']:%Y-%m-%d %H:%M}",
            x["kind"],
            f"{x['amount']:+d}",
            x["balance_after"],
            x["order_name"] or "",
            x["reason"],
            x["actor"],
        )
        for x in document["lines"]
    ]
    print_table(console, ("Time", "What", ">Credits", ">Balance", "Order", "Why", "Who"), rows)
    if document["next_cursor"]:
        print_line(console, f"More: --cursor {document['next_cursor']}")


@command(credits, "holds", about=ListHolds)
@user_option
def holds(session: Session, *, user: str | None) -> None:
    """Show reservations."""
    found = session.use(ListHolds)(actor=session.actor, user_id=_user_id(session, user))
    session.show({"holds": [attrs.asdict(h) for h in found]}, _print_holds)


def _print_holds(console: "Console", document: dict[str, Any]) -> None:
    rows = [(h["order_id"], h["order_name"], h["amount"]) for h in document["holds"]]
    print_table(console, ("Order", "Name", ">Reserved"), rows)


@command(credits, "grant", about=GrantCredits)
@click.argument("user", metavar="EMAIL")
@click.argument("amount", type=int)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is written to the history.")
@click.option("--days", type=click.IntRange(1, 36500), help="The credits expire after so many days.")
@click.option("--key", metavar="TEXT", help="The same key grants once.")
def grant(session: Session, *, user: str, amount: int, reason: str, days: int | None, key: str | None) -> None:
    """Grant credits."""
    user_id = session.use(GetUser)(actor=session.actor, user=user).id
    expires_at = session.app.clock.now() + dt.timedelta(days=days) if days is not None else None
    account = session.use(GrantCredits)(
        actor=session.actor, user_id=user_id, amount=amount, reason=reason, expires_at=expires_at, idempotency_key=key
    )
    session.show(_document(account), _print)


@command(credits, "charge", about=ChargeCredits)
@click.argument("operation")
@click.argument("quantity", type=int, default=1)
@click.option("--key", required=True, metavar="TEXT", help="The same key charges once.")
def charge(session: Session, *, operation: str, quantity: int, key: str) -> None:
    """Charge listed operations."""
    account = session.use(ChargeCredits)(
        actor=session.actor, operation=operation, quantity=quantity, idempotency_key=key
    )
    session.show(_document(account), _print)
