"""The words of an order as its pages mark them: each clause by what became of it, a brief by page and line."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import attrs

from adapters.web.plan_views import browser_units
from core.domain.briefs import SOFT_BREAK
from core.domain.editing.fates import Fate, FateKind, fates
from core.domain.editing.plan import Cause, EditPlan
from core.domain.orders import Order
from core.usecases.plans.understand import Understanding

PROVIDER, CHANGED = "provider", "changed"
# What pages call the kinds, in the order of the legend; courtesy is not marked.
LEGEND = {
    FateKind.STEP.value: "Will be done", FateKind.CONSTRAINT.value: "Left alone", FateKind.QUESTION.value: "Question",
    PROVIDER: "Needs a provider", FateKind.REFUSAL.value: "Not done",
    FateKind.NOT_UNDERSTOOD.value: "Not understood", FateKind.ASSUMPTION.value: "Assumed",
    FateKind.WARNING.value: "Good to know", CHANGED: "Changed by hand since",
}  # fmt: skip
_NOTHING = frozenset({FateKind.POLITE, FateKind.NOT_UNDERSTOOD})


@attrs.frozen(kw_only=True)
class Mark:
    """Words and what became of them.

    Args:
        kind: a key of ``LEGEND``.
        target: id of the part of the page that they caused; empty for none.
    """

    start: int
    end: int
    kind: str
    target: str = ""

    @property
    def label(self) -> str:
        """The kind in words."""
        return LEGEND[self.kind]


@attrs.frozen(kw_only=True)
class Segment:
    """A stretch of a text, marked or not."""

    text: str
    start: int
    end: int
    mark: Mark | None = None


@attrs.frozen(kw_only=True)
class Line:
    """A line of a document, counted on its page from 1; ``end`` is the break behind it."""

    number: int
    segments: tuple[Segment, ...]
    end: str


@attrs.frozen(kw_only=True)
class Page:
    """A page of a document; ``number`` is 0 where the format has no pages."""

    number: int
    lines: tuple[Line, ...]


def marks_of(text: str, plan: EditPlan, planned: EditPlan | None = None) -> tuple[Mark, ...]:
    """Return what became of every clause of a text.

    Args:
        planned: the plan as it was read, where it was edited since: what came of some words before, and was taken out
            by hand, was not misunderstood.

    A plan that knows no word of the text (a recipe, or words that were changed since) marks nothing.
    """
    found = fates(text, plan)
    before = fates(text, planned) if planned is not None else ()
    if not any(fate.refs for fate in (*found, *before)):
        return ()
    understood = [f for f in before if f.kind not in _NOTHING]
    marks = (_mark(fate, plan, understood) for fate in found)
    return tuple(mark for mark in marks if mark is not None)


def _mark(fate: Fate, plan: EditPlan, understood: Iterable[Fate]) -> Mark | None:
    if fate.kind is FateKind.POLITE:
        return None
    kind = fate.kind.value
    if not fate.refs and any(f.start < fate.end and fate.start < f.end for f in understood):
        kind = CHANGED
    elif kind == FateKind.REFUSAL and _needs_provider(fate, plan):
        kind = PROVIDER
    return Mark(start=fate.start, end=fate.end, kind=kind, target=target_of(fate.refs[0], plan) if fate.refs else "")


def _needs_provider(fate: Fate, plan: EditPlan) -> bool:
    wishes = (ref.split("/")[1] for ref in fate.refs if ref.startswith("unsupported/"))
    return any(plan.unsupported[int(index)].needs_provider for index in wishes)


@attrs.frozen(kw_only=True)
class SourceMark:
    """A mark in one of the texts, ``instruction`` or ``brief``, counted as scripts of a browser count."""

    source: str
    start: int
    end: int
    kind: str


def browser_marks(understanding: Understanding, instruction: str) -> tuple[SourceMark, ...]:
    """Return the marks of words that are still being written, and of the brief beside them."""
    places = understanding.places
    units = {"instruction": browser_units(instruction), "brief": browser_units(places.brief)}
    found = []
    for mark in marks_of(places.text, understanding.plan):
        source, start, end = places.place_of(Cause(start=mark.start, end=mark.end, words=""))
        count = units[source]
        found.append(SourceMark(source=source, start=count(start), end=count(end), kind=mark.kind))
    return tuple(found)


def legend_of(marks: Iterable[Mark | SourceMark]) -> dict[str, str]:
    """Return the kinds that some marks have, with what they are called, in their order."""
    kinds = {mark.kind for mark in marks}
    return {kind: label for kind, label in LEGEND.items() if kind in kinds}


def brief_pages(order: Order) -> tuple[Page, ...]:
    """Return the brief of an order by pages and lines, without marks."""
    return pages_of(order.brief_text, order.brief_pages)


def target_of(ref: str, plan: EditPlan) -> str:
    """Return the id of the part of a page that shows a part of a plan."""
    match ref.split("/"):
        case ["steps", index]:
            return f"step-shared-{index}"
        case ["outputs", output, "steps", index]:
            return f"step-{plan.outputs[int(output)].name}-{index}"
    return ref.replace("/", "-")


def segments(text: str, marks: Iterable[Mark], *, start: int, end: int, at: int = 0) -> Iterator[Segment]:
    """Cut a part of a text where marks begin and end.

    Args:
        start, end: the part, counted like the marks.
        at: where the text begins in what the marks count.
    """
    done = start
    for mark in marks:
        left, right = max(mark.start, done), min(mark.end, end)
        if left >= right:
            continue
        if left > done:
            yield Segment(text=text[done - at : left - at], start=done, end=left)
        yield Segment(text=text[left - at : right - at], start=left, end=right, mark=mark)
        done = right
    if done < end:
        yield Segment(text=text[done - at : end - at], start=done, end=end)


def pages_of(text: str, page_starts: Sequence[int], marks: Sequence[Mark] = (), *, at: int = 0) -> tuple[Page, ...]:
    """Return a document by pages and lines.

    Args:
        page_starts: where each page begins in the text, ascending; empty where the format has no pages.
        marks: ascending; they count characters of a text in which this one begins at ``at``.
    """
    pages: dict[int, list[Line]] = {}
    starts = [mark.start for mark in marks]
    offset = 0
    for words, end in _lines(text):
        page = max(1, bisect_right(page_starts, offset)) if page_starts else 0
        lines = pages.setdefault(page, [])
        number = 1 + _breaks(text, page_starts[page - 1] if page else 0, offset) if not lines else lines[-1].number + 1
        begin, stop = at + offset, at + offset + len(words)
        here = marks[max(0, bisect_right(starts, begin) - 1) : bisect_right(starts, stop)]
        cut = tuple(segments(text, here, start=begin, end=stop, at=at))
        lines.append(Line(number=number, segments=cut, end=end))
        offset += len(words) + len(end)
    return tuple(Page(number=number, lines=tuple(lines)) for number, lines in pages.items())


def _lines(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for place, character in enumerate(text):
        if character in ("\n", SOFT_BREAK):
            yield text[at:place], character
            at = place + 1
    yield text[at:], ""


def _breaks(text: str, start: int, end: int) -> int:
    return text.count("\n", start, end) + text.count(SOFT_BREAK, start, end)
