"""Schemas of users, keys and credits."""

import datetime as dt

from pydantic import Field

from adapters.web.responses import Body, Moment, View
from core.domain.accounts import UserStatus
from core.domain.credits.ledger import TxKind
from core.kernel.actor import Role, Scope


class UserOut(View):
    """A user."""

    id: str
    email: str
    name: str
    roles: list[Role]
    status: UserStatus
    is_unmetered: bool
    created_at: dt.datetime


class UserCreate(Body):
    """A new user."""

    email: str = Field(max_length=254, examples=["ada@example.com"])
    name: str = Field(max_length=50, examples=["Ada Lovelace"])
    roles: list[Role] = Field(default=[Role.CUSTOMER], max_length=4)


class ApiKeyCreate(Body):
    """A new key."""

    name: str = Field(max_length=50, examples=["Nightly import"])
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    expires_at: Moment | None = None


class ApiKeyOut(View):
    """A key without its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    last_used_at: dt.datetime | None


class NewApiKeyOut(ApiKeyOut):
    """A key with its secret, which is shown this once."""

    secret: str


class BalanceOut(View):
    """A balance; ``available`` is what can still be reserved."""

    posted: int
    held: int
    available: int
    is_unmetered: bool


class HistoryLineOut(View):
    """One movement of credits."""

    seq: int
    at: dt.datetime
    kind: str
    amount: int
    balance_after: int
    reason: str
    actor: str
    ref_type: str
    ref_id: str
    order_id: str | None = Field(description="The order that it paid for, if any.")
    order_name: str | None


class HeldOut(View):
    """Credits that are reserved for the work on an order."""

    order_id: str
    order_name: str
    amount: int


class PageQuery(Body):
    """Which page."""

    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=20, description="1 to 100.")


class HistoryQuery(PageQuery):
    """Which movements."""

    kind: TxKind | None = Field(default=None, description="Only such; a page may then be short and yet not the last.")


class PricesOut(View):
    """A price list."""

    version: str
    valid_from: dt.date
    credits: dict[str, int]
    source: str


class PricesQuery(Body):
    """Which price list; today's when none is named."""

    version: str | None = Field(default=None, max_length=40)


class QuoteBody(Body):
    """Operations and how many of each."""

    quantities: dict[str, int] = Field(min_length=1, max_length=100, examples=[{"studio_edit": 30}])


class Charge(Body):
    """An operation to charge to the own account."""

    operation: str = Field(max_length=80, examples=["raster_generation"])
    quantity: int = 1


class Grant(Body):
    """Credits for a user, with the reason."""

    user: str = Field(max_length=254, description="E-mail or id.", examples=["ada@example.com"])
    amount: int = Field(examples=[50])
    reason: str = Field(max_length=500, examples=["Goodwill"])
    expires_at: Moment | None = None
