"""Clauses that are about some kind of product only: ``mirrors get no shadow``, ``except scarves``, ``bags stay``.

A product that an instruction names is mostly what all its pictures show. It selects pictures only where the instruction
sets it against another product or against everything else.
"""

from collections.abc import Iterator, Sequence

from core.domain.editing.scope import ALL, Scope
from core.domain.editing.tags import NOUNS, with_kinds
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.items import Item

OPPOSITE = {"left": "facing_right", "right": "facing_left"}
LEADING = ("tagged", "scope", "degree")


def select(clauses: Sequence[Clause]) -> None:
    """Write into each clause that is about a kind of product which one it is."""
    heads = [(clause, nouns) for clause in clauses if (nouns := _heads(clause))]
    for clause in clauses:
        _except(clauses, clause)
    is_against = _is_contrasted(clauses, heads)
    for clause, nouns in heads:
        if clause.where is not None and not clause.where.is_all:
            continue
        if _facing(clause) or clause.has("scope", "only") or _stays(clause) or is_against:
            clause.where = Scope(tags=_tags(nouns) + _facing(clause))
            for noun in nouns:
                noun.use()
            _carry(clauses, clause)
    for clause in clauses:
        if _facing(clause) and clause.where in (None, ALL):
            # "Mirror the shoes facing right": the product stands behind the verb.
            nouns = [i.use() for i in clause.all("tagged") if i.key in NOUNS] if clause.has("act", "flip") else []
            clause.where = Scope(tags=_tags(nouns) + _facing(clause))


def _heads(clause: Clause) -> list[Item]:
    """Return the products with which a clause begins."""
    nouns: list[Item] = []
    for number, item in enumerate(clause.items):
        if item.kind == "shadow" and number == 0 and any(i.kind == "shadow" for i in clause.items[number + 1 :]):
            # The heading of "Shadow: mugs get a contact shadow".
            continue
        if item.named("where", "all") or (item.kind == "colour" and not nouns):
            continue
        if item.kind not in LEADING or (item.kind == "scope" and item.key == "except"):
            break
        if item.kind == "tagged" and item.key in NOUNS:
            nouns.append(item)
    return nouns


def _tags(nouns: Sequence[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(noun.key for noun in nouns))


def _facing(clause: Clause) -> tuple[str, ...]:
    """Return the trait of pictures that a wished direction changes: what shall face left faces right."""
    if clause.has("act", "flip"):
        # "Mirror the shoes facing right": right behind the product it says which; elsewhere it says what for.
        nouns = [n for n, item in enumerate(clause.items) if item.kind == "tagged"]
        shown = [clause.items[n + 1] for n in nouns if n + 1 < len(clause.items)]
        return tuple(f"facing_{i.key}" for i in shown[:1] if i.kind == "facing" and i.key in OPPOSITE)
    ways = [i.key for i in clause.items if i.kind == "facing" and i.key in OPPOSITE]
    return (OPPOSITE[ways[0]],) if ways else ()


def _stays(clause: Clause) -> bool:
    return clause.polarity is Polarity.KEEP and all(i.kind in ("tagged", "verb", "scope", "neg") for i in clause.items)


def _is_contrasted(clauses: Sequence[Clause], heads: Sequence[tuple[Clause, list[Item]]]) -> bool:
    """Whether the products at the heads of clauses are set against one another or against everything else."""
    others = any(c.has("where", "rest") or c.has("thing", "else") for c in clauses)
    own = [(clause, nouns) for clause, nouns in heads if len(clause.items) > len(nouns)]
    if not own:
        return False
    # "Perfume bottles" are one product: only those of another clause can be another one.
    first, *others_named = [[noun.key for noun in nouns] for _, nouns in own]
    is_other = any(not any(_is_kin(one, two) for one in first for two in named) for named in others_named)
    return (
        others or is_other or any(_contradicts(clauses, clause) or _stands_apart(clauses, clause) for clause, _ in own)
    )


def _is_kin(one: str, other: str) -> bool:
    return one in with_kinds(frozenset((other,))) or other in with_kinds(frozenset((one,)))


def _contradicts(clauses: Sequence[Clause], clause: Clause) -> bool:
    """Whether a clause wants another shadow than the clauses that name no product."""
    if not clause.has("shadow"):
        return False
    rest = [c for c in clauses if c is not clause and c.has("shadow") and not any(i.kind == "tagged" for i in c.items)]
    return any(_shadow(c) != _shadow(clause) for c in rest)


def _stands_apart(clauses: Sequence[Clause], clause: Clause) -> bool:
    """Whether a product gets another background than all: ``white background, but the white shirts on light grey``."""
    own = [
        i
        for i in clause.items
        if i.kind == "colour" and any(n.kind == "tagged" and n.last <= i.first for n in clause.items)
    ]
    others = [
        i.key
        for c in clauses
        if c is not clause and c.has("thing", "background")
        for i in c.items
        if i.kind == "colour"
    ]
    return clause.joiner == "but" and bool(own) and bool(others) and own[-1].key not in others


def _shadow(clause: Clause) -> tuple[bool, frozenset[str]]:
    is_none = clause.polarity in (Polarity.NOT, Polarity.REMOVE) or clause.has("neg")
    return is_none, frozenset(i.key for i in clause.items if i.kind == "shadow")


def _carry(clauses: Sequence[Clause], clause: Clause) -> None:
    """Let what follows in the sentence, up to another product or file, be about the same product."""
    for after in _following(clauses, clause):
        is_own = after.where is not None or after.has("scope", "except", "all") or after.has("thing", "else")
        if is_own or any(i.kind == "tagged" for i in after.items):
            return
        after.where = clause.where


def _following(clauses: Sequence[Clause], clause: Clause) -> Iterator[Clause]:
    place = next(i for i, c in enumerate(clauses) if c is clause)
    for after in clauses[place + 1 :]:
        if after.sentence != clause.sentence:
            return
        yield after


def _except(clauses: Sequence[Clause], clause: Clause) -> None:
    """Read ``none, except scarves: soft`` and ``everything on white except the bags``."""
    mark = next((i for i in clause.items if i.named("scope", "except")), None)
    nouns = [i for i in clause.items if i.kind == "tagged" and mark and i.first >= mark.last and i.key in NOUNS]
    if mark is None or not nouns:
        return
    place = next(i for i, c in enumerate(clauses) if c is clause)
    before = [i for i in clause.items if i.first < mark.first and i.kind not in LEADING]
    after = [i for i in clause.items if i.first > nouns[-1].first and i.kind != "tagged"]
    for item in (mark, *nouns):
        item.use()
    if after and not before:
        clause.where = Scope(tags=_tags(nouns))
        _carry(clauses, clause)
        return
    left_out = Scope(not_tags=_tags(nouns))
    clause.where = left_out
    for later in _following(clauses, clause):
        if clause.has("shadow") and later.has("shadow") and later.where is None and later.joiner == ",":
            # "No shadow except on jewellery, which needs a soft reflection."
            later.where = Scope(tags=_tags(nouns))
    for earlier in clauses[:place]:
        if earlier.sentence == clause.sentence and earlier.where is None and not before:
            earlier.where = left_out
