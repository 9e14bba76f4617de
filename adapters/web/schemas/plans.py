"""Schemas of plans, recipes and previews."""

import datetime as dt
from typing import Any

from pydantic import Field

from adapters.web.responses import Body, Number, View
from adapters.web.schemas.images import AddedOut, FlagOut
from adapters.web.schemas.orders import OrderOut
from adapters.web.schemas.understanding import ReadingOut


class PlanBody(Body):
    """An edited plan; ``revision`` is the one that was edited, and another current one refuses the change."""

    plan: dict[str, Any] = Field(examples=[{"steps": [{"op": "background.remove"}]}])
    revision: Number | None = None


class Answers(Body):
    """Answers to the questions of a plan: question key -> option key."""

    answers: dict[str, str] = Field(min_length=1, max_length=100, examples=[{"white": "pure"}])
    revision: Number | None = None


class Confirmation(Body):
    """The plan that the customer saw."""

    revision: Number | None = None


class PreviewBody(Body):
    """The picture to preview, with the current plan or an edited one."""

    image_id: str
    plan: dict[str, Any] | None = None


class SubmitBody(Body):
    """A ready plan or the name of a recipe; with neither, the planner reads the instruction."""

    plan: dict[str, Any] | None = None
    recipe: str | None = Field(default=None, max_length=80, examples=["Web shop"])


class QuoteLineOut(View):
    """One operation of a quote."""

    operation: str
    quantity: int
    unit_price: int
    total: int


class QuoteOut(View):
    """What work will cost."""

    price_version: str
    lines: list[QuoteLineOut]
    total: int


class ProposalOut(View):
    """A plan with its exact price; ``available`` is null for an unmetered account."""

    order_id: str
    revision: int
    origin: str = Field(examples=["planner"])
    plan: dict[str, Any]
    reading: ReadingOut = Field(description="The plan in plain words, with the places of the words behind it.")
    quote: QuoteOut
    images: int
    available: int | None
    is_affordable: bool
    created_at: dt.datetime


class PreviewFileOut(View):
    """One rendered preview; it is shown at ``url`` for a day."""

    output: str
    format: str
    width: int
    height: int
    url: str


class PreviewOut(View):
    """What one picture will look like, small."""

    files: list[PreviewFileOut]
    flags: list[FlagOut]
    confidence: float | None
    left: int


class RecipeCreate(Body):
    """A plan to save: that of an order, or a given one."""

    name: str = Field(max_length=80, examples=["Web shop"])
    order_id: str | None = None
    plan: dict[str, Any] | None = None


class BatchOut(View):
    """An order that was uploaded in one go; with open questions or without ``autoConfirm`` it awaits confirmation."""

    order: OrderOut
    added: AddedOut
    proposal: ProposalOut | None


class RecipeOut(View):
    """A saved plan."""

    id: str
    name: str
    plan: dict[str, Any]
    created_at: dt.datetime
