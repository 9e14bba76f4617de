"""Finding out before the work, from the plan alone, which files it would meet in the folder."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from adapters.cli.session import Session
from adapters.cli.work.delivering import FileExistsConflictError, has_content
from core.domain.editing.naming import EXTENSIONS, Deliverable, assign_names
from core.domain.editing.plan import EditPlan
from core.domain.editing.resolve import OutputPlan, resolve
from core.domain.images import OrderImage
from core.domain.orders import OrderStatus
from core.errors import InvalidInputError
from core.ports.repositories.orders import OrderFilter
from core.usecases.delivery.results import GetResults
from core.usecases.plans.proposal import Proposal, facts, selected
from core.usecases.plans.revise import GetPlan
from core.usecases.queries.orders import GetOrder, ListOrders

EARLIER_ORDERS = 20


@attrs.frozen(kw_only=True)
class Expected:
    """A file that the work will write: where, and from which original."""

    path: Path
    sha256: str
    output: str
    plan: EditPlan


def check_conflicts(
    session: Session, proposals: Sequence[Proposal], folder: Path, *, sources: Iterable[Path], overwrite: bool
) -> None:
    """Refuse work whose files would replace others, before anything is spent.

    A file that an earlier order made from the same original by the same plan is no conflict: the same plan gives
    the same bytes.

    Raises:
        FileExistsConflictError: other files are in the way.
        InvalidInputError: code ``output_is_source``, where an original would be replaced, even with ``overwrite``.
    """
    present = [e for e in _expected(session, proposals, folder) if os.path.lexists(e.path)]
    originals = {path.resolve() for path in sources}
    eaten = [e.path for e in present if e.path.resolve() in originals]
    if eaten:
        raise InvalidInputError(
            f"{eaten[0]} is one of the originals and is not replaced; choose another folder.", code="output_is_source"
        )
    if overwrite or not present:
        return
    known = _earlier(session, present)
    blocked = [e.path for e in present if not any(has_content(e.path, s) for s in known.get((e.sha256, e.output), ()))]
    if blocked:
        raise FileExistsConflictError(blocked)


def _expected(session: Session, proposals: Sequence[Proposal], folder: Path) -> list[Expected]:
    expected = []
    for proposal in proposals:
        view = session.use(GetOrder)(actor=session.actor, order_id=proposal.order.id)
        plan = proposal.revision.plan
        outputs: dict[str, tuple[OrderImage, OutputPlan]] = {}
        items = []
        for image in selected(view.images):
            resolved = resolve(plan, facts(image, count=view.order.image_count)).outputs
            for output in resolved:
                key = f"{image.id}/{output.name}"
                outputs[key] = (image, output)
                items.append(
                    Deliverable(
                        key=key, original_name=image.original_name, position=image.position, output=output,
                        format=_format(output, image), order_name=view.order.name, is_only_output=len(resolved) == 1,
                    )
                )  # fmt: skip
        for key, path in assign_names(items).items():
            image, output = outputs[key]
            expected.append(Expected(path=folder / path, sha256=image.sha256, output=output.name, plan=plan))
    return expected


def _format(output: OutputPlan, image: OrderImage) -> str:
    wanted = (output.params("export") or {}).get("format") or "keep"
    kept = image.format if image.format in EXTENSIONS else "jpeg"
    return kept if wanted == "keep" else wanted


def _earlier(session: Session, wanted: Sequence[Expected]) -> dict[tuple[str, str], set[str]]:
    """Return what the latest orders made of the same originals by the same plan: (original, output) -> digests."""
    plans = [e.plan for e in wanted]
    only = OrderFilter(statuses=frozenset({OrderStatus.COMPLETED}))
    page = session.use(ListOrders)(actor=session.actor, wanted=only, limit=EARLIER_ORDERS)
    found: dict[tuple[str, str], set[str]] = {}
    for order in page.items:
        if session.use(GetPlan)(actor=session.actor, order_id=order.id).revision.plan not in plans:
            continue
        for result in session.use(GetResults)(actor=session.actor, order_id=order.id).images:
            if result.version is not None and result.version.plan_revision == order.plan_revision:
                for file in result.version.files:
                    found.setdefault((result.image.sha256, file.output), set()).add(file.sha256)
    return found
