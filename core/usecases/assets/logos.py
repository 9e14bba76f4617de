"""Logos: upload one to put it on pictures."""

from pathlib import Path

import attrs

from core.domain.assets import Asset, Purpose, check_quota, check_upload_format, check_upload_size, clean_file_name
from core.kernel.actor import Actor, Scope
from core.ports.blob_store import BlobStore
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.image_engine import ImageEngine
from core.ports.unit_of_work import NewWork
from core.usecases.plans.proposal import logo_of


@attrs.frozen(kw_only=True)
class AddLogo:
    """Upload a logo; its id goes into the step that puts it on pictures."""

    new_work: NewWork
    blobs: BlobStore
    engine: ImageEngine
    clock: Clock
    ids: IdGenerator
    default_quota: int

    def __call__(self, *, actor: Actor, name: str, path: Path, size: int) -> Asset:
        """Check and store the file.

        Args:
            name: file name as given by the customer.
            path: where the file lies.
            size: its length in bytes.

        Raises:
            TooLargeError: over 5 MB.
            UnsupportedTypeError: not a PNG, WebP or JPEG picture.
            LimitReachedError: code ``quota_exceeded``.
        """
        actor.require_scope(Scope.ASSETS_WRITE)
        check_upload_size(Purpose.LOGO, name=name, size=size)
        probe = self.engine.probe(path)
        check_upload_format(Purpose.LOGO, name=name, format=probe.format)
        content = self.blobs.ingest("originals", path)
        asset = Asset(
            id=self.ids.new(), owner_id=actor.user_id, purpose=Purpose.LOGO, format=probe.format, bytes=content.bytes,
            width=probe.width, height=probe.height, sha256=content.sha256, storage_key=content.key,
            original_name=clean_file_name(name), created_at=self.clock.now(),
        )  # fmt: skip
        with self.new_work() as work:
            quota = work.users.get(actor.user_id).storage_quota(self.default_quota)
            check_quota(used=work.assets.used_bytes(actor.user_id), adding=asset.bytes, quota=quota)
            work.assets.add(asset)
            work.commit()
        return asset


@attrs.frozen(kw_only=True)
class DeleteLogo:
    """Remove a logo; finished pictures keep it, new work can no longer use it."""

    new_work: NewWork

    def __call__(self, *, actor: Actor, asset_id: str) -> Asset:
        """Mark the logo for the sweeper.

        Raises:
            NotFoundError: no such logo of this user.
        """
        actor.require_scope(Scope.ASSETS_WRITE)
        with self.new_work() as work:
            gone = logo_of(work, actor.user_id, asset_id).deleted()
            work.assets.save(gone)
            work.commit()
        return gone
