"""Conversations as answers show them: as JSON, and as server-sent events while an answer is written."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import structlog
from flask import Response, g, request

from adapters.web.realtime.frames import HEADERS, MEDIA_TYPE
from adapters.web.realtime.leaving import reader_of
from adapters.web.schemas.conversations import ChatOut, ExchangeOut
from adapters.web.security import application
from core.domain.conversations import Block, Message, Proposal, write_blocks
from core.domain.orders import Order
from core.errors import I2IError
from core.usecases.conversations.chat import Reply
from core.usecases.conversations.read import Thread
from core.usecases.conversations.running import RunningAnswers
from core.usecases.conversations.send import Exchange
from core.usecases.conversations.voice import Piece
from core.usecases.language.cancelling import Cancellation

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.web")


def message_view(message: Message, order: Order | None) -> dict[str, Any]:
    """Return what the schema of a message needs.

    Args:
        order: as it is now, which tells whether a proposal still fits; None takes proposals for open.
    """
    return {
        "id": message.id, "sequence": message.sequence, "author": message.author.value, "text": message.text,
        "state": message.state.value, "by": message.by, "created_at": message.created_at,
        "blocks": [block_view(block, order) for block in message.blocks],
    }  # fmt: skip


def block_view(block: Block, order: Order | None) -> dict[str, Any]:
    """Return what the schema of a block needs; a proposal says whether it can still be confirmed."""
    (document,) = write_blocks([block])
    if isinstance(block, Proposal):
        document["state"] = _state(block, order)
    return document


def _state(proposal: Proposal, order: Order | None) -> str:
    if proposal.is_applied:
        return "applied"
    if order is not None and proposal.is_stale(revision=order.plan_revision, instruction=order.instruction):
        return "stale"
    return "open"


def thread_view(thread: Thread) -> dict[str, Any]:
    """Return what the schema of a conversation needs."""
    talk = thread.conversation
    return {
        "id": talk.id if talk is not None else None, "kind": "instruction", "order_id": thread.order.id,
        "by": thread.by, "left": thread.left, "messages": [message_view(m, thread.order) for m in thread.messages],
    }  # fmt: skip


def exchange_view(exchange: Exchange) -> dict[str, Any]:
    """Return what the schema of a message with its answer needs."""
    return {"question": message_view(exchange.question, None), "answer": message_view(exchange.answer, None)}


def chat_view(answer: Reply | Exchange) -> dict[str, Any]:
    """Return what the schema of a chat's answer needs."""
    if isinstance(answer, Reply):
        found: dict[str, Any] = {"conversation_id": None, "message_id": None, "text": answer.text, "by": answer.by}
        return {**found, "blocks": [block_view(b, None) for b in answer.blocks]}
    message = message_view(answer.answer, None)
    return {
        "conversation_id": answer.answer.conversation_id, "message_id": answer.answer.id,
        **{name: message[name] for name in ("text", "by", "blocks")},
    }  # fmt: skip


def streamed(events: Iterable[Exchange | Piece | Reply]) -> Response:
    """Answer with the events of an answer: ``started``, ``piece`` …, and at last ``done`` or ``error``.

    A reader who goes away stops the answer.
    """
    frames = _frames(events, g.get("request_id", ""), reader_of(request.environ), application().running_answers)
    return Response(frames, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=HEADERS)


def _frames(
    events: Iterable[Exchange | Piece | Reply], request_id: str, reader: Cancellation, running: RunningAnswers
) -> Iterator[bytes]:
    begun = False
    try:
        for event in events:
            if reader.is_cancelled:
                return
            if isinstance(event, Exchange) and not begun:
                # A model that is silent is told at once; one that speaks is left at its next word.
                reader.on_cancel(partial(running.stop, event.answer.id))
            if isinstance(event, Piece):
                yield _frame("piece", {"text": event.text})
            elif isinstance(event, Exchange):
                shown = ExchangeOut.model_validate(exchange_view(event)).model_dump(mode="json", by_alias=True)
                yield _frame("done" if begun else "started", shown)
                begun = True
            else:
                shown = ChatOut.model_validate(chat_view(event)).model_dump(mode="json", by_alias=True)
                yield _frame("done", {**shown, "response": event.text})
    except I2IError as error:
        yield _frame("error", {"error": error.message, "code": error.code, "requestId": request_id})
    except Exception:
        # The answer has begun, so it ends with a problem in its own form.
        log.exception("request_failed", request_id=request_id)
        problem = {"error": "Something went wrong on our side.", "code": "internal_error", "requestId": request_id}
        yield _frame("error", problem)
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _frame(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
