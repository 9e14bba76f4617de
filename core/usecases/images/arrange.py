"""Remove, reorder, include and leave out pictures before the order is confirmed."""

from collections.abc import Sequence

import attrs

from core.domain.action_log import LogType
from core.domain.images import ImageStatus, OrderImage
from core.domain.orders import Order
from core.errors import InvalidInputError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.orders.counting import counted


def _recount(work: UnitOfWork, order: Order) -> Order:
    return work.orders.save(counted(order, work.images.list(order.id)))


@attrs.frozen(kw_only=True)
class RemoveImages:
    """Take pictures out of a draft order; their files go to the sweeper."""

    new_work: NewWork
    clock: Clock
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, image_ids: Sequence[str]) -> Order:
        """Remove the pictures and close the gaps in the numbering.

        Raises:
            NotFoundError: one of them is not in the order (nothing is removed).
            ConflictError: code ``order_locked``.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id).edited(now=self.clock.now())
            for image_id in image_ids:
                image = image_of(work, order_id, image_id)
                work.images.delete(image.id)
                work.assets.save(work.assets.get(image.asset_id).deleted())
                message = f"{image.original_name} removed."
                self.journal.note(work, LogType.DELETE, order_id=order_id, actor=actor, message=message)
            work.images.reorder(order_id, [i.id for i in work.images.list(order_id)])
            saved = _recount(work, order)
            work.commit()
        return saved


@attrs.frozen(kw_only=True)
class ReorderImages:
    """Put the pictures of a draft order into another order."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor, order_id: str, image_ids: Sequence[str]) -> tuple[OrderImage, ...]:
        """Number the pictures 1, 2, 3 … as listed.

        Raises:
            InvalidInputError: code ``incomplete_list``, when the list does not name every picture once.
            ConflictError: code ``order_locked``.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id).edited(now=self.clock.now())
            if sorted(image_ids) != sorted(i.id for i in work.images.list(order_id)):
                raise InvalidInputError("Name every picture of the order once.", code="incomplete_list")
            work.images.reorder(order_id, image_ids)
            _recount(work, order)
            images = work.images.list(order_id)
            work.commit()
        return images


@attrs.frozen(kw_only=True)
class SelectImages:
    """Choose which pictures of a draft order are worked on."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor, order_id: str, image_ids: Sequence[str]) -> tuple[OrderImage, ...]:
        """Include the named pictures and leave out all others.

        Raises:
            NotFoundError: one of them is not in the order.
            ConflictError: code ``order_locked``.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id).edited(now=self.clock.now())
            wanted = {image_of(work, order_id, i).id for i in image_ids}
            for image in work.images.list(order_id):
                status = ImageStatus.READY if image.id in wanted else ImageStatus.EXCLUDED
                if image.status is not status:
                    work.images.save(image.to(status))
            work.orders.save(order)
            images = work.images.list(order_id)
            work.commit()
        return images
