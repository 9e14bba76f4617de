"""What became of every clause of a text: nothing that somebody wrote is lost without a word."""

import enum
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import attrs

from core.domain.editing.courtesy import is_courtesy, is_head_line
from core.domain.editing.plan import Cause, EditPlan


class FateKind(enum.StrEnum):
    """What became of some words."""

    STEP = "step"
    CONSTRAINT = "constraint"
    QUESTION = "question"
    REFUSAL = "refusal"
    ASSUMPTION = "assumption"
    WARNING = "warning"
    NOT_UNDERSTOOD = "not_understood"
    POLITE = "polite"


@attrs.frozen(kw_only=True)
class Fate:
    """Words and what became of them.

    Args:
        start, end: offsets in the text.
        refs: what they caused, as places in the document of the plan: ``steps/0``, ``outputs/1/steps/2``,
            ``questions/0``; the first one gave the kind. Empty for words that caused nothing.
    """

    start: int
    end: int
    words: str
    kind: FateKind
    refs: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class _Effect:
    """One thing that a plan holds because of some words; of several, the lowest rank gives the kind."""

    start: int
    end: int
    kind: FateKind
    ref: str
    is_settled: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        return self.is_settled, _RANKS.index(self.kind)


_RANKS = (
    FateKind.REFUSAL, FateKind.QUESTION, FateKind.STEP, FateKind.CONSTRAINT, FateKind.NOT_UNDERSTOOD,
    FateKind.ASSUMPTION, FateKind.WARNING,
)  # fmt: skip
_BREAK = re.compile(r"\n|[。！？；，、।•|]|[.!?;,](?=\s|$)|\s[-–—](?=\s)")
_SENTENCE = re.compile(r"[。！？]|[.!?](?=\s)")
_NUMBERING = re.compile(r"\W*(?:\d{1,3}|[^\W\d_])")
_WORD = re.compile(r"\w")
_LINE_BREAK = re.compile(r"\n")
_LABEL = (":", "：")
_ENDS = frozenset(".!?;:,")
# No line of a column of text is shorter and full.
WRAPPED = 40
# Clauses that one thing can come from all of.
NEAR = 4
# Characters of words that say one thing although a dot is in them, and of an addition to what was said.
LONG, SHORT = 100, 20
Span = tuple[int, int]


def fates(text: str, plan: EditPlan) -> tuple[Fate, ...]:
    """Return what became of every clause, in the order of the text; together they hold every word of it.

    Words of a clause that caused nothing belong to the part of it that did, because a planner lists what it does not
    understand; so does a word or two after a comma, and a label belongs to what it introduces. Another clause of
    which nothing came is courtesy, or was not understood.

    Args:
        text: what the planner read; causes count its characters. Causes whose words do not stand there are passed
            over.
    """
    effects = [e for e in _effects(text, plan) if _WORD.search(text, e.start, e.end)]
    wide = [e for e in effects if _is_wide(text, e)]
    narrow = [e for e in effects if not _is_wide(text, e)]
    clauses = _clauses(text, narrow)
    caused = _by_clause(clauses, narrow, wide)
    is_in_head = _heads(text)
    found: list[Fate] = []
    label: int | None = None
    is_courtesy_before = False
    for number, (start, end) in enumerate(clauses):
        words = text[start:end]
        if number in caused:
            first, *others = _parts(text, (start, end), caused[number])
            found += [_reaching(text, first, start=label), *others]
            label, is_courtesy_before = None, False
            continue
        is_courtesy_before = is_in_head(start) or is_courtesy(words, after_courtesy=is_courtesy_before)
        if is_courtesy_before:
            found.append(Fate(start=start, end=end, words=words, kind=FateKind.POLITE))
        elif number + 1 in caused and words.endswith(_LABEL):
            label = start
        elif found and _is_addition(found[-1], words):
            found[-1] = _reaching(text, found[-1], end=end)
        else:
            found.append(Fate(start=start, end=end, words=words, kind=FateKind.NOT_UNDERSTOOD))
    return tuple(found)


def _reaching(text: str, fate: Fate, *, start: int | None = None, end: int | None = None) -> Fate:
    """Return a fate that begins earlier or ends later."""
    start, end = fate.start if start is None else start, fate.end if end is None else end
    return attrs.evolve(fate, start=start, end=end, words=text[start:end])


def _heads(text: str) -> Callable[[int], bool]:
    """Return what tells whether a place is in a head line; each line is looked at once, however many clauses it has."""
    starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text)), len(text) + 1]

    @cache
    def is_head(number: int) -> bool:
        return is_head_line(text[starts[number] : starts[number + 1] - 1])

    return lambda at: is_head(bisect_right(starts, at) - 1)


def _is_wide(text: str, effect: _Effect) -> bool:
    """Whether some words are several sentences; a short piece of a line is not, whatever dots are in it."""
    has_lines = text.find("\n", effect.start, effect.end) >= 0
    is_long = effect.end - effect.start > LONG and _SENTENCE.search(text, effect.start, effect.end) is not None
    return has_lines or is_long


def _is_addition(before: Fate, words: str) -> bool:
    is_short = len(words) <= SHORT and len(words.split()) <= 2
    return is_short and bool(before.refs) and before.words.endswith((",", "、", "，"))


def causes(plan: EditPlan) -> Iterator[Cause]:
    """Yield the words behind everything in a plan, with repeats."""
    yield from (cause for _, _, cause, _ in _caused(plan) if cause is not None)


def _effects(text: str, plan: EditPlan) -> Iterator[_Effect]:
    for ref, kind, cause, is_settled in _caused(plan):
        if cause is not None and text[cause.start : cause.end] == cause.words:
            yield _Effect(start=cause.start, end=cause.end, kind=kind, ref=ref, is_settled=is_settled)


def _caused(plan: EditPlan) -> Iterator[tuple[str, FateKind, Cause | None, bool]]:
    """Yield everything in a plan with its place, its kind, and whether it stops nothing and is told after the rest."""
    for i, step in enumerate(plan.steps):
        yield f"steps/{i}", FateKind.STEP, step.cause, False
    for o, output in enumerate(plan.outputs):
        for i, step in enumerate(output.steps):
            yield f"outputs/{o}/steps/{i}", FateKind.STEP, step.cause, False
    for i, constraint in enumerate(plan.constraints):
        yield f"constraints/{i}", FateKind.CONSTRAINT, constraint.cause, False
    for i, question in enumerate(plan.questions):
        yield f"questions/{i}", FateKind.QUESTION, question.cause, not question.is_open
    for i, wish in enumerate(plan.unsupported):
        kind = FateKind.REFUSAL if wish.refused or wish.op is not None else FateKind.NOT_UNDERSTOOD
        yield f"unsupported/{i}", kind, wish.cause, False
    for i, assumption in enumerate(plan.assumptions):
        yield f"assumptions/{i}", FateKind.ASSUMPTION, assumption.cause, True
    for i, warning in enumerate(plan.warnings):
        yield f"warnings/{i}", FateKind.WARNING, warning.cause, True


def _clauses(text: str, effects: Iterable[_Effect]) -> list[Span]:
    """Cut a text into clauses with words in them; words of one cause stay together."""
    together = _merged((e.start, e.end) for e in effects)
    starts = [start for start, _ in together]
    clauses: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        around = bisect_left(starts, match.start()) - 1
        is_inside = around >= 0 and match.end() < together[around][1]
        if not (is_inside or _NUMBERING.fullmatch(text, start, match.start()) or _is_wrapped(text, match)):
            _append(clauses, text, start, match.end())
            start = match.end()
    _append(clauses, text, start, len(text))
    return clauses


def _is_wrapped(text: str, match: re.Match[str]) -> bool:
    """Whether a line ended because it was full, as in a PDF: a long one that goes on in small letters."""
    at = match.start()
    if match.group() != "\n" or text[at - 1 : at] in _ENDS:
        return False
    return at - text.rfind("\n", 0, at) > WRAPPED and text[at + 1 : at + 2].islower()


def _append(clauses: list[Span], text: str, start: int, end: int) -> None:
    if _WORD.search(text, start, end):
        lead = len(text[start:end]) - len(text[start:end].lstrip())
        clauses.append((start + lead, start + len(text[start:end].rstrip())))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _by_clause(clauses: Sequence[Span], narrow: Iterable[_Effect], wide: Iterable[_Effect]) -> dict[int, list[_Effect]]:
    """Return what each clause caused, by its number.

    What comes from several sentences, as a question about two values that contradict each other, is told where it
    begins and ends, and between them where nothing else is and they are near.
    """
    starts, ends = [start for start, _ in clauses], [end for _, end in clauses]
    found: dict[int, list[_Effect]] = {}
    for effect in narrow:
        found.setdefault(bisect_right(ends, effect.start), []).append(effect)
    alone = set(range(len(clauses))) - found.keys()
    for effect in wide:
        first, last = bisect_right(ends, effect.start), bisect_left(starts, effect.end) - 1
        between = alone & set(range(first, last)) if last - first < NEAR else set()
        for number in {first, last} | between:
            start, end = clauses[number]
            part = attrs.evolve(effect, start=max(effect.start, start), end=min(effect.end, end))
            found.setdefault(number, []).append(part)
    return found


def _parts(text: str, clause: Span, effects: Sequence[_Effect]) -> Iterator[Fate]:
    """Cut a clause between the words that caused different things."""
    spans = _merged((e.start, e.end) for e in effects)
    cuts = [clause[0], *(_cut(text, left[1], right[0]) for left, right in pairwise(spans)), clause[1]]
    for (start, end), (first, last) in zip(pairwise(cuts), spans, strict=True):
        here = sorted((e for e in effects if first <= e.start < last), key=lambda e: (e.rank, e.start, e.ref))
        words = text[start:end].rstrip()
        yield Fate(start=start, end=start + len(words), words=words, kind=here[0].kind, refs=tuple(e.ref for e in here))


def _cut(text: str, left: int, right: int) -> int:
    """Return where words between two causes part: behind the word that the first one ends in."""
    while left < right and _WORD.match(text, left):
        left += 1
    return left + len(text[left:right]) - len(text[left:right].lstrip())
