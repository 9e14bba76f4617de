"""What people want to know about orders."""

import attrs

from core.domain.action_log import ActionLogEntry
from core.domain.images import BUSY, DONE, ImageStatus, ImageVersion, OrderImage
from core.domain.orders import Order, OrderStatus
from core.domain.runs import Run
from core.kernel.actor import Actor, Scope
from core.kernel.events import FeedEvent
from core.kernel.paging import Page, page_limit
from core.ports.repositories.orders import OrderFilter, OrderSums
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
    """List orders, the newest first unless they are sorted otherwise."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, wanted: OrderFilter | None = None, cursor: str | None = None, limit: int = 20
    ) -> Page[Order]:
        """Return one page of the actor's orders; with a search it may be short and still have a cursor to go on.

        Raises:
            InvalidInputError: a bad limit or cursor.
        """
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            return work.orders.list(
                actor.user_id, wanted or OrderFilter(), cursor=cursor, limit=page_limit(limit)
            )  # fmt: skip


@attrs.frozen(kw_only=True)
class OrderTotals:
    """Sums over a user's orders that are not deleted.

    Args:
        images, bytes: pictures, and the size of their originals.
        images_processed: pictures whose work has ended, with a result or without.
        images_in_process: pictures that wait for work or are being worked on.
        images_completed, images_failed: how the work on the others ended.
        credits_used: spent so far, on orders that are gone too.
        deleted: orders in the bin.
    """

    orders: int
    images: int
    bytes: int
    images_processed: int
    images_in_process: int
    images_completed: int
    images_failed: int
    credits_used: int
    deleted: int
    by_status: dict[OrderStatus, int]


@attrs.frozen(kw_only=True)
class OrderStatistics:
    """Sum up a user's orders."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor) -> OrderTotals:
        """Return how many orders, pictures, bytes and credits there are, from sums that are kept."""
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            kept = dict(work.orders.totals(actor.user_id))
            spent = work.ledger.account_of(actor.user_id).spent
        binned = kept.pop(OrderStatus.DELETED, OrderSums())
        total = sum(kept.values(), OrderSums())
        return OrderTotals(
            orders=total.orders, images=total.images, bytes=total.bytes, images_processed=total.finished + total.failed,
            images_in_process=total.busy, images_completed=total.finished, images_failed=total.failed,
            credits_used=spent, deleted=binned.orders,
            by_status={status: kept[status].orders for status in OrderStatus if status in kept},
        )  # fmt: skip


@attrs.frozen(kw_only=True)
class Difference:
    """A sum that is not what a count gives: whose orders in which state, what is kept, what was counted."""

    user_id: str
    status: OrderStatus
    kept: OrderSums
    counted: OrderSums


@attrs.frozen(kw_only=True)
class AuditOrders:
    """Check the sums that are kept over orders against a count of everything."""

    new_reading: NewReading

    def __call__(self) -> tuple[Difference, ...]:
        """Return everything that differs."""
        with self.new_reading() as work:
            kept, counted = work.orders.kept_sums(), work.orders.counted_sums()
        found = {place: (kept.get(place, OrderSums()), counted.get(place, OrderSums())) for place in {*kept, *counted}}
        return tuple(
            Difference(user_id=user_id, status=status, kept=is_, counted=should)
            for (user_id, status), (is_, should) in sorted(found.items())
            if is_ != should
        )


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
