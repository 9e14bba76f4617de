"""Pictures of an order and their immutable versions."""

import datetime as dt
import enum
from typing import Any

import attrs

from core.errors import InvalidInputError, InvalidTransitionError


class ImageStatus(enum.StrEnum):
    """Where a picture stands."""

    READY = "ready"
    EXCLUDED = "excluded"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    NEEDS_RETOUCH = "needs_retouch"
    APPROVED = "approved"
    FAILED = "failed"


BUSY = frozenset({ImageStatus.QUEUED, ImageStatus.PROCESSING})
DONE = frozenset({ImageStatus.COMPLETED, ImageStatus.NEEDS_RETOUCH, ImageStatus.APPROVED})

TRANSITIONS: dict[ImageStatus, frozenset[ImageStatus]] = {
    ImageStatus.READY: frozenset({ImageStatus.QUEUED, ImageStatus.EXCLUDED}),
    ImageStatus.EXCLUDED: frozenset({ImageStatus.READY, ImageStatus.QUEUED}),
    ImageStatus.QUEUED: frozenset({ImageStatus.PROCESSING, ImageStatus.READY, ImageStatus.FAILED}) | DONE,
    ImageStatus.PROCESSING: frozenset({ImageStatus.QUEUED, ImageStatus.READY, ImageStatus.FAILED}) | DONE,
    ImageStatus.COMPLETED: frozenset({ImageStatus.APPROVED, ImageStatus.NEEDS_RETOUCH, ImageStatus.QUEUED}),
    ImageStatus.NEEDS_RETOUCH: frozenset({ImageStatus.APPROVED, ImageStatus.QUEUED, ImageStatus.COMPLETED}),
    ImageStatus.APPROVED: frozenset({ImageStatus.COMPLETED, ImageStatus.NEEDS_RETOUCH, ImageStatus.QUEUED}),
    # A retouch that failed leaves the earlier versions usable.
    ImageStatus.FAILED: frozenset({ImageStatus.QUEUED, ImageStatus.APPROVED}),
}


@attrs.frozen(kw_only=True)
class Failure:
    """Why a picture could not be made."""

    code: str
    message: str


CANCELLED_RETRY = Failure(code="cancelled", message="It had failed, and the next try was cancelled.")


@attrs.frozen(kw_only=True)
class OrderImage:
    """One picture of an order.

    Args:
        position: 1-based place.
        asset_id: the uploaded original, which is version 0.
        latest_version: number of the newest version; 0 while there is only the original.
        approved_version: the version the customer approved, if any.
        resume_status: status to which a cancelled or failed reprocess returns.
        tags: what it shows, in words of the list of tags, sorted; empty when nobody looked.
        row_version: counts updates, for optimistic locking.
    """

    id: str
    order_id: str
    position: int
    original_name: str
    asset_id: str
    bytes: int
    sha256: str
    format: str
    width: int
    height: int
    status: ImageStatus = ImageStatus.READY
    latest_version: int = 0
    approved_version: int | None = None
    resume_status: ImageStatus | None = None
    failure: Failure | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    row_version: int = 1

    def to(self, status: ImageStatus) -> "OrderImage":
        """Return the picture in another state.

        Raises:
            InvalidTransitionError: the states are not connected.
        """
        if status not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(
                f"{self.original_name} is {self.status.value.replace('_', ' ')} and cannot become"
                f" {status.value.replace('_', ' ')}.",
                details={"image": self.id, "status": self.status, "wanted": status},
            )
        return attrs.evolve(self, status=status)

    def queue(self) -> "OrderImage":
        """Return the picture waiting for work, remembering where a cancelled run takes it back to.

        Raises:
            InvalidTransitionError: code ``image_busy`` while it is being worked on.
        """
        if self.status in BUSY:
            raise InvalidTransitionError(f"{self.original_name} is being worked on.", code="image_busy")
        return attrs.evolve(self.to(ImageStatus.QUEUED), resume_status=self._resume_status(), failure=None)

    def _resume_status(self) -> ImageStatus:
        if self.status is ImageStatus.FAILED and self.latest_version:
            return ImageStatus.COMPLETED  # the earlier version is still there
        return self.status if self.status in DONE | {ImageStatus.FAILED} else ImageStatus.READY

    def finish(self, *, number: int, needs_retouch: bool) -> "OrderImage":
        """Return the picture with a new version; an earlier approval stays with its own version."""
        status = ImageStatus.NEEDS_RETOUCH if needs_retouch else ImageStatus.COMPLETED
        return attrs.evolve(self.to(status), latest_version=number, resume_status=None, failure=None, note="")

    def fail(self, failure: Failure) -> "OrderImage":
        """Return the picture after its work failed for good; earlier versions stay usable."""
        return attrs.evolve(self.to(ImageStatus.FAILED), failure=failure)

    def cancel(self) -> "OrderImage":
        """Return the picture as it was before the run; one that had failed can still be tried again."""
        status = self.resume_status or ImageStatus.READY
        failure = CANCELLED_RETRY if status is ImageStatus.FAILED else None
        return attrs.evolve(self.to(status), resume_status=None, failure=failure)

    def approve(self, version: int | None = None) -> "OrderImage":
        """Return the picture with a version approved (the newest when none is named).

        Raises:
            InvalidInputError: code ``unknown_version``.
            InvalidTransitionError: there is no finished version.
        """
        approved = self if self.status is ImageStatus.APPROVED else self._reviewed(ImageStatus.APPROVED)
        number = self.latest_version if version is None else version
        if not 1 <= number <= self.latest_version:
            raise InvalidInputError(
                f"{self.original_name} has no version {number}.", code="unknown_version", details={"version": number}
            )
        return attrs.evolve(approved, approved_version=number, note="")

    def flag(self, note: str) -> "OrderImage":
        """Return the picture on the retouch list, with what is wrong; the check may have put it there already."""
        flagged = self if self.status is ImageStatus.NEEDS_RETOUCH else self._reviewed(ImageStatus.NEEDS_RETOUCH)
        return attrs.evolve(flagged, approved_version=None, note=note)

    def reopen(self) -> "OrderImage":
        """Return the picture to review."""
        return attrs.evolve(self._reviewed(ImageStatus.COMPLETED), approved_version=None, note="")

    def _reviewed(self, status: ImageStatus) -> "OrderImage":
        """Return a finished picture in another state of review; the end of work alone decides on one that is busy."""
        if self.status in BUSY:
            raise InvalidTransitionError(f"{self.original_name} is being worked on.", code="image_busy")
        return self.to(status)


@attrs.frozen(kw_only=True)
class VersionFile:
    """One finished file of a version.

    Args:
        output: name of the deliverable.
        asset_id: the stored file.
        storage_key: key in the blob store.
        measures: figures of quality and compliance, JSON-ready.
        compliance: reports of the profiles it was checked against, JSON-ready.
    """

    output: str
    asset_id: str
    storage_key: str
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    measures: dict[str, Any] = attrs.field(factory=dict)
    compliance: tuple[dict[str, Any], ...] = ()


@attrs.frozen(kw_only=True)
class VersionFlag:
    """A reason to look at a version; ``review`` reasons put the picture on the retouch list."""

    code: str
    message: str
    severity: str
    measured: float | None = None
    limit: float | None = None
    output: str = ""


@attrs.frozen(kw_only=True)
class ImageVersion:
    """An immutable result: number is the previous plus one, and nothing about it ever changes.

    Args:
        base_version: the version whose plan it continues; 0 for the original.
        plan_revision: the plan that made it.
        credits: what it cost.
    """

    image_id: str
    order_id: str
    number: int
    base_version: int
    run_id: str
    plan_revision: int
    files: tuple[VersionFile, ...]
    created_at: dt.datetime
    flags: tuple[VersionFlag, ...] = ()
    confidence: float | None = None
    engine: str = ""
    duration_ms: int = 0
    credits: int = 0
