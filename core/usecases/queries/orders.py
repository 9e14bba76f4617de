"""What people want to know about orders."""

import attrs

from core.domain.action_log import ActionLogEntry
from core.domain.images import BUSY, DONE, ImageStatus, ImageVersion, OrderImage
from core.domain.orders import Order
from core.domain.runs import Run
from core.kernel.actor import Actor, Scope
from core.kernel.events import FeedEvent
from core.kernel.paging import Page, page_limit
from core.ports.repositories.orders import OrderFilter, OrderTotals
from core.ports.unit_of_work import NewReading
from core.usecases.images.access import image_of
from core.usecases.orders.access import readable_order


@attrs.frozen(kw_only=True)
class OrderView:
    """An order with its pictures, their newest versions, and its runs."""

    order: Order
    images: tuple[OrderImage, ...]
    versions: dict[str, ImageVersion]
    runs: tuple[Run, ...]


@attrs.frozen(kw_only=True)
class OrderProgress:
    """Where the work on an order stands.

    Args:
        total: pictures that take part.
        finished: pictures with a result, whether approved, flagged or neither.
        percent: 0-100, of pictures that are not waiting or being worked on.
    """

    order: Order
    images: tuple[OrderImage, ...]
    total: int
    finished: int
    failed: int
    busy: int
    percent: int


@attrs.frozen(kw_only=True)
class GetOrder:
    """Show an order with its pictures and results."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> OrderView:
        """Return the order.

        Raises:
            NotFoundError: no such order of this user.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            return OrderView(
                order=order, images=work.images.list(order_id), versions=work.images.latest_versions(order_id),
                runs=work.runs.list(order_id),
            )  # fmt: skip


@attrs.frozen(kw_only=True)
class GetStatus:
    """Tell how far the work on an order is."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> OrderProgress:
        """Count the pictures by state.

        Raises:
            NotFoundError: no such order of this user.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            images = work.images.list(order_id)
        parts = [i for i in images if i.status is not ImageStatus.EXCLUDED]
        busy = sum(i.status in BUSY for i in parts)
        finished, failed = sum(i.status in DONE for i in parts), sum(i.status is ImageStatus.FAILED for i in parts)
        percent = 100 * (finished + failed) // len(parts) if parts else 0
        return OrderProgress(
            order=order, images=images, total=len(parts), finished=finished, failed=failed, busy=busy, percent=percent
        )  # fmt: skip


@attrs.frozen(kw_only=True)
class ListOrders:
    """List orders, newest first."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, wanted: OrderFilter | None = None, cursor: str | None = None, limit: int = 20
    ) -> Page[Order]:
        """Return one page of the actor's orders.

        Raises:
            InvalidInputError: a bad limit or cursor.
        """
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            return work.orders.list(
                actor.user_id, wanted or OrderFilter(), cursor=cursor, limit=page_limit(limit)
            )  # fmt: skip


@attrs.frozen(kw_only=True)
class OrderStatistics:
    """Sum up a user's orders."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor) -> OrderTotals:
        """Return how many orders, pictures and bytes there are."""
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            return work.orders.totals(actor.user_id)


@attrs.frozen(kw_only=True)
class GetLog:
    """Show the action log of an order."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> tuple[ActionLogEntry, ...]:
        """Return the entries, oldest first.

        Raises:
            NotFoundError: no such order of this user.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            return work.log.list(order_id)


@attrs.frozen(kw_only=True)
class GetEvents:
    """Follow what happens to an order, resuming by sequence."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str, after: int = 0) -> tuple[FeedEvent, ...]:
        """Return events with a greater sequence number, in order.

        Raises:
            NotFoundError: no such order of this user.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            return work.events.since(f"order/{order_id}", after)


@attrs.frozen(kw_only=True)
class ListVersions:
    """Show the versions of a picture."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str, image_id: str) -> tuple[ImageVersion, ...]:
        """Return the versions, oldest first; the original is version 0 and not listed.

        Raises:
            NotFoundError: no such order or picture of this user.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            return work.images.list_versions(image_of(work, order_id, image_id).id)


@attrs.frozen(kw_only=True)
class FindImage:
    """Find a picture without knowing its order."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, image_id: str) -> OrderImage:
        """Return the picture.

        Raises:
            NotFoundError: no such picture of this user.
        """
        with self.new_reading() as work:
            image = work.images.get(image_id)
            readable_order(work, actor, image.order_id)
            return image
