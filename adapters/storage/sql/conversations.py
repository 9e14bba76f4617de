"""Conversations in SQL; the blocks of a message are documents."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from adapters.storage.errors import missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.conversations import conversation, conversation_message
from core.domain.conversations import (
    Author,
    Conversation,
    ConversationKind,
    Message,
    MessageState,
    read_blocks,
    write_blocks,
)

_c, _m = conversation.c, conversation_message.c
_ADD = unique_insert(conversation)
_OF_ORDER = select(conversation).where(
    _c.order_id == bindparam("order_id"), _c.kind == ConversationKind.INSTRUCTION.value
)
_ADD_MESSAGE = unique_insert(conversation_message)
_MESSAGE = select(conversation_message).where(_m.id == bindparam("id"))
_MESSAGES = (
    select(conversation_message)
    .where(_m.conversation_id == bindparam("conversation_id"))
    .order_by(_m.sequence)
)  # fmt: skip
_SAVE = update(conversation_message).where(_m.id == bindparam("b_id"))


class SqlConversations:
    """Conversations by order; messages by conversation and number."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, conversation: Conversation) -> None:
        """Store a new conversation."""
        values = {
            "id": conversation.id,
            "kind": conversation.kind.value,
            "owner_id": conversation.owner_id,
            "order_id": conversation.order_id,
            "created_at": conversation.created_at,
        }
        if not self._session.add(_ADD, values):
            raise stale("conversation")

    def of_order(self, order_id: str) -> Conversation | None:
        """Return the conversation about an order."""
        row = self._session.first(_OF_ORDER, {"order_id": order_id})
        return None if row is None else _conversation(row)

    def add_message(self, message: Message) -> None:
        """Store a new message."""
        values = {
            "id": message.id,
            "conversation_id": message.conversation_id,
            "sequence": message.sequence,
            "author": message.author.value,
            "created_at": message.created_at,
            **_content(message),
        }
        if not self._session.add(_ADD_MESSAGE, values):
            raise stale("conversation")

    def get_message(self, message_id: str) -> Message:
        """Return a message."""
        return _read(found(self._session.first(_MESSAGE, {"id": message_id}), "message"))

    def save_message(self, message: Message) -> None:
        """Store a changed message."""
        if self._session.change(_SAVE, {"b_id": message.id, **_content(message)}) != 1:
            raise missing("message")

    def messages(self, conversation_id: str) -> tuple[Message, ...]:
        """Return all messages, oldest first."""
        return tuple(_read(row) for row in self._session.all(_MESSAGES, {"conversation_id": conversation_id}))


def _content(message: Message) -> dict[str, Any]:
    return {
        "state": message.state.value,
        "by": message.by,
        "text": message.text,
        "blocks": write_blocks(message.blocks),
    }


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        kind=ConversationKind(row.kind),
        owner_id=row.owner_id,
        order_id=row.order_id,
        created_at=row.created_at,
    )


def _read(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        sequence=row.sequence,
        author=Author(row.author),
        state=MessageState(row.state),
        by=row.by,
        created_at=row.created_at,
        text=row.text,
        blocks=read_blocks(row.blocks),
    )
