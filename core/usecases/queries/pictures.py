"""What people want to know about the pictures of an order while they review them."""

from collections.abc import Iterable, Sequence

import attrs

from core.domain.action_log import ActionLogEntry, LogType
from core.domain.editing.diff import Difference, compare
from core.domain.editing.plan import EditPlan
from core.domain.images import DONE, ImageStatus, ImageVersion, OrderImage
from core.domain.orders import Order
from core.domain.runs import RunItem
from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewReading, UnitOfWork
from core.usecases.images.access import image_of
from core.usecases.orders.access import readable_order

_MADE = frozenset({LogType.PROCESS, LogType.REPROCESS})
_REFRAMING = frozenset({"rotate", "flip", "straighten", "trim", "crop", "canvas", "subject.place"})


@attrs.frozen(kw_only=True)
class ReviewedImage:
    """A picture as a reviewer meets it.

    Args:
        version: the newest result; None while there is only the original.
        is_reviewed: somebody approved this version or asked for a retouch of it; a flag of the check alone is none.
    """

    image: OrderImage
    version: ImageVersion | None
    is_reviewed: bool


@attrs.frozen(kw_only=True)
class Review:
    """The pictures of an order that take part, by position."""

    order: Order
    images: tuple[ReviewedImage, ...]

    @property
    def ready(self) -> int:
        """How many pictures have a result that can be reviewed."""
        return sum(i.image.status in DONE for i in self.images)

    @property
    def reviewed(self) -> int:
        """How many of them were reviewed."""
        return sum(i.is_reviewed for i in self.images)


@attrs.frozen(kw_only=True)
class VersionStory:
    """A version, and how it came to be.

    Args:
        instruction: words of the customer for this version; empty for the plan of the order.
        changes: how its plan differs from that of the version it continues; from the original, all of it.
        reframed: the outputs whose frame is another than that of the original.
    """

    version: ImageVersion
    instruction: str
    changes: tuple[Difference, ...]
    reframed: tuple[str, ...]


@attrs.frozen(kw_only=True)
class PictureView:
    """All that is known about one picture; versions and log, oldest first."""

    order: Order
    image: OrderImage
    stories: tuple[VersionStory, ...]
    log: tuple[ActionLogEntry, ...]
    is_reviewed: bool


@attrs.frozen(kw_only=True)
class ReviewOrder:
    """Tell which pictures of an order were reviewed."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> Review:
        """Return the pictures that take part, by position.

        Raises:
            NotFoundError: no such order of this user.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            versions = work.images.latest_versions(order_id)
            flagged = _flagged(work.log.list(order_id))
            images = work.images.list(order_id)
        return Review(
            order=order,
            images=tuple(
                ReviewedImage(image=i, version=versions.get(i.id), is_reviewed=_is_reviewed(i, flagged))
                for i in images
                if i.status is not ImageStatus.EXCLUDED
            ),
        )


@attrs.frozen(kw_only=True)
class LookAtPicture:
    """Show one picture with its versions, what changed between them, and what happened to it."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str, image_id: str) -> PictureView:
        """Return the picture.

        Raises:
            NotFoundError: no such order or picture of this user.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            image = image_of(work, order_id, image_id)
            stories = _stories(work, work.images.list_versions(image_id))
            log = tuple(e for e in work.log.list(order_id) if e.image_id == image_id)
        return PictureView(
            order=order, image=image, stories=stories, log=log, is_reviewed=_is_reviewed(image, _flagged(log))
        )  # fmt: skip


def _flagged(log: Iterable[ActionLogEntry]) -> frozenset[tuple[str | None, int | None]]:
    """Return the versions for which somebody asked for a retouch."""
    return frozenset((e.image_id, e.version) for e in log if e.type is LogType.FLAG)


def _is_reviewed(image: OrderImage, flagged: frozenset[tuple[str | None, int | None]]) -> bool:
    if image.status is ImageStatus.APPROVED:
        return True
    return image.status is ImageStatus.NEEDS_RETOUCH and (image.id, image.latest_version) in flagged


def _stories(work: UnitOfWork, versions: tuple[ImageVersion, ...]) -> tuple[VersionStory, ...]:
    if not versions:
        return ()
    order_id = versions[0].order_id
    plans = {n: work.plans.get(order_id, n).plan for n in {v.plan_revision for v in versions}}
    revisions = {v.number: v.plan_revision for v in versions}
    return tuple(
        VersionStory(
            version=v,
            instruction=_item_of(work, v).instruction,
            changes=compare(plans[revisions[v.base_version]] if v.base_version else EditPlan(), plans[v.plan_revision]),
            reframed=_reframed(plans[v.plan_revision]),
        )
        for v in versions
    )


def _reframed(plan: EditPlan) -> tuple[str, ...]:
    if any(s.op in _REFRAMING for s in plan.steps):
        return plan.output_names
    return tuple(o.name for o in plan.outputs if any(s.op in _REFRAMING for s in o.steps))


def _item_of(work: UnitOfWork, version: ImageVersion) -> RunItem:
    return next(i for i in work.runs.items(version.run_id) if i.image_id == version.image_id)


@attrs.frozen(kw_only=True)
class WorkedImage:
    """A picture that can be worked on again, with the log entries of its versions, oldest first."""

    image: OrderImage
    versions: tuple[ActionLogEntry, ...]


@attrs.frozen(kw_only=True)
class VersionsOfOrder:
    """Tell from the action log which versions the pictures of an order have, to continue one of them."""

    new_reading: NewReading

    def __call__(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str] | None = None
    ) -> tuple[WorkedImage, ...]:
        """Return the chosen pictures, or all that take part, by position.

        Raises:
            NotFoundError: no such order of this user, or a picture that is not in it.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            images = tuple(i for i in work.images.list(order_id) if i.status is not ImageStatus.EXCLUDED)
            log = work.log.list(order_id)
        wanted = {i.id for i in images} if image_ids is None else set(image_ids)
        unknown = wanted - {i.id for i in images}
        if unknown:
            raise NotFoundError("The order holds no such picture.", details={"images": sorted(unknown)})
        made: dict[str, list[ActionLogEntry]] = {}
        for entry in log:
            if entry.type in _MADE and entry.image_id and entry.version:
                made.setdefault(entry.image_id, []).append(entry)
        return tuple(WorkedImage(image=i, versions=tuple(made.get(i.id, ()))) for i in images if i.id in wanted)
