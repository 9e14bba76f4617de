"""Remove orders that have been in the bin for so long that nobody can restore them."""

import datetime as dt

import attrs

from core.domain.assets import AssetState
from core.domain.orders import RESTORE_DAYS, Order, OrderStatus
from core.errors import NotFoundError
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork

BATCH = 100
# A restore that was begun in the last second of its time must still find its order.
GRACE = dt.timedelta(hours=1)


@attrs.frozen(kw_only=True)
class PurgeOrders:
    """Remove orders that were deleted over 30 days ago, for good; what they cost stays in the books."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock

    def __call__(self) -> int:
        """Remove up to a hundred orders and return how many; their files go to the sweeper."""
        before = self.clock.now() - dt.timedelta(days=RESTORE_DAYS) - GRACE
        with self.new_reading() as work:
            found = work.orders.long_deleted(before, limit=BATCH)
        return sum(self._purge(order_id, before) for order_id in found)

    def _purge(self, order_id: str, before: dt.datetime) -> bool:
        with self.new_work() as work:
            try:
                order = work.orders.get(order_id, for_update=True)
            except NotFoundError:  # another process was faster
                return False
            if order.status is not OrderStatus.DELETED or order.deleted_at is None or order.deleted_at >= before:
                return False
            for asset_id in sorted(_assets(work, order)):
                asset = work.assets.get(asset_id)
                if asset.state is AssetState.READY:
                    work.assets.save(asset.deleted())
            work.orders.purge(order_id)
            work.commit()
        return True


def _assets(work: UnitOfWork, order: Order) -> set[str]:
    """Return the files of an order: its brief, originals and all versions."""
    images = work.images.list(order.id)
    brief = {order.brief_asset_id} if order.brief_asset_id is not None else set()
    versions = (version for image in images for version in work.images.list_versions(image.id))
    return brief | {image.asset_id for image in images} | {file.asset_id for v in versions for file in v.files}
