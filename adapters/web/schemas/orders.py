"""Schemas of orders."""

import datetime as dt
from typing import Any, Self

from pydantic import AliasChoices, Field, ModelWrapValidatorHandler, model_validator

from adapters.web.addresses import cover_url
from adapters.web.responses import Body, Moment, Number, View
from adapters.web.schemas.images import ImageOut, VersionOut
from core.domain.action_log import LogType
from core.domain.orders import Order, OrderStatus
from core.domain.runs import RunKind, RunState
from core.ports.repositories.orders import OrderSort


class OrderCreate(Body):
    """A new order; without a name it is named after the moment."""

    name: str = Field(default="", description="Named after the moment when left out.", examples=["Spring shoot"])
    instruction: str = Field(
        default="",
        description="What should be done, in plain words; up to 8000 characters.",
        examples=["White background, 2000x2000 JPEG, soft shadow"],
    )


class OrderChange(Body):
    """What may be changed of an order; fields that are left out stay."""

    name: str | None = Field(default=None, examples=["Spring shoot, second day"])
    instruction: str | None = Field(default=None, examples=["Pure white background, 2000x2000 JPEG"])
    brief: str | None = Field(default=None, description="Text of the brief; empty removes it.", examples=[""])


class OrderQuery(Body):
    """Which orders to list."""

    q: str = Field(default="", max_length=120, description="Part of the name.")
    status: OrderStatus | None = Field(default=None, description="Without it, all but those in the bin.")
    since: Moment | None = Field(default=None, description="Created at or after this moment.")
    until: Moment | None = Field(default=None, description="Created at or before this moment.")
    sort: OrderSort = Field(default=OrderSort.NEWEST, description="A minus sign puts the largest first.")
    cursor: str | None = Field(default=None, max_length=2000, description="From the previous page, of the same sort.")
    limit: int = Field(default=20, description="1 to 100.")


class OrderOut(View):
    """An order; ``phase`` is its status in the three older words processing, completed and failed."""

    id: str
    name: str
    status: OrderStatus
    phase: str = Field(examples=["processing"])
    instruction: str
    brief_name: str
    plan_revision: int = Field(description="0 before the first plan.")
    quoted: int = Field(description="Credits of the latest quote.")
    image_count: int
    total_bytes: int
    summary: str
    created_at: dt.datetime
    updated_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None
    deleted_at: dt.datetime | None


class BriefOut(View):
    """A document that was read, and the order that it belongs to now."""

    order: OrderOut
    name: str
    text: str
    format: str = Field(description="pdf, docx, doc or text, told by the content.")
    pages: int | None = Field(description="Pages of a PDF, else null.")
    page_starts: list[int] = Field(description="Where each page begins in the text; empty without pages.")
    notes: list[str] = Field(description="Sentences on what could not be read.")


class OrderListItem(OrderOut):
    """An order in a list."""

    size: int = Field(
        validation_alias=AliasChoices("size", "total_bytes"), description="Bytes of its pictures, under an older name."
    )
    thumbnail_url: str | None = Field(default=None, description="Its first picture, 320 px; null without pictures.")

    @model_validator(mode="wrap")
    @classmethod
    def add_addresses(cls, order: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        """Add where the first picture is shown."""
        view = build(order)
        if isinstance(order, Order):
            view.thumbnail_url = cover_url(order)
        return view


class RunOut(View):
    """One execution of a plan."""

    id: str
    kind: RunKind
    state: RunState
    price_version: str
    open_items: int
    done_items: int
    failed_items: int
    created_at: dt.datetime
    finished_at: dt.datetime | None


class OrderDetail(View):
    """An order with its pictures, newest versions (by picture id) and runs."""

    order: OrderOut
    images: list[ImageOut]
    versions: dict[str, VersionOut]
    runs: list[RunOut]


class ProgressOut(View):
    """Where the work on an order stands."""

    order: OrderOut
    images: list[ImageOut]
    total: int
    finished: int
    failed: int
    busy: int
    percent: int = Field(description="0 to 100, of pictures that have ended.")


class StartedOut(View):
    """A run that was confirmed, and the credits it reserved."""

    order: OrderOut
    run: RunOut
    held: int


class TotalsOut(View):
    """Sums over all orders that are not in the bin."""

    orders: int
    images: int
    bytes: int
    images_processed: int = Field(description="Pictures whose work has ended, with a result or without.")
    images_in_process: int = Field(description="Pictures that wait for work or are being worked on.")
    images_completed: int
    images_failed: int
    credits_used: int = Field(description="Spent so far, on orders that are gone too.")
    deleted: int = Field(description="Orders in the bin.")
    by_status: dict[OrderStatus, int]


class LogEntryOut(View):
    """One line of the action log."""

    id: str
    type: LogType
    message: str
    at: dt.datetime
    actor: str
    image_id: str | None
    run_id: str | None
    version: int | None
    prompt: str
    model: str
    duration_ms: int | None


class EventOut(View):
    """One event of the live feed."""

    sequence: int
    name: str = Field(examples=["ImageProcessed"])
    at: dt.datetime
    data: dict[str, Any]


class EventQuery(Body):
    """Where to resume."""

    after: Number = Field(default=0, description="Sequence number of the last event that was seen.")


class StreamQuery(Body):
    """Where to resume, and how the events are written."""

    after: Number | None = Field(
        default=None,
        description="Sequence number of the last event seen, 0 for all; Last-Event-ID goes first.",
    )
    unnamed: bool = Field(
        default=False, description="Leave out the lines with event names, so that `onmessage` hears every event."
    )


class Retouching(Body):
    """What should happen to one picture."""

    image_id: str
    instruction: str = Field(default="", examples=["Remove the dust in the corner"])
    base_version: Number | None = Field(default=None, description="The newest when left out; 0 is the original.")


class RunCreate(Body):
    """Pictures to work on again."""

    items: list[Retouching] = Field(min_length=1, max_length=100)


class RetouchBody(Body):
    """What should happen to one picture."""

    instruction: str = Field(default="", examples=["A little brighter"])
    base_version: Number | None = Field(default=None, description="The newest when left out; 0 is the original.")
