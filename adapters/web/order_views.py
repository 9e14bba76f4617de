"""Orders under work and review as pages show them: words, tones, addresses and figures."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

import attrs

from adapters.web.plan_views import PlanView, plan_view
from core.domain.editing.revision import PlanRevision
from core.domain.images import BUSY, DONE, ImageStatus, ImageVersion, OrderImage, VersionFile
from core.domain.orders import OrderStatus
from core.ports.image_engine import Severity
from core.usecases.queries.gallery import Gallery

STATE_WORDS: dict[ImageStatus, tuple[str, str]] = {
    ImageStatus.READY: ("Not started", "quiet"),
    ImageStatus.EXCLUDED: ("Left out", "quiet"),
    ImageStatus.QUEUED: ("Queued", "quiet"),
    ImageStatus.PROCESSING: ("Working", "busy"),
    ImageStatus.COMPLETED: ("Finished", "quiet"),
    ImageStatus.NEEDS_RETOUCH: ("Needs retouch", "care"),
    ImageStatus.APPROVED: ("Approved", "good"),
    ImageStatus.FAILED: ("Failed", "bad"),
}
ORDER_WORDS: dict[OrderStatus, tuple[str, str]] = {
    OrderStatus.DRAFT: ("Draft", "quiet"),
    OrderStatus.PLANNING: ("Planning", "busy"),
    OrderStatus.AWAITING_CONFIRMATION: ("To be confirmed", "care"),
    OrderStatus.PROCESSING: ("Working", "busy"),
    OrderStatus.COMPLETED: ("Completed", "good"),
    OrderStatus.FAILED: ("Failed", "bad"),
    OrderStatus.CANCELLED: ("Cancelled", "quiet"),
    OrderStatus.DELETED: ("Deleted", "quiet"),
}
UNITS = ("bytes", "kB", "MB", "GB", "TB")


@attrs.frozen(kw_only=True)
class CardView:
    """A picture as a card.

    Args:
        state, tone: its status in a word and the tone of that word.
        shown: the file on show; None for the original.
        reasons: what should be looked at, the most urgent first.
        is_stale: whether another version than the newest is approved.
    """

    image: OrderImage
    version: ImageVersion | None
    shown: VersionFile | None
    reasons: tuple[str, ...]
    reviews: int
    notes: int
    state: str
    tone: str

    @property
    def is_busy(self) -> bool:
        """Whether it waits for work or is being worked on."""
        return self.image.status in BUSY

    @property
    def is_transparent(self) -> bool:
        """Whether the file on show may be seen through."""
        if self.shown is None:
            return self.image.format in ("png", "webp") and self.version is None
        return bool(self.shown.measures.get("has_alpha"))

    @property
    def is_stale(self) -> bool:
        """Whether an earlier version than the newest is the approved one."""
        return self.image.approved_version not in (None, self.image.latest_version)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of its deliverables."""
        return tuple(f.output for f in self.version.files) if self.version is not None else ()

    @property
    def facts(self) -> str:
        """Size and format of what is shown."""
        file = self.shown or self.image
        return f"{file.width} × {file.height} {file.format.upper()}, {size_words(file.bytes)}"

    def thumbnail(self, size: int) -> str:
        """Return the address of a small picture; a version in it lets browsers keep it."""
        values = {"size": size, "version": self.version.number if self.version is not None else 0}
        if self.shown is not None:
            values["output"] = self.shown.output  # type: ignore[assignment]
        return f"/api/orders/{self.image.order_id}/images/{self.image.id}/thumbnail?{urlencode(values)}"


def card_views(gallery: Gallery, *, output: str = "", ids: Iterable[str] | None = None) -> tuple[CardView, ...]:
    """Return the cards of an order, by position.

    Args:
        output: the deliverable to show; the first of each picture when empty or unknown.
        ids: only these pictures; None for all.
    """
    wanted = None if ids is None else set(ids)
    return tuple(
        _card(image, gallery.versions.get(image.id), output)
        for image in gallery.images
        if wanted is None or image.id in wanted
    )


def _card(image: OrderImage, version: ImageVersion | None, output: str) -> CardView:
    files = version.files if version is not None else ()
    shown = next((f for f in files if f.output == output), files[0] if files else None)
    flags = sorted(version.flags if version is not None else (), key=lambda f: f.severity != Severity.REVIEW)
    reviews = sum(f.severity == Severity.REVIEW for f in flags)
    failure = (image.failure.message,) if image.failure is not None else ()
    note = (image.note,) if image.note else ()
    state, tone = STATE_WORDS[image.status]
    return CardView(
        image=image, version=version, shown=shown, reasons=(*failure, *note, *(f.message for f in flags)),
        reviews=reviews, notes=len(flags) - reviews, state=state, tone=tone,
    )  # fmt: skip


@attrs.frozen(kw_only=True)
class Counts:
    """How many pictures each filter of the gallery shows."""

    all: int
    retouch: int
    failed: int
    approved: int
    open: int
    busy: int
    finished: int


def count_images(images: Iterable[OrderImage]) -> Counts:
    """Count pictures by filter; ``open`` are finished ones that nobody has approved."""
    by = Counter(image.status for image in images)
    approved, finished = by[ImageStatus.APPROVED], sum(by[status] for status in DONE)
    return Counts(
        all=by.total(), retouch=by[ImageStatus.NEEDS_RETOUCH], failed=by[ImageStatus.FAILED], approved=approved,
        open=finished - approved, busy=sum(by[status] for status in BUSY), finished=finished,
    )  # fmt: skip


@attrs.frozen(kw_only=True)
class Wanted:
    """Which pictures of a gallery are looked at: a filter, words in the name, and an output (empty for all)."""

    show: str = "all"
    words: str = ""
    output: str = ""

    def fits(self, card: CardView) -> bool:
        """Whether a picture is shown; one without results may still get this output."""
        status = card.image.status
        in_filter = {
            "open": status in DONE and status is not ImageStatus.APPROVED,
            "retouch": status is ImageStatus.NEEDS_RETOUCH,
            "approved": status is ImageStatus.APPROVED,
            "failed": status is ImageStatus.FAILED,
        }.get(self.show, True)
        has_output = not self.output or not card.outputs or self.output in card.outputs
        return in_filter and has_output and self.words.lower() in card.image.original_name.lower()


def size_words(count: int) -> str:
    """Return a number of bytes in the largest unit that leaves a whole part."""
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {UNITS[unit]}" if unit and value < 10 else f"{value:.0f} {UNITS[unit]}"


def span_words(seconds: float) -> str:
    """Return a length of time in words that do not pretend to be exact."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 55:
        return f"{round(seconds / 5) * 5} seconds"
    minutes = round(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes <= 1 else f"{minutes} minutes"
    hours = seconds / 3600
    return f"{hours:.1f} hours".replace(".0 ", " ") if hours >= 1.05 else "1 hour"


def duration_words(milliseconds: int) -> str:
    """Return how long something took."""
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def work_time(gallery: Gallery) -> dt.timedelta:
    """Return how long the runs of an order took together, from their confirmation to their end."""
    spans = [run.finished_at - run.created_at for run in gallery.runs if run.finished_at is not None]
    return sum(spans, dt.timedelta())


@attrs.frozen(kw_only=True)
class UsedPlan:
    """A plan by which pictures were made; ``is_first`` is the one that the customer confirmed for the order."""

    revision: PlanRevision
    view: PlanView
    pictures: tuple[str, ...]
    is_first: bool


def used_plans(gallery: Gallery, revisions: Iterable[PlanRevision]) -> tuple[UsedPlan, ...]:
    """Return the plans behind the newest versions, and that of the order, the latter first."""
    first, names = gallery.order.plan_revision, {i.id: i.original_name for i in gallery.images}
    by_number: dict[int, list[str]] = {first: []}
    for image_id, version in gallery.versions.items():
        by_number.setdefault(version.plan_revision, []).append(names[image_id])
    used = [r for r in revisions if r.number in by_number]
    return tuple(
        UsedPlan(
            revision=r, view=plan_view(r.plan, lambda cause: ("instruction", cause.start, cause.end)),
            pictures=tuple(by_number[r.number]), is_first=r.number == first,
        )
        for r in sorted(used, key=lambda r: (r.number != first, r.number))
    )  # fmt: skip
