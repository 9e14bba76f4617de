"""See the plan on one picture before anything is spent."""

from contextlib import ExitStack

import attrs

from core.domain.action_log import LogType
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.resolve import resolve
from core.errors import LimitReachedError, QuestionsOpenError
from core.kernel.actor import Actor
from core.ports.blob_store import BlobStore
from core.ports.image_engine import Flag, ImageEngine, Rendered, RenderTask
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.plans.proposal import facts, logo_keys

PREVIEW_EDGE = 1024
PREVIEWS_PER_ORDER = 10


@attrs.frozen(kw_only=True)
class PreviewFile:
    """One rendered preview: where its content is, and its size in pixels."""

    output: str
    storage_key: str
    format: str
    width: int
    height: int


@attrs.frozen(kw_only=True)
class Preview:
    """What one picture will look like, small, with the reasons to look at it and the previews that are left."""

    files: tuple[PreviewFile, ...]
    flags: tuple[Flag, ...]
    confidence: float | None
    left: int


@attrs.frozen(kw_only=True)
class PreviewPlan:
    """Render one picture small, free of charge."""

    new_work: NewWork
    blobs: BlobStore
    engine: ImageEngine
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, image_id: str, plan: EditPlan | None = None) -> Preview:
        """Render the current plan, or one that is being edited, with sides of at most 1024 px.

        Raises:
            LimitReachedError: code ``previews_used``, after ten previews of an order.
            QuestionsOpenError: the plan has open questions.
            NotFoundError: no such order or picture, or no plan yet.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            image = image_of(work, order_id, image_id)
            self._check_left(work, order_id)
            chosen = check_plan(plan) if plan is not None else work.plans.get(order_id, order.plan_revision).plan
            if chosen.open_questions:
                raise QuestionsOpenError("Answer the open questions of the plan first.")
            source_key = work.assets.get(image.asset_id).storage_key
            logos = logo_keys(work, order, chosen)
        resolved = resolve(chosen, facts(image, count=order.image_count))
        with ExitStack() as stack:
            task = RenderTask(
                source=stack.enter_context(self.blobs.local(source_key)),
                plan=resolved,
                work_dir=stack.enter_context(self.blobs.staging()),
                files={asset: stack.enter_context(self.blobs.local(key)) for asset, key in logos.items()},
                max_edge=PREVIEW_EDGE,
            )
            result = self.engine.render(task)
            files = tuple(self._store(file) for file in result.files)
        left = self._count(actor, order_id, image_id)
        return Preview(files=files, flags=result.flags, confidence=result.confidence, left=left)

    def _store(self, file: Rendered) -> PreviewFile:
        key = f"previews/{file.sha256[:2]}/{file.sha256}"
        self.blobs.put(key, file.path, move=True)
        return PreviewFile(
            output=file.output, storage_key=key, format=file.format, width=file.width, height=file.height
        )  # fmt: skip

    def _check_left(self, work: UnitOfWork, order_id: str) -> int:
        used = sum(e.type is LogType.PREVIEW for e in work.log.list(order_id))
        if used >= PREVIEWS_PER_ORDER:
            raise LimitReachedError(
                f"All {PREVIEWS_PER_ORDER} free previews of this order are used.", code="previews_used"
            )
        return PREVIEWS_PER_ORDER - used

    def _count(self, actor: Actor, order_id: str, image_id: str) -> int:
        """Count a preview that was made (one that failed is not) and return how many are left."""
        with self.new_work() as work:
            left = self._check_left(work, order_id) - 1
            message = f"Preview {PREVIEWS_PER_ORDER - left} of {PREVIEWS_PER_ORDER}."
            self.journal.note(
                work, LogType.PREVIEW, order_id=order_id, actor=actor, image_id=image_id, message=message
            )  # fmt: skip
            work.commit()
        return left
