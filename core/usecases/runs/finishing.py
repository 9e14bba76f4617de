"""Ending one item in one transaction that the fence guards: version, credits, log, event, counters."""

import datetime as dt
from typing import Any

import attrs

from core.domain.action_log import LogType
from core.domain.assets import Asset, Purpose
from core.domain.images import Failure, ImageVersion, OrderImage, VersionFile, VersionFlag
from core.domain.orders import Order
from core.domain.runs import ItemState, RunItem
from core.kernel.actor import Actor, Channel
from core.ports.blob_store import BlobStore
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.image_engine import Flag, Rendered, RenderResult, Severity
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.credits.bookkeeper import Bookkeeper, Note
from core.usecases.journal import Journal
from core.usecases.runs.checking import Checked
from core.usecases.runs.ending import RunEnder

WORKER = Actor(user_id="system", channel=Channel.WORKER, label="worker")


@attrs.frozen(kw_only=True)
class StoredFile:
    """A rendered file and the key under which it was stored."""

    rendered: Rendered
    key: str


def store_files(blobs: BlobStore, result: RenderResult) -> tuple[StoredFile, ...]:
    """Move rendered files to content-addressed keys, before anything in the database points at them."""
    stored = []
    for file in result.files:
        key = f"results/{file.sha256[:2]}/{file.sha256}"
        blobs.put(key, file.path, move=True)
        stored.append(StoredFile(rendered=file, key=key))
    return tuple(stored)


@attrs.frozen(kw_only=True)
class Finished:
    """A rendered picture whose files are stored and checked."""

    result: RenderResult
    files: tuple[StoredFile, ...]
    checked: Checked
    duration_ms: int


@attrs.frozen(kw_only=True)
class ItemFinisher:
    """Writes the end of an item. Locks are taken in one order everywhere: order, run, item, image, account."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator
    bookkeeper: Bookkeeper
    journal: Journal
    ender: RunEnder

    def done(self, item: RunItem, finished: Finished) -> bool:
        """Store the version and capture the credits; False when the lease passed on or the item was cancelled."""
        with self.new_work() as work:
            order = work.orders.get(item.order_id, for_update=True)
            run = work.runs.get(item.run_id, for_update=True)
            if not work.runs.finish(item.id, fence=item.fence, state=ItemState.DONE):
                return False
            image = work.images.get(item.image_id, for_update=True)
            version = self._version(work, order, image, item=item, finished=finished)
            work.images.add_version(version)
            flagged = any(f.severity == Severity.REVIEW for f in version.flags)
            saved = work.images.save(image.finish(number=version.number, needs_retouch=flagged))
            note = Note(actor=WORKER.label, reason=f"{image.original_name}, version {version.number}")
            self.bookkeeper.capture(work, hold_id=item.hold_id, note=note)
            self._log_done(work, item, saved, version)
            self.ender.count(work, order, run, state=ItemState.DONE)
            work.commit()
        return True

    def failed(self, item: RunItem, *, code: str, message: str) -> bool:
        """Record a final failure and give the credits back; False when the lease passed on."""
        with self.new_work() as work:
            order = work.orders.get(item.order_id, for_update=True)
            run = work.runs.get(item.run_id, for_update=True)
            if not work.runs.finish(item.id, fence=item.fence, state=ItemState.FAILED, error=f"{code}: {message}"):
                return False
            image = work.images.get(item.image_id, for_update=True)
            work.images.save(image.fail(Failure(code=code, message=message)))
            self.bookkeeper.release(work, hold_id=item.hold_id)
            self.journal.note(
                work, LogType.ERROR, order_id=order.id, actor=WORKER, image_id=image.id, run_id=run.id,
                message=f"{image.original_name}: {message}", data={"code": code, "attempts": item.attempts},
            )  # fmt: skip
            self.journal.tell(work, "ImageFailed", order_id=order.id, image=image.id, code=code, message=message)
            self.ender.count(work, order, run, state=ItemState.FAILED)
            work.commit()
        return True

    def give_back(self, item: RunItem, *, available_at: dt.datetime, error: str, refund_attempt: bool = False) -> bool:
        """Put the item back into the queue; False when the lease passed on."""
        with self.new_work() as work:
            back = work.runs.requeue(
                item.id, fence=item.fence, available_at=available_at, error=error, refund_attempt=refund_attempt
            )
            if back:
                work.commit()
        return back

    def _version(
        self, work: UnitOfWork, order: Order, image: OrderImage, *, item: RunItem, finished: Finished
    ) -> ImageVersion:
        kept = []
        for file in finished.files:
            asset = self._asset(order, image, file)
            work.assets.add(asset)
            kept.append(_version_file(file, asset, finished.checked.reports.get(file.rendered.output, ())))
        result, flags = finished.result, (*finished.result.flags, *finished.checked.flags)
        return ImageVersion(
            image_id=image.id, order_id=order.id, number=image.latest_version + 1, base_version=item.base_version,
            run_id=item.run_id, plan_revision=item.plan_revision, files=tuple(kept), created_at=self.clock.now(),
            flags=tuple(_version_flag(f) for f in flags), confidence=result.confidence, engine=result.engine,
            duration_ms=finished.duration_ms, credits=work.ledger.get_hold(item.hold_id).amount,
        )  # fmt: skip

    def _asset(self, order: Order, image: OrderImage, file: StoredFile) -> Asset:
        rendered = file.rendered
        return Asset(
            id=self.ids.new(), owner_id=order.owner_id, purpose=Purpose.RESULT, format=rendered.format,
            bytes=rendered.bytes, width=rendered.width, height=rendered.height, sha256=rendered.sha256,
            storage_key=file.key, original_name=image.original_name, created_at=self.clock.now(),
        )  # fmt: skip

    def _log_done(self, work: UnitOfWork, item: RunItem, image: OrderImage, version: ImageVersion) -> None:
        reasons = [f.message for f in version.flags if f.severity == Severity.REVIEW]
        message = f"{image.original_name}: version {version.number}"
        message += f", to be looked at: {' '.join(reasons)}" if reasons else " finished."
        self.journal.note(
            work, LogType.REPROCESS if item.instruction else LogType.PROCESS, order_id=image.order_id, actor=WORKER,
            image_id=image.id, run_id=item.run_id, version=version.number, prompt=item.instruction,
            model=version.engine, duration_ms=version.duration_ms, message=message,
        )  # fmt: skip
        self.journal.tell(
            work, "ImageProcessed", order_id=image.order_id, image=image.id, version=version.number,
            status=image.status.value,
        )  # fmt: skip


def _version_file(file: StoredFile, asset: Asset, reports: tuple[dict[str, Any], ...]) -> VersionFile:
    rendered = file.rendered
    return VersionFile(
        output=rendered.output, asset_id=asset.id, storage_key=file.key, format=rendered.format, width=rendered.width,
        height=rendered.height, bytes=rendered.bytes, sha256=rendered.sha256, measures=dict(rendered.measures),
        compliance=reports,
    )  # fmt: skip


def _version_flag(flag: Flag) -> VersionFlag:
    return VersionFlag(
        code=flag.code, message=flag.message, severity=flag.severity.value, measured=flag.measured, limit=flag.limit,
        output=flag.output,
    )  # fmt: skip
