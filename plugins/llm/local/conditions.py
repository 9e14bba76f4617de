"""Pictures chosen by what is measured of them: ``landscape shots``, ``if the original is under 2000 px, …``."""

import itertools
from collections.abc import Sequence

from core.domain.editing.conditions import Condition
from core.domain.editing.plan import Cause
from core.domain.editing.scope import Scope
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft, hull
from plugins.llm.local.items import Item

EDGES = {"long": "long_edge", "short": "short_edge", "width": "width", "height": "height"}
INVERSE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
SHAPES = ("portrait", "landscape", "square")
ENLARGING = ("enlarge", "resize")


def find_measured(items: Sequence[Item]) -> list[Item]:
    """Replace ``landscape shots`` and nouns such as ``Querformate`` by one ``where`` item each."""
    found: list[Item] = []
    for item in items:
        before = found[-1] if found else None
        if item.named("scope", "image") and before is not None and before.named("shape", *SHAPES):
            found[-1] = _where(before, item, before.key)
        elif item.named("measured", *SHAPES):
            found.append(_where(item, item, item.key))
        else:
            found.append(item)
    return found


def _where(first: Item, last: Item, shape: str) -> Item:
    condition = Condition(property="orientation", operator="==", value=shape)
    return Item(
        kind="where", key="measured", value=Scope(conditions=(condition,)),
        first=first.first, last=last.last, start=first.start, end=last.end,
    )  # fmt: skip


def select(clauses: Sequence[Clause], draft: Draft) -> None:
    """Give clauses the pictures for which their condition holds; what originals must fulfil becomes a check."""
    _contrast_shapes(clauses)
    for clause in [c for c in clauses if c.has("cond") or _is_rule(clauses, c) or _is_unsaid(clauses, c)]:
        condition, items = _condition(clause)
        if condition is not None:
            _apply(clauses, clause, draft, condition=condition, items=[*clause.all("cond"), *items])


def _is_rule(clauses: Sequence[Clause], clause: Clause) -> bool:
    """Whether a comparison says what originals must fulfil without an ``if``: 原图长边不足1600的退回."""
    is_compared = clause.has("compare") or clause.has("slot", "max")
    if not is_compared or clause.has("act", "resize") or not (clause.has("length") or _plain(clause)):
        return False
    place = next(i for i, c in enumerate(clauses) if c is clause)
    asked = itertools.takewhile(lambda c: _belongs(c, clause), clauses[place + 1 :])
    same = [*(c for c in clauses[: place + 1] if c.sentence == clause.sentence), *asked]
    # "Max 3000 px, don't enlarge" is a size; only what is sent back makes a limit one for originals.
    is_kept = clause.has("compare") and any(c.polarity is Polarity.NOT and c.has("act", "enlarge") for c in same)
    return is_kept or any(c.has("act", "return") for c in same)


def _is_unsaid(clauses: Sequence[Clause], clause: Clause) -> bool:
    """Whether a condition goes without ``if``: ``everything under 1500 px: send it back``."""
    has_length = clause.has("length", "px") or clause.has("megapixels")
    if not (clause.has("slot", "max", "min") or clause.has("compare")) or not has_length:
        return False
    if clause.has("scope", "image") and clause.has("compare"):
        return True
    same = [c for c in clauses if c.sentence == clause.sentence]
    is_about = clause.has("where", "all") or clause.has("thing", "everything") or clause.has("scope", "image")
    return is_about and any(c.has("act", "return", "skip") for c in same)


def _contrast_shapes(clauses: Sequence[Clause]) -> None:
    """Read ``landscape to 3:2, portrait to 2:3``: shapes that are set against each other choose pictures."""
    measured = {i.key for c in clauses for i in c.items if i.named("where", "measured")}
    heads = [c for c in clauses if c.items[0].named("shape", *SHAPES) and _is_head(c, measured)]
    if len({c.items[0].key for c in heads} | measured) > 1:
        for clause in heads:
            shape = clause.items[0].use()
            condition = Condition(property="orientation", operator="==", value=shape.key)
            carried, clause.where = clause.where, Scope(conditions=(condition,))
            place = next(i for i, c in enumerate(clauses) if c is clause)
            for after in clauses[place + 1 :]:
                if after.where not in (None, carried) or not _goes_on(after, clause):
                    break
                after.where = clause.where


def _is_head(clause: Clause, measured: set[str]) -> bool:
    """Whether a shape at the start can choose pictures; beside chosen ones it does so without an aspect too.

    ``Staande foto's naar 4:5, liggende naar 1,91:1. Vierkante laten zoals ze zijn.``
    """
    is_carried = clause.where is None or any(c.property == "orientation" for c in clause.where.conditions)
    if clause.items[0].key in measured or not is_carried:
        return False
    return clause.has("aspect") or (bool(measured) and clause.has("verb", "keep"))


def _goes_on(clause: Clause, head: Clause) -> bool:
    """Whether a clause only adds a measure to the one before: ``portrait to 3:4, width 1200``."""
    kinds = ("edge", "number", "length", "act")
    return clause.sentence == head.sentence and all(i.kind in kinds for i in clause.items)


def _condition(clause: Clause) -> tuple[Condition | None, list[Item]]:
    """Read the comparison of a clause; None when nothing measured is compared."""
    shape = clause.find("shape")
    if shape is not None and not clause.has("length"):
        return Condition(property="orientation", operator="==", value=shape.key), [shape]
    for way in (i for i in clause.items if i.kind == "where" and i.key == "measured"):
        return way.value.conditions[0], [way]
    lengths = [*clause.all("length", "px"), *clause.all("megapixels")]
    length = (lengths[0] if lengths else None) or _plain(clause)
    over = clause.all("compare", "over") + clause.all("slot", "min") + clause.all("side", "top")
    under = clause.all("compare", "under") + clause.all("slot", "max")
    if length is None or not (over or under):
        return None, []
    length = clause.nearest([*over, *under][0], lengths) or length
    edge = next((i for i in clause.items if i.kind == "edge"), None)
    name = "megapixels" if length.kind == "megapixels" else EDGES[edge.key] if edge else "long_edge"
    items = [*over, *under, length, *([edge] if edge else []), *clause.all("thing", "size")]
    operator = ">" if over and not under else "<"
    return Condition(property=name, operator=operator, value=f"{length.value:g}"), items


def _plain(clause: Clause) -> Item | None:
    """Take a bare number for pixels where it can be none else."""
    return next((i for i in clause.all("number") if 200 <= i.value <= 20_000), None)


def _apply(clauses: Sequence[Clause], stated: Clause, draft: Draft, *, condition: Condition, items: list[Item]) -> None:
    scope = Scope(conditions=(condition,))
    cause: Cause | None = stated.cause([i.use() for i in items])
    for image in (
        *stated.all("scope", "image", "all"),
        *stated.all("thing", "everything"),
        *stated.all("where", "all"),
    ):
        image.use()
    is_check = is_prohibited = False
    for clause in _consequences(clauses, stated):
        returns = clause.all("act", "return")
        is_check = is_check or bool(returns)
        for item in returns:
            cause = hull(cause, clause.cause([item.use()]), draft.words)
        if clause.polarity is Polarity.NOT and clause.has("act", *ENLARGING):
            is_prohibited = True
            _forbid(clause, draft)
        elif clause.where is None and not returns:
            clause.where = scope
    if is_check:
        rule = Condition(property=condition.property, operator=INVERSE[condition.operator], value=condition.value)
        draft.put_at("check", {"rule": str(rule), "on_fail": "return"}, cause=cause)
    elif is_prohibited:
        draft.assume("Originals that are too small are never enlarged, as asked.", cause)
    else:
        draft.assume(f"It is done where this holds of the original: {condition}.", cause)


def _forbid(clause: Clause, draft: Draft) -> None:
    """Read ``do not scale it up`` as what it means beside a small original."""
    draft.forbid(clause, [*clause.all("neg"), *clause.all("act", *ENLARGING)], "upscale")


def _consequences(clauses: Sequence[Clause], stated: Clause) -> list[Clause]:
    """Return the clauses that depend on a condition: its own, and those of its sentence up to another condition."""
    place = next(i for i, c in enumerate(clauses) if c is stated)
    same = [c for c in clauses[:place] if c.sentence == stated.sentence and not c.has("cond") and _is_after(clauses, c)]
    after = itertools.takewhile(lambda c: _belongs(c, stated), clauses[place + 1 :])
    return [*same, stated, *after]


def _is_after(clauses: Sequence[Clause], clause: Clause) -> bool:
    """Whether a clause before the condition can only be its consequence: ``tell us if …``."""
    return clause.has("act", "return")


def _belongs(clause: Clause, stated: Clause) -> bool:
    if clause.has("cond"):
        return False
    # "Shorter than 2500 px? Do not enlarge, send back."
    is_answer = clause.joiner == "?" or (clause.joiner in (";", ",") and clause.has("act", "return"))
    return clause.sentence == stated.sentence or (clause.sentence == stated.sentence + 1 and is_answer)
