"""Credits: balance, history, prices, quotes, charges, grants."""

from typing import Any

from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.responses import Envelope
from adapters.web.schemas.accounts import (
    BalanceOut,
    Charge,
    Grant,
    HeldOut,
    HistoryLineOut,
    HistoryQuery,
    PricesOut,
    PricesQuery,
    QuoteBody,
)
from adapters.web.schemas.plans import QuoteOut
from adapters.web.security import actor, application
from core.errors import InvalidInputError
from core.kernel.actor import Scope
from core.usecases.accounts.users import GetUser
from core.usecases.credits.move import ChargeCredits, GrantCredits
from core.usecases.credits.prices import ListPrices, QuoteOperations
from core.usecases.credits.read import GetBalance, ListHistory, ListHolds

blueprint = make_blueprint("credits", tag="Credits", about="Balance, prices, and how the balance came about.")


class BalanceAnswer(Envelope[BalanceOut]):
    """A balance, also under the names that older clients know."""

    credits: int
    balance: int


class HistoryAnswer(Envelope[list[HistoryLineOut]]):
    """Movements, newest first."""

    next_cursor: str | None


class HoldsAnswer(Envelope[list[HeldOut]]):
    """What is reserved, the largest sum first."""


class TokensAnswer(BalanceAnswer):
    """A balance with its latest movements."""

    transactions: list[HistoryLineOut]


class PricesAnswer(Envelope[PricesOut]):
    """A price list."""


class QuoteAnswer(Envelope[QuoteOut]):
    """A price."""


def _balance(account: Any) -> dict[str, Any]:
    return {"data": account, "credits": account.available, "balance": account.available}


@blueprint.get("/user/credits")
@blueprint.get("/credits")
@blueprint.output(BalanceAnswer)
@blueprint.doc(**described(scope=Scope.CREDITS_READ))
def get_balance() -> dict[str, Any]:
    """Show the balance."""
    return _balance(application().use(GetBalance)(actor=actor()))


@blueprint.get("/credits/history")
@blueprint.input(HistoryQuery, location="query")
@blueprint.output(HistoryAnswer)
@blueprint.doc(**described(422, scope=Scope.CREDITS_READ))
def list_history(query_data: HistoryQuery) -> dict[str, Any]:
    """Show how the balance came about, and which order each movement paid for."""
    kinds = frozenset({query_data.kind} if query_data.kind else ())
    page = application().use(ListHistory)(
        actor=actor(), kinds=kinds, cursor=query_data.cursor, limit=query_data.limit
    )  # fmt: skip
    return {"data": page.items, "next_cursor": page.next_cursor}


@blueprint.get("/credits/holds")
@blueprint.output(HoldsAnswer)
@blueprint.doc(**described(scope=Scope.CREDITS_READ))
def list_holds() -> dict[str, Any]:
    """Show for which orders credits are reserved now."""
    return {"data": application().use(ListHolds)(actor=actor())}


@blueprint.get("/tokens")
@blueprint.output(TokensAnswer)
@blueprint.doc(**described(scope=Scope.CREDITS_READ))
def get_tokens() -> dict[str, Any]:
    """Show the balance and its latest movements."""
    page = application().use(ListHistory)(actor=actor(), limit=50)
    return {**_balance(application().use(GetBalance)(actor=actor())), "transactions": page.items}


@blueprint.get("/credits/prices")
@blueprint.input(PricesQuery, location="query")
@blueprint.output(PricesAnswer)
@blueprint.doc(**described(404, 422))
def list_prices(query_data: PricesQuery) -> dict[str, Any]:
    """Show the price list of today, or an older one."""
    return {"data": application().use(ListPrices)(version=query_data.version)}


@blueprint.post("/credits/quote")
@blueprint.input(QuoteBody)
@blueprint.output(QuoteAnswer)
@blueprint.doc(**described(422))
def quote_operations(json_data: QuoteBody) -> dict[str, Any]:
    """Price some operations."""
    return {"data": application().use(QuoteOperations)(quantities=json_data.quantities)}


def _required_key() -> str:
    key = idempotency_key()
    if key is None:
        raise InvalidInputError("Send an Idempotency-Key, so that a repeat charges once.", code="key_missing")
    return key


@blueprint.post("/tokens")
@blueprint.post("/credits/charges")
@blueprint.input(Charge)
@blueprint.output(BalanceAnswer)
@blueprint.doc(**described(402, 409, 422, scope=Scope.CREDITS_CHARGE, idempotent="required"))
def charge_credits(json_data: Charge) -> dict[str, Any]:
    """Charge a listed operation to the own account, from a program."""
    charge = application().use(ChargeCredits)
    return _balance(charge(actor=actor(), **json_data.model_dump(), idempotency_key=_required_key()))


@blueprint.put("/tokens")
@blueprint.post("/admin/credits/grants")
@blueprint.input(Grant)
@blueprint.output(BalanceAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ADMIN, idempotent="optional"))
def grant_credits(json_data: Grant) -> dict[str, Any]:
    """Give credits to a user, with a reason."""
    user = application().use(GetUser)(actor=actor(), user=json_data.user)
    grant = application().use(GrantCredits)
    return _balance(
        grant(
            actor=actor(), user_id=user.id, amount=json_data.amount, reason=json_data.reason,
            expires_at=json_data.expires_at, idempotency_key=idempotency_key(),
        )
    )  # fmt: skip
