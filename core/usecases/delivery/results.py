"""The finished files of an order, each with its final name."""

import enum
from collections.abc import Iterable, Sequence

import attrs

from core.domain.editing.naming import Deliverable, assign_names
from core.domain.editing.resolve import OutputPlan, resolve
from core.domain.images import ImageStatus, ImageVersion, OrderImage, VersionFile
from core.domain.orders import Order
from core.errors import InvalidInputError, NotFoundError
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewReading, UnitOfWork
from core.usecases.orders.access import readable_order
from core.usecases.plans.proposal import facts


class Which(enum.StrEnum):
    """Which version of a picture is meant."""

    LATEST = "latest"
    APPROVED = "approved"


@attrs.frozen(kw_only=True)
class ResultFile:
    """A finished file: its relative path in a delivery, and where its content is."""

    path: str
    file: VersionFile


@attrs.frozen(kw_only=True)
class ImageResult:
    """What came of one picture; without a version there are no files."""

    image: OrderImage
    version: ImageVersion | None
    files: tuple[ResultFile, ...]


@attrs.frozen(kw_only=True)
class OrderResults:
    """What came of an order."""

    order: Order
    images: tuple[ImageResult, ...]


@attrs.frozen(kw_only=True)
class Choice:
    """A selection of results.

    Args:
        image_ids: None for all pictures.
        outputs: None for all deliverables.
        which: newest or approved versions.
    """

    image_ids: Sequence[str] | None = None
    outputs: Sequence[str] | None = None
    which: Which = Which.LATEST


@attrs.frozen(kw_only=True)
class GetResults:
    """List the finished files of an order under the names in which they are delivered."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str, choice: Choice | None = None) -> OrderResults:
        """Return the results of the chosen pictures.

        Raises:
            NotFoundError: no such order of this user, or a picture that is not in it.
            InvalidInputError: code ``unknown_output``.
        """
        with self.new_reading() as work:
            return collect(work, readable_order(work, actor, order_id), choice or Choice())


def collect(work: UnitOfWork, order: Order, choice: Choice) -> OrderResults:
    """Gather versions and give every file its name; names do not depend on what was chosen.

    Raises:
        NotFoundError: a chosen picture is not in the order.
        InvalidInputError: code ``unknown_output``, when no picture has the chosen output.
    """
    images = work.images.list(order.id)
    unknown = set(choice.image_ids or ()) - {i.id for i in images}
    if unknown:
        raise NotFoundError("The order holds no such picture.", details={"images": sorted(unknown)})
    latest = work.images.latest_versions(order.id)
    versions = {i.id: v for i in images if (v := _version(work, i, choice.which, latest)) is not None}
    paths = _paths(work, order, images, versions)
    wanted = set(choice.image_ids) if choice.image_ids is not None else None
    results = tuple(
        ImageResult(image=i, version=versions.get(i.id), files=_files(i, versions.get(i.id), paths, choice.outputs))
        for i in images
        if (wanted is None or i.id in wanted) and i.status is not ImageStatus.EXCLUDED
    )
    known = {f.output for v in versions.values() for f in v.files}
    missing = sorted(set(choice.outputs or ()) - known)
    if missing and versions:
        raise InvalidInputError(
            f"There is no output {missing[0]!r}; there are {', '.join(sorted(known))}.", code="unknown_output"
        )
    return OrderResults(order=order, images=results)


def _version(work: UnitOfWork, image: OrderImage, which: Which, latest: dict[str, ImageVersion]) -> ImageVersion | None:
    newest = latest.get(image.id)
    if which is Which.LATEST:
        return newest
    if image.approved_version is None or newest is None:
        return None
    return (
        newest if newest.number == image.approved_version else work.images.get_version(image.id, image.approved_version)
    )


def _paths(
    work: UnitOfWork, order: Order, images: Iterable[OrderImage], versions: dict[str, ImageVersion]
) -> dict[str, str]:
    plans = {v.plan_revision: work.plans.get(order.id, v.plan_revision).plan for v in versions.values()}
    deliverables = []
    for image in images:
        version = versions.get(image.id)
        if version is None:
            continue
        resolved = resolve(plans[version.plan_revision], facts(image, count=order.image_count))
        outputs = {o.name: o for o in resolved.outputs}
        for file in version.files:
            output = outputs.get(file.output, OutputPlan(name=file.output, folder="", steps=()))
            deliverables.append(
                Deliverable(
                    key=f"{image.id}/{file.output}", original_name=image.original_name, position=image.position,
                    output=output, format=file.format, order_name=order.name, is_only_output=len(version.files) == 1,
                )
            )  # fmt: skip
    return assign_names(deliverables)


def _files(
    image: OrderImage, version: ImageVersion | None, paths: dict[str, str], outputs: Sequence[str] | None
) -> tuple[ResultFile, ...]:
    if version is None:
        return ()
    return tuple(
        ResultFile(path=paths[f"{image.id}/{file.output}"], file=file)
        for file in version.files
        if outputs is None or file.output in outputs
    )
