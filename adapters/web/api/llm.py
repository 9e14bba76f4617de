"""The assistant: questions about an order, changes to confirm, summaries, and pictures handed over with a sentence."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from adapters.web.api.base import described, make_blueprint
from adapters.web.api.plans import view as priced_view
from adapters.web.conversation_views import chat_view, exchange_view, message_view, streamed, thread_view
from adapters.web.realtime.leaving import reader_of
from adapters.web.responses import Envelope
from adapters.web.schemas.conversations import (
    AppliedOut,
    ChatBody,
    ChatOut,
    ConversationOut,
    ExchangeOut,
    MessageBody,
    MessageOut,
    SummarizeBody,
    SummaryOut,
)
from adapters.web.security import actor, application
from core.domain.conversations import Author
from core.domain.orders import Order
from core.kernel.actor import Scope
from core.usecases.conversations.apply import ApplyProposal
from core.usecases.conversations.chat import ChatFreely, Reply
from core.usecases.conversations.read import ReadConversation
from core.usecases.conversations.send import Exchange, SendMessage, StopAnswer
from core.usecases.conversations.voice import Piece
from core.usecases.summaries.write import ReadSummary, WriteSummary

TAG = {"tag": "Assistant", "about": "Questions and wishes in plain words; nothing changes before it is confirmed."}
blueprint = make_blueprint("llm", **TAG)


class ChatAnswer(Envelope[ChatOut]):
    """An answer, its text also under the name that older clients know."""

    response: str


class ConversationAnswer(Envelope[ConversationOut]):
    """The conversation about an order."""


class ExchangeAnswer(Envelope[ExchangeOut]):
    """A message and its answer."""


class StoppedAnswer(Envelope[MessageOut]):
    """The answer that was stopped."""


class SummaryAnswer(Envelope[SummaryOut]):
    """A summary, also under the name that older clients know."""

    summary: str


class AppliedAnswer(Envelope[AppliedOut]):
    """A confirmed proposal."""


@blueprint.post("/llm/chat")
@blueprint.input(ChatBody)
@blueprint.output(ChatAnswer)
@blueprint.doc(**described(404, 409, 422, 503, scope=Scope.ORDERS_READ))
def chat(json_data: ChatBody) -> dict[str, Any] | Response:
    """Ask the assistant, about an order or about what some words would do.

    With `orderId` the key also needs the scope `orders:write`. With `stream` the answer is `text/event-stream`:
    `started` (with an order), `piece` with further words, and at last `done` or `error`.
    """
    events: Iterator[Exchange | Piece | Reply]
    if json_data.order_id is not None:
        send = application().use(SendMessage)
        events = send.stream(actor=actor(), order_id=json_data.order_id, text=json_data.message)
    else:
        history = [(Author(turn.role), turn.content) for turn in json_data.conversation_history]
        ask, reader = application().use(ChatFreely), reader_of(request.environ)
        events = ask.stream(actor=actor(), text=json_data.message, history=history, cancel=reader)
    if json_data.stream:
        return streamed(events)
    *_, last = events
    assert isinstance(last, Reply | Exchange)
    found = chat_view(last)
    return {"data": found, "response": found["text"]}


@blueprint.get("/orders/<id:order_id>/conversation")
@blueprint.output(ConversationAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_conversation(order_id: str) -> dict[str, Any]:
    """Show the conversation with the assistant about an order."""
    return {"data": thread_view(application().use(ReadConversation)(actor=actor(), order_id=order_id))}


@blueprint.post("/orders/<id:order_id>/conversation/messages")
@blueprint.input(MessageBody)
@blueprint.output(ExchangeAnswer)
@blueprint.doc(**described(404, 409, 422, 503, scope=Scope.ORDERS_WRITE))
def send_message(order_id: str, json_data: MessageBody) -> dict[str, Any] | Response:
    """Ask the assistant about an order, or tell it what to change; nothing changes before a proposal is confirmed.

    With `stream` the answer is `text/event-stream`: `started`, `piece` with further words, and at last `done` or
    `error`.
    """
    send = application().use(SendMessage)
    if json_data.stream:
        return streamed(send.stream(actor=actor(), order_id=order_id, text=json_data.message))
    return {"data": exchange_view(send(actor=actor(), order_id=order_id, text=json_data.message))}


@blueprint.post("/orders/<id:order_id>/conversation/messages/<id:message_id>/apply")
@blueprint.output(AppliedAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def apply_proposal(order_id: str, message_id: str) -> dict[str, Any]:
    """Confirm a proposal of the assistant: the plan, or the words of a draft, become what it showed."""
    done = application().use(ApplyProposal)(actor=actor(), order_id=order_id, message_id=message_id)
    return {"data": {
        "message": message_view(done.message, done.order), "instruction": done.order.instruction,
        "proposal": None if done.plan is None else priced_view(done.plan),
    }}  # fmt: skip


@blueprint.post("/orders/<id:order_id>/conversation/stop")
@blueprint.output(StoppedAnswer)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def stop_answer(order_id: str) -> dict[str, Any]:
    """Stop an answer of the assistant that is under way."""
    return {"data": message_view(application().use(StopAnswer)(actor=actor(), order_id=order_id), None)}


@blueprint.get("/orders/<id:order_id>/summary")
@blueprint.output(SummaryAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_summary(order_id: str) -> dict[str, Any]:
    """Show the summary of an order; it is empty before any work has ended."""
    return _summary(application().use(ReadSummary)(actor=actor(), order_id=order_id))


@blueprint.post("/orders/<id:order_id>/summary")
@blueprint.output(SummaryAnswer)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def write_summary(order_id: str) -> dict[str, Any]:
    """Write the summary of an order that has ended again, and store it."""
    return _summary(application().use(WriteSummary)(actor=actor(), order_id=order_id))


@blueprint.post("/llm/summarize")
@blueprint.input(SummarizeBody)
@blueprint.output(SummaryAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def summarize(json_data: SummarizeBody) -> dict[str, Any]:
    """Write the summary of an order that has ended again, and store it."""
    return _summary(application().use(WriteSummary)(actor=actor(), order_id=json_data.order_id))


def _summary(order: Order) -> dict[str, Any]:
    found = {"order_id": order.id, "summary": order.summary, "by": order.summary_by, "at": order.summary_at}
    return {"data": found, "summary": order.summary}
