"""Looking at the pictures of an order, so that words such as "the shoes" can be carried out."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import attrs

from core.domain.action_log import LogType
from core.domain.editing.blindness import selects_by_content
from core.domain.editing.plan import EditPlan, PlanWarning, Step
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts
from core.domain.images import OrderImage
from core.domain.model_calls import ModelCall
from core.errors import I2IError, ProviderError
from core.kernel.actor import Actor
from core.ports.blob_store import BlobStore
from core.ports.image_engine import ImageEngine, RenderTask
from core.ports.language_model import Picture
from core.ports.planner import Planner, PlanRequest
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.language.calling import Caller
from core.usecases.language.examining import BATCH, Finding, examine
from core.usecases.language.failing import reason
from core.usecases.plans.proposal import selected

log = logging.getLogger(__name__)
EDGE = 768  # pixels; more costs more and shows no other product
AT_ONCE = 4
LOOKED_AT = "looked_at"
NOT_OPENED = "not every picture could be opened"
SMALL = EditPlan(steps=(Step(op="export", params={"format": "jpeg", "quality": 80}).checked(),))


@attrs.frozen(kw_only=True)
class _Sample:
    """A picture that is to be looked at, and where its content is."""

    image: OrderImage
    key: str


@attrs.frozen(kw_only=True)
class _Glance:
    """What came of looking at some pictures at once.

    Args:
        failure: why they were not all looked at, in plain words; empty when they were.
    """

    samples: tuple[_Sample, ...]
    findings: tuple[Finding, ...] = ()
    calls: tuple[ModelCall, ...] = ()
    failure: str = ""


@attrs.frozen(kw_only=True)
class PictureLooker:
    """Has a language model look at pictures of an order, each one once, and keeps the tags that it finds.

    All pictures without tags are looked at when the brief selects by what they show. Otherwise only the first few are,
    as samples for a planner that makes use of them. Tags that people gave are never changed.

    Args:
        caller: None where no language model is configured.
        vision_samples: how many pictures are samples; 0 never looks at any.
        model_seconds: longest time for one answer.
    """

    new_work: NewWork
    blobs: BlobStore
    engine: ImageEngine
    journal: Journal
    planner: Planner
    local_planner: Planner
    caller: Caller | None
    vision_samples: int = 0
    model_seconds: float = 60.0

    def look(
        self, *, actor: Actor, order_id: str, request: PlanRequest, plan: EditPlan | None = None
    ) -> tuple[PlanRequest, tuple[PlanWarning, ...]]:
        """Return the request with the tags of all pictures, and a warning when the model or the store failed.

        Args:
            plan: what was made of the request; None before there is a plan.
        """
        caller = self.caller
        if caller is None or not (self.vision_samples and caller.card.has_vision):
            return request, ()
        limit = self._limit(request, plan)
        with self.new_work() as work:
            samples = _samples(work, order_id, limit=limit)
        if not samples:
            return request, ()
        size = min(BATCH, caller.card.max_pictures)
        batches = [samples[n : n + size] for n in range(0, len(samples), size)]
        with ThreadPoolExecutor(min(AT_ONCE, len(batches))) as pool:
            glances = list(pool.map(lambda batch: self._glance(caller, batch), batches))
        with self.new_work() as work:
            for glance in glances:
                self._keep(work, glance, order_id=order_id, actor=actor)
            tags = tuple(frozenset(image.tags) for image in work.images.list(order_id))
            work.commit()
        failures = [glance.failure for glance in glances if glance.failure]
        return attrs.evolve(request, tags=tags), tuple(map(_warning, failures[:1]))

    def _limit(self, request: PlanRequest, plan: EditPlan | None) -> int | None:
        """Return how many of the first pictures are looked at; None for all."""
        if selects_by_content(plan or self.local_planner.plan(request)):
            return None
        return self.vision_samples if plan is None and self.planner.name != self.local_planner.name else 0

    def _glance(self, caller: Caller, samples: tuple[_Sample, ...]) -> _Glance:
        calls: list[ModelCall] = []
        shown: list[tuple[_Sample, Picture]] = []
        failure = ""
        for sample in samples:
            try:
                shown += [(sample, picture) for picture in self._pictures(sample)]
            except (I2IError, OSError) as error:
                # To look is an aid: an order is planned without it while the store is away or a file is missing.
                log.warning("A picture was not looked at: %s.", type(error).__name__)
                failure = NOT_OPENED
        samples, pictures = tuple(s for s, _ in shown), [p for _, p in shown]
        if not pictures:
            return _Glance(samples=(), failure=failure)
        try:
            findings = examine(caller, pictures, seconds=self.model_seconds, record=calls.append)
        except ProviderError as error:
            return _Glance(samples=samples, calls=tuple(calls), failure=reason(error))
        return _Glance(samples=samples, findings=findings, calls=tuple(calls), failure=failure)

    def _pictures(self, sample: _Sample) -> Iterator[Picture]:
        """Give the picture small, without its name, place or metadata; nothing when it cannot be rendered."""
        image = sample.image
        facts = ImageFacts(name="picture", position=1, count=1, width=image.width, height=image.height)
        with ExitStack() as stack:
            folder = stack.enter_context(self.blobs.staging())
            source = stack.enter_context(self.blobs.local(sample.key))
            task = RenderTask(source=source, plan=resolve(SMALL, facts), work_dir=folder, max_edge=EDGE)
            try:
                (file,) = self.engine.render(task).files
            except I2IError:
                return
            content = file.path.read_bytes()
        yield Picture(media_type=f"image/{file.format}", content=content, width=file.width, height=file.height)

    def _keep(self, work: UnitOfWork, glance: _Glance, *, order_id: str, actor: Actor) -> None:
        found = {s.image.id: finding for s, finding in zip(glance.samples, glance.findings, strict=False)}
        for image in work.images.list(order_id):
            tags = found[image.id].tags if image.id in found else ()
            if tags and not image.tags:
                work.images.save(attrs.evolve(image, tags=tags))
        seen = [{"image": image_id, **attrs.asdict(finding)} for image_id, finding in found.items()]
        for number, call in enumerate(glance.calls, 1):
            data = {LOOKED_AT: seen} if number == len(glance.calls) else {}
            self.journal.note_call(work, call, order_id=order_id, actor=actor, **data)


def _samples(work: UnitOfWork, order_id: str, *, limit: int | None) -> tuple[_Sample, ...]:
    """Return the pictures that have no tags and were never looked at, among the first ones."""
    entries = (e for e in work.log.list(order_id) if e.type is LogType.MODEL)
    seen = {look["image"] for entry in entries for look in entry.data.get(LOOKED_AT, ())}
    images: Sequence[OrderImage] = selected(work.images.list(order_id))[:limit]
    fresh = [i for i in images if not i.tags and i.id not in seen]
    return tuple(_Sample(image=i, key=work.assets.get(i.asset_id).storage_key) for i in fresh)


def _warning(failure: str) -> PlanWarning:
    return PlanWarning(about=f"The language model did not look at the pictures: {failure}.")
