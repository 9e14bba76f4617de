"""Moods: sentences that describe, report, ask, put off or take back wish for nothing, whatever things they name.

A studio tells what the pictures are like, what others did and what it said before; only what it wishes is planned.
"""

import itertools
from collections.abc import Sequence

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

# How far back "don't do that again" may point, in sentences.
REACH = 3
# What "that" can stand for.
NAMED = frozenset(("act", "shadow", "wish", "retouch", "remove_object", "clear", "colour", "facing"))
DOING = frozenset(("act", "wish", "verb"))
# Following clauses of a statement go on with it unless they open a wish of their own.
TURNS = frozenset(("but", "neg", "if"))
OPPOSITE = {Polarity.DO: Polarity.NOT, Polarity.REMOVE: Polarity.KEEP}
DESCRIBED = "“{}” tells how things are; nothing is done for it."
REPORTED = "“{}” tells what was done before or by others; nothing is done for it."
POSTPONED = "“{}” is not for now; nothing is done for it."
TAKEN_BACK = "“{}” was taken back."
ASKED = "This asks for an answer, not for an edit; look at the pictures, or ask whoever reviews them."
EXAMINED = "Looking at what pictures show is left to whoever reviews them; nothing is edited for it."


def settle(clauses: Sequence[Clause], draft: Draft) -> list[Clause]:
    """Take out the clauses that wish for nothing, each with a word about it; return the others."""
    left = list(clauses)
    left = _without_taken_back(left, draft)
    _refer(left)
    left = _without_questions(left, draft)
    return _without_statements(left, draft)


def _without_taken_back(clauses: list[Clause], draft: Draft) -> list[Clause]:
    """Leave out what ``forget that`` takes back: the sentence before, or all of the mail that is answered."""
    gone: list[Clause] = []
    for place, clause in enumerate(clauses):
        if not clause.has("act", "cancel") and not clause.feels("rethink"):
            continue
        before = clauses[:place]
        if _is_pointing(clause):
            last = max((c.sentence for c in before if c.age == clause.age and not c.feels("redo")), default=-1)
            gone += [c for c in before if c.sentence == last and c.age == clause.age and c.sentence != clause.sentence]
        elif clause.feels("rethink"):
            gone += [c for c in before if c.sentence != clause.sentence and _shares(c, clause)]
    for clause in gone:
        _silence(clause, draft, about=TAKEN_BACK)
    return [c for c in clauses if not any(c is g for g in gone)]


def _is_pointing(clause: Clause) -> bool:
    """Whether a clause takes back without naming what: ``forget that``."""
    return clause.has("act", "cancel") and not any(
        i.kind in NAMED | {"thing"} for i in clause.items if i.key != "cancel"
    )


def _shares(clause: Clause, other: Clause) -> bool:
    """Whether two clauses name the same thing to be done."""
    kinds = ("act", "shadow", "wish", "colour", "clear", "format", "size")
    named = {(i.kind, i.kind if i.kind != "act" else i.key) for i in other.items if i.kind in kinds}
    return any((i.kind, i.kind if i.kind != "act" else i.key) in named for i in clause.items)


def _refer(clauses: Sequence[Clause]) -> None:
    """Let ``don't do that again`` and ``we want neither`` rule out what the sentence before named."""
    for place, clause in enumerate(clauses):
        if not _is_ruling_out(clause):
            continue
        for meant in _meant(clauses, place):
            meant.polarity = OPPOSITE.get(meant.polarity, meant.polarity)
            meant.moods.clear()
        for item in clause.items:
            item.use()


def _is_ruling_out(clause: Clause) -> bool:
    """Whether a clause rules something out without naming it."""
    if any(i.kind in NAMED for i in clause.items):
        return False
    is_negated = clause.polarity in (Polarity.NOT, Polarity.KEEP)
    is_bare = all(i.kind == "neg" for i in clause.items)
    return clause.feels("neither") or (is_negated and (clause.feels("redo") or is_bare))


def _meant(clauses: Sequence[Clause], place: int) -> list[Clause]:
    """Return the clauses of the nearest sentence before that names something to be done."""
    own = clauses[place].sentence
    same = [c for c in clauses[:place] if c.sentence == own and any(i.kind in NAMED for i in c.items)]
    if same:
        return same
    for sentence in range(own - 1, own - 1 - REACH, -1):
        found = [c for c in clauses[:place] if c.sentence == sentence and any(i.kind in NAMED for i in c.items)]
        if found:
            return found
    return []


def _without_questions(clauses: list[Clause], draft: Draft) -> list[Clause]:
    kept: list[Clause] = []
    has_asked = False
    for _, group in itertools.groupby(clauses, key=lambda c: c.sentence):
        sentence = list(group)
        if _is_examination(sentence):
            has_asked = True
            _answer(sentence, draft, op="check", reason=EXAMINED)
        elif _is_question(sentence):
            has_asked = True
            _answer(sentence, draft, op=None, reason=ASKED)
        elif has_asked and _is_report(sentence):
            for clause in sentence:
                _silence(clause, draft, about=DESCRIBED)
        else:
            kept += sentence
    return kept


def _is_examination(sentence: Sequence[Clause]) -> bool:
    """Whether a sentence wants something about the pictures to be looked at: ``check whether the background is …``."""
    is_about = any(i.kind in ("thing", "shadow", "colour", "retouch") for c in sentence for i in c.items)
    is_of_rules = any(c.has("platform") for c in sentence)
    return sentence[0].has("act", "audit") and is_about and not is_of_rules


def _is_question(sentence: Sequence[Clause]) -> bool:
    return (
        sentence[-1].ending in ("?", "？")
        and sentence[0].feels("ask")
        and not any(c.feels("request") for c in sentence)
    )


def _is_report(sentence: Sequence[Clause]) -> bool:
    """Whether a sentence only says who is to be told: ``if not, tell me``."""
    items = [i for c in sentence for i in c.items]
    return any(i.named("act", "return") for i in items) and all(i.kind in ("act", "cond", "neg") for i in items)


def _answer(sentence: Sequence[Clause], draft: Draft, *, op: str | None, reason: str) -> None:
    whole = sentence[0]
    items = [i for c in sentence for i in (*c.items, *c.moods)]
    draft.decline(whole, items, op=op, reason=reason)


def _without_statements(clauses: list[Clause], draft: Draft) -> list[Clause]:
    kept: list[Clause] = []
    for _, group in itertools.groupby(clauses, key=lambda c: c.sentence):
        about = ""
        for clause in group:
            about = _about(clause, about)
            if not about:
                kept.append(clause)
                continue
            stated, wished = _parted(clause, about)
            clause.items = stated
            _silence(clause, draft, about=about)
            if wished:
                clause.items = wished
                kept.append(clause)
    return kept


def _about(clause: Clause, before: str) -> str:
    """Tell what a clause is, as the words about it; empty for a wish. A statement goes on through its sentence."""
    is_ruling_out = clause.polarity in (Polarity.NOT, Polarity.KEEP)
    if clause.has("cond") or clause.feels("now") or (is_ruling_out and not clause.feels("past", "later")):
        return ""
    for mood, about in (("past", REPORTED), ("later", POSTPONED), ("state", DESCRIBED)):
        if clause.feels(mood):
            return about
    is_doing = any(i.kind in DOING for i in clause.items)
    if before == DESCRIBED:
        return before if clause.joiner == "and" and not is_doing else ""
    return "" if clause.joiner in TURNS or clause.is_polite else before


def _parted(clause: Clause, about: str) -> tuple[list[Item], list[Item]]:
    """Part a clause into what a statement in it covers and what is wished beside it: ``crop the already white ones``."""
    if about != DESCRIBED or not clause.feels("state"):
        return clause.items, []
    mark = next(m for m in clause.moods if m.key == "state")
    before = [i for i in clause.items if i.first < mark.first]
    after = [i for i in clause.items if i.first > mark.first]
    if any(i.kind in DOING for i in before):
        return after, before
    ends = next((n for n, i in enumerate(after) if i.kind == "act"), len(after) - 1)
    return [*before, *after[: ends + 1]], after[ends + 1 :]


def _silence(clause: Clause, draft: Draft, *, about: str) -> None:
    items = [*clause.items, *clause.moods]
    if items:
        cause = clause.cause([i.use() for i in items])
        draft.assume(about.format(cause.words), cause)
