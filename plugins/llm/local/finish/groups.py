"""Pictures that belong together: which part of their names tells the product, and which one the view."""

import re
from collections.abc import Sequence

import attrs

from plugins.llm.local.clauses import Clause
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

# The view that shows through the opening of the garment; the other one is the base.
INNER = frozenset(("n", "neck", "inner", "inside", "back", "b", "label", "collar"))
END = re.compile(r"[_-]\w{1,12}")
TOKEN = re.compile(r"^\{(\w+)\}[_-]([\w-]+)$")


def settle(clauses: Sequence[Clause], draft: Draft) -> None:
    """Complete wishes to put pictures together with the ends of their names."""
    ops = {wish.op for wish in draft.unsupported}
    if not ops & {"group", "ghost_mannequin"}:
        return
    key, ends = _ends(clauses)
    if "group" not in ops and len(ends) > 1:
        whole = next(w for w in draft.unsupported if w.op == "ghost_mannequin")
        draft.unsupported.append(attrs.evolve(whole, op="group", params={}))
        ops = ops | {"group"}
    for place, wish in enumerate(draft.unsupported):
        if wish.op == "group" and len(ends) > 1:
            params = {"by": "regex", "pattern": _expression(key, ends), "key": key}
            draft.unsupported[place] = attrs.evolve(wish, params=params | wish.params)
        if wish.op == "ghost_mannequin" and len(ends) > 1:
            inner = next((e for e in ends if e.casefold() in INNER), ends[1])
            base = next(e for e in ends if e != inner)
            draft.unsupported[place] = attrs.evolve(wish, params={"base": base, "insert": inner} | wish.params)
    if {"group", "ghost_mannequin"} <= ops and not draft.is_cut_out:
        # A hollow garment that is put together of several pictures comes cut out.
        for step in draft.having("background.remove"):
            draft.drop(step)


def _ends(clauses: Sequence[Clause]) -> tuple[str, list[str]]:
    """Return the name of what is before the ends of names, and the ends in the order in which they are mentioned."""
    key, ends = "style", []
    for item in (i for c in clauses for i in c.items):
        if item.kind == "pattern" and (found := TOKEN.match(item.key)):
            key = found[1]
            ends.append(found[2])
        if item.kind == "pattern" and END.fullmatch(item.key):
            ends.append(item.key.strip("_-"))
        ends += _of_globs(item)
    return key, list(dict.fromkeys(ends))


def _of_globs(item: Item) -> list[str]:
    if item.kind != "where" or item.key != "files":
        return []
    return [g.lstrip("*").lstrip("_-") for g in item.value.globs if g.startswith("*") and len(g) > 1]


def _expression(key: str, ends: Sequence[str]) -> str:
    is_short = all(len(e) == 1 for e in ends)
    views = f"[{''.join(map(re.escape, ends))}]" if is_short else "|".join(map(re.escape, ends))
    return f"^(?P<{key}>.+)_(?P<view>{views})$"
