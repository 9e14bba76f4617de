"""Conversations in memory; the blocks of a message are kept as documents, as a database keeps them."""

from operator import attrgetter
from typing import Any

import attrs

from adapters.storage.documents import read_json, write_json
from adapters.storage.errors import missing, stale
from adapters.storage.memory.transaction import Transaction
from core.domain.conversations import Conversation, Message, read_blocks, write_blocks


class MemoryConversations:
    """Conversations by order; messages by conversation and number."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, conversation: Conversation) -> None:
        """Store a new conversation."""
        self._transaction.require(users=conversation.owner_id, orders=conversation.order_id)
        key = conversation.order_id, conversation.kind
        if not self._transaction.add("conversations", key, conversation):
            raise stale("conversation")

    def of_order(self, order_id: str) -> Conversation | None:
        """Return the conversation about an order."""
        return next((c for c in self._transaction.rows("conversations") if c.order_id == order_id), None)

    def add_message(self, message: Message) -> None:
        """Store a new message."""
        numbers = {m.sequence for m in self.messages(message.conversation_id)}
        if message.sequence in numbers or not self._transaction.add("messages", message.id, _kept(message)):
            raise stale("conversation")

    def get_message(self, message_id: str) -> Message:
        """Return a message."""
        return _read(self._transaction.get("messages", message_id, "message"))

    def save_message(self, message: Message) -> None:
        """Store a changed message."""
        known = self._transaction.read("messages").get(message.id)
        if known is None:
            raise missing("message")
        changed = attrs.evolve(known[0], text=message.text, state=message.state, by=message.by)
        self._transaction.write("messages")[message.id] = (changed, _kept(message)[1])

    def messages(self, conversation_id: str) -> tuple[Message, ...]:
        """Return all messages, oldest first."""
        found = (_read(kept) for kept in self._transaction.rows("messages"))
        return tuple(
            sorted((m for m in found if m.conversation_id == conversation_id), key=attrgetter("sequence"))
        )  # fmt: skip


def _kept(message: Message) -> tuple[Message, str]:
    return attrs.evolve(message, blocks=()), write_json(write_blocks(message.blocks))


def _read(kept: tuple[Any, str]) -> Message:
    message, documents = kept
    read: Message = attrs.evolve(message, blocks=read_blocks(read_json(documents)))
    return read
