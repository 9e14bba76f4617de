"""Work on one picture of a run: claim it, render it, store it, settle its credits."""

import datetime as dt
import enum
from contextlib import ExitStack

import attrs

from core.domain.editing.resolve import ImagePlan, resolve
from core.domain.images import ImageStatus
from core.domain.runs import MAX_ATTEMPTS, RunItem, retry_delay
from core.errors import I2IError, LimitReachedError, ProviderUnavailableError
from core.ports.blob_store import BlobStore
from core.ports.clock import Clock
from core.ports.image_engine import ImageEngine, RenderTask
from core.ports.lease_keeper import LeaseKeeper
from core.ports.profiles import ProfileCatalogue
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.plans.proposal import facts, logo_keys
from core.usecases.runs.checking import check_files
from core.usecases.runs.finishing import Finished, ItemFinisher, store_files


class Outcome(enum.StrEnum):
    """What became of a hint."""

    DONE = "done"
    FAILED = "failed"
    RETRY = "retry"
    SKIPPED = "skipped"
    LOST = "lost"


@attrs.frozen(kw_only=True)
class _Work:
    """Everything that is needed to render one picture."""

    source_key: str
    plan: ImagePlan
    logos: dict[str, str]


@attrs.frozen(kw_only=True)
class ProcessItem:
    """Work on one picture if it is still to be done. Calling it twice, late or in two places at once is harmless."""

    new_work: NewWork
    new_reading: NewReading
    blobs: BlobStore
    engine: ImageEngine
    clock: Clock
    leases: LeaseKeeper
    profiles: ProfileCatalogue
    finisher: ItemFinisher
    lease: dt.timedelta

    def __call__(self, *, item_id: str) -> Outcome:
        """Claim, render, store and settle one item.

        Returns:
            What became of it; ``skipped`` when there was nothing to claim, ``lost`` when the lease passed on.
        """
        item = self._claim(item_id)
        if item is None:
            return Outcome.SKIPPED
        if item.attempts > MAX_ATTEMPTS:
            return self._fail(
                item, "poison_image", f"The work died {MAX_ATTEMPTS} times: {item.last_error}".strip(": ")
            )
        try:
            with self.leases.keep(item):
                finished = self._render(item)
        except (ProviderUnavailableError, LimitReachedError) as error:
            return self._try_again(item, error)
        except I2IError as error:
            return self._fail(item, error.code, error.message)
        return Outcome.DONE if self.finisher.done(item, finished) else Outcome.LOST

    def _claim(self, item_id: str) -> RunItem | None:
        now = self.clock.now()
        with self.new_work() as work:
            item = work.runs.claim(item_id, now=now, lease_until=now + self.lease)
            if item is not None:
                self._begin(work, item)
                work.commit()
        return item

    def _begin(self, work: UnitOfWork, item: RunItem) -> None:
        image = work.images.get(item.image_id, for_update=True)
        if image.status is ImageStatus.QUEUED:
            work.images.save(image.to(ImageStatus.PROCESSING))
            self.finisher.journal.tell(work, "ImageStarted", order_id=item.order_id, image=image.id, item=item.id)

    def _render(self, item: RunItem) -> Finished:
        started = self.clock.monotonic_ms()
        with self.new_reading() as reading:
            work = _load(reading, item)
        with ExitStack() as stack:
            source = stack.enter_context(self.blobs.local(work.source_key))
            folder = stack.enter_context(self.blobs.staging())
            logos = {a: stack.enter_context(self.blobs.local(key)) for a, key in work.logos.items()}
            result = self.engine.render(RenderTask(source=source, plan=work.plan, work_dir=folder, files=logos))
            files = store_files(self.blobs, result)
        return Finished(
            result=result,
            files=files,
            checked=check_files(self.profiles, work.plan, result, on=self.clock.now().date()),
            duration_ms=self.clock.monotonic_ms() - started,
        )

    def _try_again(self, item: RunItem, error: I2IError) -> Outcome:
        if item.attempts >= MAX_ATTEMPTS:
            return self._fail(item, error.code, error.message)
        available_at = self.clock.now() + retry_delay(item.attempts)
        given_back = self.finisher.give_back(item, available_at=available_at, error=error.message)
        return Outcome.RETRY if given_back else Outcome.LOST

    def _fail(self, item: RunItem, code: str, message: str) -> Outcome:
        return Outcome.FAILED if self.finisher.failed(item, code=code, message=message) else Outcome.LOST


def _load(reading: UnitOfWork, item: RunItem) -> _Work:
    order = reading.orders.get(item.order_id)
    image = reading.images.get(item.image_id)
    plan = reading.plans.get(order.id, item.plan_revision).plan
    return _Work(
        source_key=reading.assets.get(image.asset_id).storage_key,
        plan=resolve(plan, facts(image, count=order.image_count)),
        logos=logo_keys(reading, order, plan),
    )
