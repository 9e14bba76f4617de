"""See the plan on one picture before anything is spent."""

from contextlib import ExitStack
from pathlib import Path

import attrs

from core.domain.action_log import LogType
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.resolve import ImagePlan, resolve
from core.domain.images import OrderImage
from core.errors import LimitReachedError, QuestionsOpenError
from core.kernel.actor import Actor
from core.ports.blob_store import BlobStore
from core.ports.image_engine import Flag, ImageEngine, Rendered, RenderTask
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order, writable_order
from core.usecases.plans.preview_files import (
    PREVIEW_EDGE,
    Look,
    PreviewFile,
    find_look,
    keep_look,
    preview_key,
    stored_as,
)
from core.usecases.plans.proposal import facts, logo_keys

PREVIEWS_PER_ORDER = 200
KEY = "preview"


@attrs.frozen(kw_only=True)
class Preview:
    """What one picture will look like, small, with the reasons to look at it and the previews that are left."""

    order_id: str
    files: tuple[PreviewFile, ...]
    flags: tuple[Flag, ...]
    confidence: float | None
    left: int


@attrs.frozen(kw_only=True)
class _Wish:
    order_id: str
    image: OrderImage
    plan: ImagePlan
    source_key: str
    logos: dict[str, str]


@attrs.frozen(kw_only=True)
class PreviewPlan:
    """Render one picture small, free of charge."""

    new_work: NewWork
    blobs: BlobStore
    engine: ImageEngine
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, image_id: str, plan: EditPlan | None = None) -> Preview:
        """Render the current plan, or one that is being edited, with sides of at most 1024 px.

        The same picture with the same steps is rendered and counted once.

        Raises:
            LimitReachedError: code ``previews_used``, after 200 different previews of an order.
            QuestionsOpenError: the plan has open questions.
            NotFoundError: no such order or picture, or no plan yet.
        """
        with self.new_work() as work:
            wish = self._wish(work, actor, order_id=order_id, image_id=image_id, plan=plan)
            key = preview_key(wish.image.sha256, wish.plan, engine=self.engine.name)
            if not _was_counted(work, order_id, key):
                _check_left(work, order_id)
        look = find_look(self.blobs, order_id, key) or self._render(wish, key)
        left = self._count(actor, wish, key)
        return Preview(
            order_id=order_id, files=look.files, flags=look.flags, confidence=look.confidence, left=left
        )  # fmt: skip

    def _wish(self, work: UnitOfWork, actor: Actor, *, order_id: str, image_id: str, plan: EditPlan | None) -> _Wish:
        order = writable_order(work, actor, order_id)
        image = image_of(work, order_id, image_id)
        chosen = check_plan(plan) if plan is not None else work.plans.get(order_id, order.plan_revision).plan
        if chosen.open_questions:
            raise QuestionsOpenError("Answer the open questions of the plan first.")
        return _Wish(
            order_id=order_id, image=image, plan=resolve(chosen, facts(image, count=order.image_count)),
            source_key=work.assets.get(image.asset_id).storage_key, logos=logo_keys(work, order, chosen),
        )  # fmt: skip

    def _render(self, wish: _Wish, key: str) -> Look:
        with ExitStack() as stack:
            folder = stack.enter_context(self.blobs.staging())
            task = RenderTask(
                source=stack.enter_context(self.blobs.local(wish.source_key)),
                plan=wish.plan,
                work_dir=folder,
                files={asset: stack.enter_context(self.blobs.local(key)) for asset, key in wish.logos.items()},
                max_edge=PREVIEW_EDGE,
            )
            result = self.engine.render(task)
            shown = [self._showable(file, folder / f"shown-{n}") for n, file in enumerate(result.files)]
            files = tuple(
                self._store(wish.order_id, f"{key}-{n}", file=file, output=result.files[n].output)
                for n, file in enumerate(shown)
            )
        look = Look(files=files, flags=result.flags, confidence=result.confidence)
        keep_look(self.blobs, wish.order_id, key=key, look=look)
        return look

    def _showable(self, file: Rendered, target: Path) -> Rendered:
        """Return a file that every browser shows in its true colours: that of the plan, or a WebP made from it."""
        if file.format == "tiff" or file.measures.get("colour_space") == "cmyk":
            return self.engine.thumbnail(file.path, edge=PREVIEW_EDGE, target=target)
        return file

    def _store(self, order_id: str, stem: str, *, file: Rendered, output: str) -> PreviewFile:
        name = f"{stem}.{file.format}"
        key = stored_as(order_id, name)
        self.blobs.put(key, file.path, move=True)
        return PreviewFile(
            output=output, name=name, storage_key=key, format=file.format, width=file.width, height=file.height
        )

    def _count(self, actor: Actor, wish: _Wish, key: str) -> int:
        """Count a preview that was made for the first time (one that failed is not) and return how many are left."""
        with self.new_work() as work:
            if _was_counted(work, wish.order_id, key):
                return PREVIEWS_PER_ORDER - _used(work, wish.order_id)
            left = _check_left(work, wish.order_id) - 1
            message = f"Preview {PREVIEWS_PER_ORDER - left} of {PREVIEWS_PER_ORDER}."
            self.journal.note(
                work, LogType.PREVIEW, order_id=wish.order_id, actor=actor, image_id=wish.image.id, message=message,
                data={KEY: key},
            )  # fmt: skip
            work.commit()
        return left


@attrs.frozen(kw_only=True)
class GetPreview:
    """Show a preview that was rendered earlier."""

    new_reading: NewReading
    blobs: BlobStore

    def __call__(self, *, actor: Actor, order_id: str, name: str) -> bytes:
        """Return the content of a preview by its name; previews are kept for a day.

        Raises:
            NotFoundError: no such order of this user, or no such preview of it.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
        with self.blobs.open(stored_as(order_id, name)) as file:
            return file.read()


def _used(work: UnitOfWork, order_id: str) -> int:
    return sum(e.type is LogType.PREVIEW for e in work.log.list(order_id))


def _was_counted(work: UnitOfWork, order_id: str, key: str) -> bool:
    return any(e.type is LogType.PREVIEW and e.data.get(KEY) == key for e in work.log.list(order_id))


def _check_left(work: UnitOfWork, order_id: str) -> int:
    used = _used(work, order_id)
    if used >= PREVIEWS_PER_ORDER:
        raise LimitReachedError(f"All {PREVIEWS_PER_ORDER} free previews of this order are used.", code="previews_used")
    return PREVIEWS_PER_ORDER - used
