"""Moods: sentences that describe, report, ask, put off or take back wish for nothing, whatever things they name.

A studio tells what the pictures are like, what others did and what it said before; only what it wishes is planned.
"""

import itertools
from collections.abc import Iterator, Sequence

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

# How far back "don't do that again" may point, in sentences.
REACH = 3
# What "that" can stand for.
NAMED = frozenset(("act", "shadow", "wish", "retouch", "remove_object", "clear", "colour", "facing"))
# What is left for the topics to rule out; the rest of such a clause only goes with it.
CARRIED = frozenset(("act", "shadow", "wish", "retouch", "remove_object", "thing", "neg", "verb", "region"))
# What a check can be about.
ABOUT = frozenset(("thing", "shadow", "colour", "retouch", "remove_object", "clear", "tagged", "size"))
SHARED_KINDS = frozenset(("act", "shadow", "wish", "colour", "clear", "format", "size"))
DOING = frozenset(("act", "wish", "verb"))
# Following clauses of a statement go on with it unless they open a wish of their own.
TURNS = frozenset(("but", "neg", "if"))
OPPOSITE = {Polarity.DO: Polarity.NOT, Polarity.REMOVE: Polarity.KEEP}
DESCRIBED = "“{}” tells how things are; nothing is done for it."
REPORTED = "“{}” tells what was done before or by others; nothing is done for it."
POSTPONED = "“{}” is not for now; nothing is done for it."
UNWANTED = "“{}” is not wanted, as said."
TAKEN_BACK = "“{}” was taken back."
ASKED = "This asks for an answer, not for an edit; look at the pictures, or ask whoever reviews them."
EXAMINED = "Looking at what pictures show is left to whoever reviews them; nothing is edited for it."


def settle(clauses: Sequence[Clause], draft: Draft) -> list[Clause]:
    """Take out the clauses that wish for nothing, each with a word about it; return the others."""
    left = _with_reminders(clauses)
    for clause in left:
        is_meant = clause.feels("meant") and any(i.kind in NAMED for i in clause.items)
        if (clause.feels("unthink") or is_meant) and clause.polarity is Polarity.DO:
            clause.polarity = Polarity.NOT
    left = _without_taken_back(left, draft)
    _refer(left, draft)
    return _without_statements(_without_questions(left, draft), draft)


def _with_reminders(clauses: Sequence[Clause]) -> list[Clause]:
    """Read ``don't forget the shadow`` and ``vergesst den Schatten nicht`` as wishes."""
    kept: list[Clause] = []
    for clause in clauses:
        before = kept[-1] if kept else None
        if before is not None and clause.has("neg") and _is_parted_reminder(before, clause):
            kept.pop()
            clause.items = [*before.items, *clause.items]
        marks = clause.all("act", "cancel") + clause.all("neg")
        if clause.has("act", "cancel") and clause.has("neg") and len(marks) < len(clause.items):
            for item in marks:
                item.kind, item.key = "filler", "polite"
            clause.items = [i for i in clause.items if i.kind != "filler"]
            clause.polarity = Polarity.DO
        kept.append(clause)
    return kept


def _is_parted_reminder(before: Clause, clause: Clause) -> bool:
    """Whether only the grammar parted ``forget`` from what stands before a closing ``not``: no sign is between them."""
    between = clause.words[before.items[-1].end : clause.items[0].start]
    return all(i.named("act", "cancel") for i in before.items) and not any(
        sign in between for sign in ",;.!?:，、。\n-"
    )


def _sentences(clauses: Sequence[Clause]) -> Iterator[list[Clause]]:
    for _, group in itertools.groupby(clauses, key=lambda c: (c.age, c.sentence)):
        yield list(group)


def _without_taken_back(clauses: list[Clause], draft: Draft) -> list[Clause]:
    """Leave out what ``forget that`` takes back: the sentence before, or all of the mail that is answered."""
    gone: list[Clause] = []
    rethinking = {c.sentence for c in clauses if c.feels("rethink", "unthink")}
    for place, clause in enumerate(clauses):
        before = [c for c in clauses[:place] if c.age == clause.age and c.sentence < clause.sentence]
        if _is_pointing(clause):
            own = [
                c for c in clauses[:place] if c.sentence == clause.sentence and any(i.kind in NAMED for i in c.items)
            ]
            last = [c for c in before if c.sentence == before[-1].sentence]
            gone += own or last or [c for c in clauses[:place] if c.age > clause.age]
        elif clause.sentence in rethinking:
            gone += [c for c in before if _shares(c, clause)]
    for clause in gone:
        _silence(clause, draft, about=TAKEN_BACK)
    return [c for c in clauses if not any(c is g for g in gone)]


def _is_pointing(clause: Clause) -> bool:
    """Whether a clause takes back without naming what: ``forget that``."""
    named = any(i.kind in NAMED or i.kind == "thing" for i in clause.items if not i.named("act", "cancel"))
    return clause.has("act", "cancel") and not named


def _shares(clause: Clause, other: Clause) -> bool:
    """Whether two clauses name the same thing to be done."""
    return bool(_subjects(clause) & _subjects(other))


def _subjects(clause: Clause) -> set[tuple[str, str]]:
    return {(i.kind, i.key if i.kind == "act" else "") for i in clause.items if i.kind in SHARED_KINDS}


def _refer(clauses: Sequence[Clause], draft: Draft) -> None:
    """Let ``don't do that again`` and ``we want neither`` rule out what the sentence before named."""
    for place, clause in enumerate(clauses):
        if not _is_ruling_out(clause):
            continue
        is_bare = all(i.kind == "neg" for i in clause.items) and not clause.feels("neither", "redo")
        nearest = clauses[place - 1].sentence if is_bare and place else clause.sentence - REACH
        for meant in (c for c in _meant(clauses, place) if c.sentence >= nearest):
            _rule_out(meant, draft)
        for item in clause.items:
            item.use()


def _rule_out(clause: Clause, draft: Draft) -> None:
    is_about_ground = clause.has("thing", "background") and clause.polarity is Polarity.DO
    clause.polarity = OPPOSITE.get(clause.polarity, clause.polarity)
    draft.assume(UNWANTED.format(clause.cause().words), clause.cause())
    for item in (*clause.moods, *clause.items):
        # A background that others had is not wanted; that says nothing against having one.
        if is_about_ground or item.kind not in CARRIED:
            item.use()
    clause.moods.clear()


def _is_ruling_out(clause: Clause) -> bool:
    """Whether a clause rules something out without naming it."""
    if any(i.kind in NAMED for i in clause.items):
        return False
    is_negated = clause.polarity in (Polarity.NOT, Polarity.KEEP)
    is_bare = all(i.kind == "neg" for i in clause.items)
    return clause.feels("neither", "meant") or (is_negated and (clause.feels("redo") or is_bare))


def _meant(clauses: Sequence[Clause], place: int) -> list[Clause]:
    """Return the clauses of the nearest sentence before that names something to be done."""
    own = clauses[place].sentence
    named = [c for c in clauses[:place] if own - REACH <= c.sentence <= own and any(i.kind in NAMED for i in c.items)]
    return [c for c in named if c.sentence == named[-1].sentence]


def _without_questions(clauses: list[Clause], draft: Draft) -> list[Clause]:
    kept: list[Clause] = []
    has_asked = False
    for sentence in _sentences(clauses):
        if _is_question(sentence):
            has_asked = True
            _answer(sentence, draft, op=None, reason=ASKED)
        elif examined := _examined(sentence):
            has_asked = True
            _answer(examined, draft, op="check", reason=EXAMINED)
            kept += [c for c in sentence if not any(c is e for e in examined)]
        elif has_asked and _is_report(sentence):
            for clause in sentence:
                _silence(clause, draft, about=DESCRIBED)
        else:
            kept += sentence
    return kept


def _is_question(sentence: Sequence[Clause]) -> bool:
    asks = any(c.feels("ask") for c in sentence)
    return sentence[-1].ending in ("?", "？") and asks and not any(c.feels("request") for c in sentence)


def _examined(sentence: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that want the pictures to be looked at: ``check whether the background is white``."""
    start = next((n for n, c in enumerate(sentence) if c.has("act", "audit")), None)
    if start is None or any(c.has("platform") for c in sentence):
        return []
    after = itertools.takewhile(lambda c: not any(i.kind == "act" for i in c.items), sentence[start + 1 :])
    found = [sentence[start], *after]
    return found if any(i.kind in ABOUT for c in found for i in c.items) else []


def _is_report(sentence: Sequence[Clause]) -> bool:
    """Whether a sentence only says who is to be told: ``if not, tell me``."""
    items = [i for c in sentence for i in c.items]
    return any(i.named("act", "return") for i in items) and all(i.kind in ("act", "cond", "neg") for i in items)


def _answer(sentence: Sequence[Clause], draft: Draft, *, op: str | None, reason: str) -> None:
    items = [i for c in sentence for i in (*c.items, *c.moods)]
    draft.decline(sentence[0], items, op=op, reason=reason)


def _without_statements(clauses: list[Clause], draft: Draft) -> list[Clause]:
    kept: list[Clause] = []
    for sentence in _sentences(clauses):
        about = ""
        for clause in sentence:
            about = _about(clause, about)
            if clause.feels("source") and about == DESCRIBED:
                draft.source_edge = max((i.value for i in clause.all("length", "px")), default=0)
            if not about:
                kept.append(clause)
                continue
            stated, wished = _parted(clause, about)
            if about == DESCRIBED and clause.where is not None and not clause.where.is_all:
                kept.append(_spared(clause, stated))
            else:
                _silence(clause, draft, about=about, items=stated)
            if wished:
                clause.items = wished
                kept.append(clause)
    return kept


def _spared(clause: Clause, stated: Sequence[Item]) -> Clause:
    """Keep what is already done from being done again: ``IMG_1 to IMG_3 are already cut out``."""
    for item in (*clause.moods, *(i for i in stated if i.kind not in (*CARRIED, "where"))):
        item.use()
    return Clause(
        items=list(stated), sentence=clause.sentence, joiner=clause.joiner, words=clause.words, where=clause.where,
        outputs=clause.outputs, age=clause.age, polarity=Polarity.NOT,
    )  # fmt: skip


def _about(clause: Clause, before: str) -> str:
    """Tell what a clause is, as the words about it; empty for a wish. A statement goes on through its sentence."""
    is_ruling_out = clause.polarity in (Polarity.NOT, Polarity.KEEP) and not clause.feels("past", "later")
    if clause.has("cond") or clause.has("act", "repeat") or is_ruling_out or _turns(clause):
        return ""
    for mood, about in (("past", REPORTED), ("later", POSTPONED), ("state", DESCRIBED), ("stated", DESCRIBED)):
        if clause.feels(mood) or (mood == "state" and clause.feels("source") and clause.has("length", "px")):
            return about
    # "Shot on green, with a rather warm cast": a fault that is described is no wish.
    is_fault = clause.has("act", "white_balance") and clause.has("unknown")
    is_doing = any(i.kind in DOING and not (is_fault and i.key in ("white_balance", "add")) for i in clause.items)
    if before == DESCRIBED:
        is_told = any(i.kind in ("unknown", "megapixels", "bits") or i.named("thing", "surface") for i in clause.items)
        is_more = clause.joiner == "and" or (clause.joiner == "," and is_told)
        return before if is_more and not is_doing and not clause.is_polite else ""
    return "" if clause.joiner in TURNS or clause.is_polite else before


def _turns(clause: Clause) -> bool:
    """Whether a clause opens with a word that leads back to what is wished: ``so``, ``this time``."""
    return any(m.key == "now" and m.first <= clause.items[0].first for m in clause.moods)


def _parted(clause: Clause, about: str) -> tuple[list[Item], list[Item]]:
    """Part a clause into what it states and what it wishes beside that: ``crop the already white ones``."""
    mark = next((m for m in clause.moods if m.key in ("state", "stated")), None)
    if about != DESCRIBED or mark is None:
        return clause.items, []
    before = [i for i in clause.items if i.first < mark.first]
    after = [i for i in clause.items if i.first > mark.first]
    if mark.key == "stated" and before:
        # Where verbs come last, what is told stands before its word.
        return before, after
    if any(i.kind in DOING for i in before):
        return after, before
    ends = next((n for n, i in enumerate(after) if i.kind == "act"), len(after) - 1) + 1
    if " " in clause.words[mark.start : mark.end]:
        # "Are already cut out on white" tells more than "already cut out" before a noun.
        ends += len(list(itertools.takewhile(lambda i: i.kind in ABOUT, after[ends:])))
    return [*before, *after[:ends]], after[ends:]


def _silence(clause: Clause, draft: Draft, *, about: str, items: Sequence[Item] = ()) -> None:
    cause = clause.cause([i.use() for i in (*(items or clause.items), *clause.moods)])
    draft.assume(about.format(cause.words), cause)
