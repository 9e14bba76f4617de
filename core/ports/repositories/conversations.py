"""Repository of conversations and their messages."""

from typing import Protocol

from core.domain.conversations import Conversation, Message


class ConversationRepository(Protocol):
    """Conversations by order; messages by conversation and number."""

    def add(self, conversation: Conversation) -> None:
        """Store a new conversation.

        Raises:
            ConflictError: code ``stale``, when the order has one of this kind.
        """
        ...

    def of_order(self, order_id: str) -> Conversation | None:
        """Return the conversation about an order."""
        ...

    def add_message(self, message: Message) -> None:
        """Store a new message.

        Raises:
            ConflictError: code ``stale``, when its number is taken.
        """
        ...

    def get_message(self, message_id: str) -> Message:
        """Return a message."""
        ...

    def save_message(self, message: Message) -> None:
        """Store a changed message; whoever changes it holds the lock of the order."""
        ...

    def messages(self, conversation_id: str) -> tuple[Message, ...]:
        """Return all messages, oldest first."""
        ...
