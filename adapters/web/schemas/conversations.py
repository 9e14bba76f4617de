"""Schemas of conversations with the assistant, and of summaries."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from adapters.web.responses import Body, View
from adapters.web.schemas.plans import ProposalOut
from core.domain.conversations import MAX_TEXT
from core.domain.orders import MAX_INSTRUCTION

OWN_PICTURE = "/api/orders/01kb3qvd6e0x5w8h2m4n7p9rst/images/01kb3qvd6e0x5w8h2m4n7p9rsv/file"
MESSAGE = Field(max_length=MAX_TEXT, examples=["Make the background light grey instead"])


class TurnBody(Body):
    """An earlier turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TEXT)


class ChatBody(Body):
    """A message; with ``orderId`` it is about that order, and its stored conversation takes the place of the history.

    With ``stream`` the answer comes as server-sent events.
    """

    message: str = MESSAGE
    conversation_history: list[TurnBody] = Field(default=[], max_length=50)
    order_id: str | None = None
    stream: bool = False


class MessageBody(Body):
    """A message about an order; with ``stream`` the answer comes as server-sent events."""

    message: str = MESSAGE
    stream: bool = False


class ProcessBody(Body):
    """Own pictures, by id or by address in this installation, and what should be done with them."""

    image_urls: list[str] = Field(min_length=1, max_length=100, examples=[[OWN_PICTURE]])
    instruction: str = Field(max_length=MAX_INSTRUCTION, examples=["White background, 2000x2000 JPEG"])


class SummarizeBody(Body):
    """The order to sum up."""

    order_id: str


class RemarkOut(View):
    """A remark beside the answer."""

    kind: Literal["text"]
    text: str


class StepLineOut(View):
    """A step in words; ``credits`` is what it costs per picture beyond the edit itself."""

    sentence: str
    pictures: str
    credits: int
    output: str | None


class ExplanationOut(View):
    """What a plan does, and what it costs."""

    kind: Literal["explanation"]
    revision: int
    steps: list[StepLineOut]
    kept: list[str]
    left_out: list[str]
    images: int
    per_image: int
    total: int


class ValueLineOut(View):
    """One value that would change."""

    label: str
    old: str
    new: str


class ChangeLineOut(View):
    """One change in words."""

    change: Literal["added", "removed", "changed", "moved", "answered"]
    title: str
    sentence: str
    output: str | None
    values: list[ValueLineOut]


class ProposedOut(View):
    """A change to confirm by applying its message; ``plan`` is null where the words of a draft would change."""

    kind: Literal["proposal"]
    state: Literal["open", "applied", "stale"]
    base_revision: int
    plan: dict[str, Any] | None
    instruction: str | None
    image_ids: list[str] | None
    changes: list[ChangeLineOut]
    questions: list[str]
    images_before: int
    images_after: int
    total_before: int
    total_after: int
    applied_revision: int | None


class ChoiceOut(View):
    """A possible answer."""

    key: str
    label: str


class AskedQuestionOut(View):
    """A question of the plan; send the label or the key of an answer as a message."""

    kind: Literal["question"]
    revision: int
    key: str
    about: str
    is_blocking: bool
    options: list[ChoiceOut]


class PriceLineOut(View):
    """One operation of a price."""

    operation: str
    quantity: int
    unit_price: int
    total: int


class QuotedPriceOut(View):
    """What the plan costs; ``available`` is null for an unmetered account."""

    kind: Literal["quote"]
    price_version: str
    images: int
    per_image: int
    lines: list[PriceLineOut]
    total: int
    available: int | None


class PreviewWishOut(View):
    """A picture to preview with POST /api/orders/{order_id}/plan/preview, with ``plan`` unless it is null."""

    kind: Literal["preview"]
    image_id: str
    name: str
    plan: dict[str, Any] | None


class FailedPictureOut(View):
    """A picture that failed or should be looked at."""

    image_id: str
    name: str
    status: str
    code: str
    reason: str


class FailedListOut(View):
    """Pictures that failed or should be looked at."""

    kind: Literal["failed_list"]
    pictures: list[FailedPictureOut]


BlockOut = RemarkOut | ExplanationOut | ProposedOut | AskedQuestionOut | QuotedPriceOut | PreviewWishOut | FailedListOut


class MessageOut(View):
    """One message; ``by`` is ``local`` or provider and model, empty for messages of people."""

    id: str
    sequence: int
    author: Literal["user", "assistant"]
    text: str
    state: Literal["received", "streaming", "done", "failed", "stopped"]
    by: str
    created_at: dt.datetime
    blocks: list[BlockOut]


class ConversationOut(View):
    """The conversation about an order; ``id`` is null before the first message, ``left`` counts further messages."""

    id: str | None
    kind: Literal["instruction"]
    order_id: str
    by: str = Field(examples=["local"])
    left: int
    messages: list[MessageOut]


class ExchangeOut(View):
    """A message and its answer."""

    question: MessageOut
    answer: MessageOut


class ChatOut(View):
    """An answer; ``messageId`` and ``conversationId`` are null without an order, where nothing is stored."""

    text: str
    by: str
    blocks: list[BlockOut]
    conversation_id: str | None
    message_id: str | None


class AppliedOut(View):
    """What came of a confirmed proposal; ``proposal`` is null where the words of a draft changed."""

    message: MessageOut
    proposal: ProposalOut | None
    instruction: str


class SummaryOut(View):
    """The summary of an order, who wrote it, and when."""

    order_id: str
    summary: str
    by: str = Field(examples=["local"])
    at: dt.datetime | None


class ProcessedOut(View):
    """One picture of a processing request; ``processedUrl`` shows its result once there is one."""

    image_id: str
    name: str
    status: str
    processed_url: str | None


class ProcessOut(View):
    """An order that works on own pictures; ``runId`` is null while a question of its plan is open."""

    order_id: str
    run_id: str | None
    status: str
    analysis: str
    results: list[ProcessedOut]
    questions: list[str]
