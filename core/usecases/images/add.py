"""Add pictures to an order."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs

from core.domain.action_log import LogType
from core.domain.assets import Asset, Purpose, check_quota, check_upload_format, check_upload_size, clean_file_name
from core.domain.images import OrderImage
from core.domain.orders import MAX_IMAGES, Order
from core.errors import I2IError, LimitReachedError, ProviderError
from core.kernel.actor import Actor, Scope
from core.ports.blob_store import BlobStore, StoredContent
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.image_engine import ImageEngine, Probe
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.orders.counting import counted


@attrs.frozen(kw_only=True)
class Incoming:
    """A file offered for an order: its name as given by the customer, where it lies, and its size in bytes."""

    name: str
    path: Path
    bytes: int


@attrs.frozen(kw_only=True)
class Refusal:
    """A file that was not taken, and why."""

    name: str
    code: str
    message: str
    details: dict[str, object]


@attrs.frozen(kw_only=True)
class Added:
    """What became of the offered files; the order of both lists is that of the offer."""

    order: Order
    images: tuple[OrderImage, ...]
    refused: tuple[Refusal, ...]


@attrs.frozen(kw_only=True)
class _Accepted:
    file: Incoming
    probe: Probe
    content: StoredContent


@attrs.frozen(kw_only=True)
class _Room:
    images: int
    used: int
    quota: int


@attrs.frozen(kw_only=True)
class AddImages:
    """Take pictures into an order; a file that cannot be used is refused by name while the rest goes on."""

    new_work: NewWork
    blobs: BlobStore
    engine: ImageEngine
    clock: Clock
    ids: IdGenerator
    journal: Journal
    default_quota: int
    parallel: int = 2

    def __call__(
        self,
        *,
        actor: Actor,
        order_id: str,
        files: Sequence[Incoming],
        on_file: Callable[[Incoming], None] = lambda _: None,
    ) -> Added:
        """Check, store and append the files.

        Args:
            on_file: called after each file was looked at, from any thread, to show progress.

        Raises:
            ConflictError: code ``order_locked``.
            NotFoundError: no such order.
            ProviderUnavailableError: the engine or the store is out of order; nothing was added.
        """
        actor.require_scope(Scope.ASSETS_WRITE)
        with self.new_work() as work:
            room = self._room(work, writable_order(work, actor, order_id).edited(now=self.clock.now()))
        named = [attrs.evolve(file, name=clean_file_name(file.name)) for file in files]
        with ThreadPoolExecutor(self.parallel) as pool:
            looked_at = list(pool.map(lambda f: self._look(f, room, on_file), named))
        with self.new_work() as work:
            order = writable_order(work, actor, order_id).edited(now=self.clock.now())
            result = self._take(work, actor, order, looked_at)
            work.commit()
        return result

    def _room(self, work: UnitOfWork, order: Order) -> _Room:
        quota = work.users.get(order.owner_id).storage_quota(self.default_quota)
        used = work.assets.used_bytes(order.owner_id)
        return _Room(images=len(work.images.list(order.id)), used=used, quota=quota)

    def _look(self, file: Incoming, room: _Room, on_file: Callable[[Incoming], None]) -> _Accepted | Refusal:
        try:
            return _without_room(file, room) or self._store(file)
        finally:
            on_file(file)

    def _store(self, file: Incoming) -> _Accepted | Refusal:
        try:
            probe = self.engine.probe(file.path)
            check_upload_format(Purpose.ORDER_IMAGE, name=file.name, format=probe.format)
            return _Accepted(file=file, probe=probe, content=self.blobs.ingest("originals", file.path))
        except (ProviderError, LimitReachedError):
            raise
        except I2IError as error:
            return _refusal(file, error)

    def _take(self, work: UnitOfWork, actor: Actor, order: Order, looked_at: Iterable[_Accepted | Refusal]) -> Added:
        present = list(work.images.list(order.id))
        # Uploads into two orders at once must see one another, or both would take the last room of the account.
        work.ledger.lock(work.ledger.account_of(order.owner_id).id)
        room = self._room(work, order)
        used, quota = room.used, room.quota
        added: list[OrderImage] = []
        refused: list[Refusal] = []
        for item in looked_at:
            if isinstance(item, Refusal):
                refused.append(item)
                continue
            try:
                _check_room(present, item)
                check_quota(used=used, adding=item.content.bytes, quota=quota)
            except I2IError as error:
                refused.append(_refusal(item.file, error))
                continue
            image = self._add(work, order, item, position=len(present) + 1)
            present.append(image)
            added.append(image)
            used += item.content.bytes
        return self._finish(work, actor, order, present=present, added=added, refused=refused)

    def _add(self, work: UnitOfWork, order: Order, item: _Accepted, *, position: int) -> OrderImage:
        probe = item.probe
        width, height = (probe.height, probe.width) if probe.is_turned else (probe.width, probe.height)
        asset = Asset(
            id=self.ids.new(), owner_id=order.owner_id, purpose=Purpose.ORDER_IMAGE, format=probe.format,
            bytes=item.content.bytes, width=width, height=height, sha256=item.content.sha256,
            storage_key=item.content.key, original_name=item.file.name, created_at=self.clock.now(),
        )  # fmt: skip
        work.assets.add(asset)
        image = OrderImage(
            id=self.ids.new(), order_id=order.id, position=position, original_name=asset.original_name,
            asset_id=asset.id, bytes=asset.bytes, sha256=asset.sha256, format=asset.format, width=width, height=height,
        )  # fmt: skip
        work.images.add(image)
        return image

    def _finish(
        self, work: UnitOfWork, actor: Actor, order: Order, *, present: list[OrderImage], added: list[OrderImage],
        refused: list[Refusal],
    ) -> Added:  # fmt: skip
        saved = work.orders.save(counted(order, present)) if added else order
        for refusal in refused:
            self.journal.note(
                work, LogType.ERROR, order_id=order.id, actor=actor, message=f"Refused: {refusal.message}"
            )  # fmt: skip
        if added:
            message = f"{len(added)} picture{'' if len(added) == 1 else 's'} added."
            self.journal.note(work, LogType.UPLOAD, order_id=order.id, actor=actor, message=message)
            self.journal.tell(work, "ImagesUploaded", order_id=order.id, count=len(added), total=len(present))
        return Added(order=saved, images=tuple(added), refused=tuple(refused))


def _without_room(file: Incoming, room: _Room) -> Refusal | None:
    """Refuse what finds no room before it is stored, or refused files would fill the disk."""
    try:
        check_upload_size(Purpose.ORDER_IMAGE, name=file.name, size=file.bytes)
        _check_count(room.images, file)
        check_quota(used=room.used, adding=file.bytes, quota=room.quota)
    except I2IError as error:
        return _refusal(file, error)
    return None


def _check_room(present: list[OrderImage], item: _Accepted) -> None:
    twin = next((i for i in present if i.sha256 == item.content.sha256), None)
    if twin is not None:
        raise LimitReachedError(
            f"{item.file.name}: the same picture is in the order as {twin.original_name}.",
            code="duplicate",
            details={"name": item.file.name, "same_as": twin.original_name},
        )
    _check_count(len(present), item.file)


def _check_count(images: int, file: Incoming) -> None:
    if images >= MAX_IMAGES:
        raise LimitReachedError(
            f"{file.name}: an order holds at most {MAX_IMAGES} pictures.",
            code="too_many_images",
            details={"name": file.name, "max_images": MAX_IMAGES},
        )


def _refusal(file: Incoming, error: I2IError) -> Refusal:
    message = error.message if error.message.startswith(file.name) else f"{file.name}: {error.message}"
    return Refusal(name=file.name, code=error.code, message=message, details=error.details)
