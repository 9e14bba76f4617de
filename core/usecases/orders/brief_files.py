"""The documents that briefs were read from: kept with their order, counted in its owner's storage, and given back."""

import attrs

from core.domain.assets import Asset, AssetState, Purpose, check_quota
from core.domain.orders import Order
from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.ports.blob_store import StoredContent
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, UnitOfWork
from core.usecases.orders.access import readable_order


@attrs.frozen(kw_only=True)
class BriefKeeper:
    """Keeps documents in the unit of work of its caller."""

    clock: Clock
    ids: IdGenerator
    default_quota: int

    def keep(self, work: UnitOfWork, order: Order, *, content: StoredContent, name: str, format: str) -> Order:
        """Return the order with a stored document.

        Raises:
            LimitReachedError: code ``quota_exceeded``.
        """
        # Uploads into two orders at once must see one another, or both would take the last room of the account.
        work.ledger.lock(work.ledger.account_of(order.owner_id).id)
        quota = work.users.get(order.owner_id).storage_quota(self.default_quota)
        check_quota(used=work.assets.used_bytes(order.owner_id), adding=content.bytes, quota=quota)
        asset = Asset(
            id=self.ids.new(), owner_id=order.owner_id, purpose=Purpose.BRIEF, format=format, bytes=content.bytes,
            width=0, height=0, sha256=content.sha256, storage_key=content.key, original_name=name,
            created_at=self.clock.now(),
        )  # fmt: skip
        work.assets.add(asset)
        return attrs.evolve(order, brief_asset_id=asset.id)

    def copy(self, work: UnitOfWork, order: Order, *, source: Order) -> Order:
        """Return the order with the document of another one; each goes with its own order.

        Raises:
            LimitReachedError: code ``quota_exceeded``.
        """
        if source.brief_asset_id is None:
            return order
        asset = work.assets.get(source.brief_asset_id)
        content = StoredContent(key=asset.storage_key, bytes=asset.bytes, sha256=asset.sha256)
        return self.keep(work, order, content=content, name=asset.original_name, format=asset.format)

    def drop(self, work: UnitOfWork, order: Order) -> Order:
        """Return the order without its document, which goes to the sweeper."""
        if order.brief_asset_id is None:
            return order
        work.assets.save(work.assets.get(order.brief_asset_id).deleted())
        return attrs.evolve(order, brief_asset_id=None)


@attrs.frozen(kw_only=True)
class DownloadBrief:
    """Download the document that is attached to an order, as it was uploaded."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> Asset:
        """Return where the document is.

        Raises:
            NotFoundError: no such order of this user, or (code ``no_document``) nothing was uploaded for its brief.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            asset = work.assets.get(order.brief_asset_id) if order.brief_asset_id is not None else None
        if asset is None or asset.state is not AssetState.READY:
            message = "The brief was typed; there is no document." if order.brief_text else "The order has no brief."
            raise NotFoundError(message, code="no_document", details={"what": "brief"})
        return asset
