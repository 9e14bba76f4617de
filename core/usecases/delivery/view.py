"""Look at one file without taking it away: nothing is written to the action log."""

import attrs

from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewReading
from core.usecases.images.access import image_of
from core.usecases.orders.access import readable_order


@attrs.frozen(kw_only=True)
class ShownFile:
    """Where a content is that is looked at: its key in the store, its format, its length in bytes and its hash."""

    storage_key: str
    format: str
    bytes: int
    sha256: str


@attrs.frozen(kw_only=True)
class ViewImage:
    """Show one file in full: the original, a version, or a deliverable of it."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, order_id: str, image_id: str, version: int | None = None, output: str | None = None
    ) -> ShownFile:
        """Return where the content is.

        Args:
            version: 0 for the original, None for the newest result, or the original while there is none.
            output: name of the deliverable; None for the first.

        Raises:
            NotFoundError: no such order, picture, version or output of this user.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            image = image_of(work, order_id, image_id)
            number = image.latest_version if version is None else version
            if number == 0:
                key = work.assets.get(image.asset_id).storage_key
                return ShownFile(storage_key=key, format=image.format, bytes=image.bytes, sha256=image.sha256)
            for file in work.images.get_version(image_id, number).files:
                if output in (None, file.output):
                    return ShownFile(
                        storage_key=file.storage_key, format=file.format, bytes=file.bytes, sha256=file.sha256
                    )  # fmt: skip
        raise NotFoundError("The version has no such file.", details={"output": output})
