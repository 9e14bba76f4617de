"""Find pictures that a user has here already, to be worked on again."""

import attrs

from core.domain.assets import AssetState, Purpose
from core.errors import NotFoundError
from core.kernel.actor import Action, Actor, Scope, require_access
from core.ports.unit_of_work import NewReading
from core.usecases.delivery.image import StoredPicture

PICTURES = frozenset({Purpose.ORDER_IMAGE, Purpose.RESULT, Purpose.LOGO})


@attrs.frozen(kw_only=True)
class FindOwnPicture:
    """Find one of one's own stored pictures by its id."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, asset_id: str) -> StoredPicture:
        """Return where the content is.

        Raises:
            NotFoundError: there is no such picture, it was deleted, or it is someone else's.
        """
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            asset = work.assets.get(asset_id)
        require_access(actor, Action.READ, owner_id=asset.owner_id, what="asset")
        if asset.state is not AssetState.READY or asset.purpose not in PICTURES:
            raise NotFoundError("There is no such asset.", details={"what": "asset"})
        return StoredPicture(
            name=asset.original_name, storage_key=asset.storage_key, format=asset.format, bytes=asset.bytes
        )
