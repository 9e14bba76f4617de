"""Show the conversation about an order."""

import datetime as dt

import attrs

from core.domain.conversations import MAX_MESSAGES, Conversation, Message
from core.domain.orders import Order
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading
from core.usecases.conversations.voice import Voice
from core.usecases.orders.access import readable_order


@attrs.frozen(kw_only=True)
class Thread:
    """The conversation about an order.

    Args:
        conversation: None before the first message.
        by: who answers: ``local``, or provider and model.
    """

    order: Order
    conversation: Conversation | None
    messages: tuple[Message, ...]
    by: str

    @property
    def left(self) -> int:
        """How many messages it has room for."""
        return MAX_MESSAGES - len(self.messages)


@attrs.frozen(kw_only=True)
class ReadConversation:
    """Show the conversation with the assistant about an order."""

    new_reading: NewReading
    clock: Clock
    voice: Voice
    answer_time: dt.timedelta

    def __call__(self, *, actor: Actor, order_id: str) -> Thread:
        """Return all messages, oldest first.

        Raises:
            NotFoundError: no such order.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            found = work.conversations.of_order(order_id)
            messages = work.conversations.messages(found.id) if found is not None else ()
        now = self.clock.now()
        seen = tuple(message.seen_at(now, self.answer_time) for message in messages)
        return Thread(order=order, conversation=found, messages=seen, by=self.voice.name)
