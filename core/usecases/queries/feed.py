"""The live feed: where it stands, and what is new in it."""

from collections.abc import Iterable, Mapping

import attrs

from core.domain.orders import OrderStatus
from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.kernel.events import FeedEvent
from core.ports.unit_of_work import NewReading
from core.usecases.orders.access import readable_order

PAGE = 500


@attrs.frozen(kw_only=True)
class FollowOrder:
    """Find the feed of an order for somebody who may follow it."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> str:
        """Return the topic; asked again and again while somebody follows, since what was allowed may end.

        Raises:
            NotFoundError: no such order of this user, or it is in the bin.
            NotAllowedError: the key lacks ``orders:read``.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
        if order.status is OrderStatus.DELETED:
            raise NotFoundError("There is no such order; it was deleted.", details={"what": "order"})
        return f"order/{order_id}"


@attrs.frozen(kw_only=True)
class ReadHeads:
    """Tell how far some feeds are; whoever asks has made sure that their readers may follow them."""

    new_reading: NewReading

    def __call__(self, *, topics: Iterable[str]) -> Mapping[str, int]:
        """Return the last sequence number of each topic, 0 where nothing happened yet."""
        wanted = tuple(topics)
        with self.new_reading() as work:
            return dict.fromkeys(wanted, 0) | dict(work.events.heads(wanted))


@attrs.frozen(kw_only=True)
class ReadNews:
    """Read what is new in some feeds; whoever asks has made sure that their readers may follow them."""

    new_reading: NewReading

    def __call__(self, *, seen: Mapping[str, int]) -> Mapping[str, tuple[FeedEvent, ...]]:
        """Return at most 500 events of each topic in which something happened, in order.

        Args:
            seen: topic -> sequence number of the last event that is known.
        """
        with self.new_reading() as work:
            heads = work.events.heads(seen)
            changed = [topic for topic, head in heads.items() if head > seen[topic]]
            return {topic: work.events.since(topic, seen[topic], limit=PAGE) for topic in changed}
