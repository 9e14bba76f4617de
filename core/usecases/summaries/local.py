"""What came of an order in plain words, written from its figures alone: the same order always gets the same text."""

import datetime as dt
from collections import Counter

import attrs

from core.domain.editing.plan import EditPlan
from core.domain.editing.sentences import step_sentence
from core.domain.images import DONE, ImageStatus, ImageVersion, OrderImage
from core.domain.orders import Order
from core.ports.unit_of_work import UnitOfWork

MOST_STEPS = 8
MOST_PICTURES = 10
LAST_ENTRIES = 30


@attrs.frozen(kw_only=True)
class SummaryFacts:
    """What a summary is made of.

    Args:
        versions: the newest of each picture, by picture.
        credits: what the work has cost.
        duration: of all runs together, from their confirmation to their end.
        log: newest entries of the action log, oldest first.
    """

    order: Order
    images: tuple[OrderImage, ...]
    versions: dict[str, ImageVersion]
    plan: EditPlan
    credits: int
    duration: dt.timedelta
    log: tuple[str, ...]

    @property
    def done(self) -> int:
        """Pictures that have a result, be it an earlier one than the last that was tried."""
        return sum(map(is_usable, self.images))

    @property
    def failed(self) -> tuple[OrderImage, ...]:
        """Pictures whose last try failed."""
        return tuple(i for i in self.images if i.status is ImageStatus.FAILED)

    @property
    def flagged(self) -> tuple[OrderImage, ...]:
        """Pictures that should be looked at."""
        return tuple(i for i in self.images if i.status is ImageStatus.NEEDS_RETOUCH)


def is_usable(image: OrderImage) -> bool:
    """Whether there is a result of a picture."""
    return image.status in DONE or image.latest_version > 0


def gather(work: UnitOfWork, order: Order) -> SummaryFacts:
    """Read what a summary is made of."""
    runs = work.runs.list(order.id)
    holds = [item.hold_id for run in runs for item in work.runs.items(run.id)]
    spans = [run.finished_at - run.created_at for run in runs if run.finished_at is not None]
    return SummaryFacts(
        order=order, images=work.images.list(order.id), versions=work.images.latest_versions(order.id),
        plan=work.plans.get(order.id, order.plan_revision).plan if order.plan_revision else EditPlan(),
        credits=work.ledger.hold_totals(holds).captured, duration=sum(spans, dt.timedelta()),
        log=tuple(entry.message for entry in work.log.list(order.id, limit=LAST_ENTRIES)),
    )  # fmt: skip


def local_summary(facts: SummaryFacts) -> str:
    """Write a summary: how many pictures in the first line, then what was done, what failed and why, and the price."""
    lines = [_counts(facts), _steps(facts.plan), _failures(facts), _flags(facts), _price(facts)]
    return "\n".join(line for line in lines if line)


def _counts(facts: SummaryFacts) -> str:
    images, done = facts.images, facts.done
    counts = Counter(image.status for image in images)
    sentences = [f"{done} of {_counted(len(images), 'picture')} finished."]
    kept = done - sum(counts[status] for status in DONE)
    if facts.flagged:
        sentences.append(f"{len(facts.flagged)} should be looked at before delivery.")
    if kept:
        sentences.append(f"{kept} could not be made again and stayed as before, at no cost.")
    if counts[ImageStatus.FAILED] > kept:
        sentences.append(f"{counts[ImageStatus.FAILED] - kept} could not be made and cost nothing.")
    if counts[ImageStatus.EXCLUDED]:
        sentences.append(f"{counts[ImageStatus.EXCLUDED]} were left out.")
    return " ".join(sentences)


def _steps(plan: EditPlan) -> str:
    sentences = list(dict.fromkeys(step_sentence(step) for step in plan.all_steps()))
    return f"What was done: {_listed(sentences, MOST_STEPS)}." if sentences else ""


def _failures(facts: SummaryFacts) -> str:
    failed = [f"{i.original_name} ({_ended(i.failure.message if i.failure else '')})" for i in facts.failed]
    return f"Failed: {_listed(failed, MOST_PICTURES)}." if failed else ""


def _flags(facts: SummaryFacts) -> str:
    flagged = [f"{i.original_name} ({_ended(_reason(i, facts.versions.get(i.id)))})" for i in facts.flagged]
    return f"To be looked at: {_listed(flagged, MOST_PICTURES)}." if flagged else ""


def _reason(image: OrderImage, version: ImageVersion | None) -> str:
    reasons = [f.message for f in version.flags if f.severity == "review"] if version is not None else []
    return " ".join([*([image.note] if image.note else []), *reasons]) or "marked for a retouch"


def _ended(text: str) -> str:
    return text.strip().rstrip(".")


def _listed(parts: list[str], most: int) -> str:
    more = f"; and {len(parts) - most} more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more


def _price(facts: SummaryFacts) -> str:
    return f"{_counted(facts.credits, 'credit')} charged, {_duration(facts.duration)} of work."


def _duration(duration: dt.timedelta) -> str:
    seconds = round(duration.total_seconds())
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
