"""Faults to be repaired, things to be taken out and parts to be shaped: wishes that need a provider."""

from typing import Any

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

RETOUCHING = "Retouching the product needs an image provider or a retoucher."
REMOVING = "Removing things from a picture needs an image provider or a retoucher."
SHAPING = "Shaping a part of the product needs a retoucher."
# What a clause about an unnamed thing to be removed may not hold: then something else is to be removed.
KNOWN = ("thing", "shadow", "act", "clear", "colour", "format", "account", "wish", "slot", "file", "percent", "name")
NOUNS = ("remove_object", "unknown", "tagged", "part")


def read(clause: Clause, draft: Draft) -> None:
    """Read what is to be repaired, removed or shaped."""
    if clause.polarity in (Polarity.NOT, Polarity.KEEP):
        return
    _shape(clause, draft)
    _repair(clause, draft)
    _remove(clause, draft)


def _repair(clause: Clause, draft: Draft) -> None:
    faults, wishes = clause.all("retouch"), clause.all("wish", "retouch")
    if not (faults or wishes):
        return
    items = [*clause.all("verb", "remove"), *faults, *wishes, *clause.all("tagged", *_regions(clause))]
    items += clause.all("thing", "skin", "texture") + clause.all("region") + clause.all("wish", "remove_object")
    params: dict[str, Any] = {}
    if faults:
        params["targets"] = list(dict.fromkeys(i.key for i in faults))
    if region := _region(clause):
        params["region"] = region
    draft.decline(clause, items, op="retouch", reason=RETOUCHING, params=params)


def _regions(clause: Clause) -> list[str]:
    return [i.key for i in clause.all("tagged")]


def _region(clause: Clause) -> str:
    named = clause.all("region") + clause.all("tagged") + clause.all("part")
    if clause.has("thing", "skin"):
        return "skin"
    return named[0].key.replace("_", " ") if named and clause.where is None else ""


def _remove(clause: Clause, draft: Draft) -> None:
    painting = clause.all("wish", "remove_object")
    if clause.polarity is not Polarity.REMOVE and not painting:
        objects = clause.all("remove_object")
        if objects and all(i.kind in ("remove_object", "retouch", "tagged") for i in clause.items):
            _list(clause, draft, items=objects, named=objects)
        return
    objects = _objects(clause)
    if not objects and not painting and _points_back(clause, draft):
        return
    if not objects:
        if painting:
            draft.decline(clause, painting, op="remove_object", reason=REMOVING)
        return
    items = [*clause.all("verb", "remove"), *painting, *objects]
    # "Remove the person in the background" is about the person.
    items += clause.all("thing", "background") if clause.has("remove_object") else []
    _list(clause, draft, items=items, named=objects)


def _points_back(clause: Clause, draft: Draft) -> bool:
    """Read ``there is a note at the bottom, it has to go``: what the clause before names is to be removed."""
    before = draft.before
    is_bare = all(i.kind in ("verb", "where") for i in clause.items)
    if before is None or before.sentence != clause.sentence or not is_bare or before.has("act"):
        return False
    nouns = [i for i in (*before.all("remove_object"), *before.all("unknown")) if i.end - i.start > 3]
    if not nouns:
        return False
    named = before.all("remove_object") or nouns[-1:]
    draft.decline(before, nouns, op="remove_object", reason=REMOVING, params={"what": _names(before, named)})
    for verb in clause.use("verb", "remove"):
        draft.assume(f"“{clause.words[verb.start : verb.end]}” is about what is named before it.", clause.cause([verb]))
    return True


def _objects(clause: Clause) -> list[Item]:
    marks = clause.all("thing", "logo", "watermark", "words") + clause.all("wish", "ghost_mannequin")
    named = clause.all("remove_object")
    if named or marks:
        run = [i for i in clause.items if i.kind == "unknown" and not i.is_used and _is_beside(i, named)]
        return sorted([*named, *marks, *clause.all("verb", "write"), *run], key=lambda i: i.first)
    others = [i for i in clause.items if (i.kind in KNOWN and not i.named("wish", "remove_object")) or i.is_used]
    nouns = [i for i in clause.all("unknown") if i.end - i.start > 2]
    is_removing = clause.has("verb", "remove") or clause.has("wish", "remove_object")
    return nouns if nouns and not others and is_removing else []


def _is_beside(item: Item, named: list[Item]) -> bool:
    return any(item.last == other.first for other in named)


def _list(clause: Clause, draft: Draft, *, items: list[Item], named: list[Item]) -> None:
    params = {"what": _names(clause, named)}
    draft.decline(clause, items, op="remove_object", reason=REMOVING, params=params)


def _names(clause: Clause, named: list[Item]) -> list[str]:
    """Name the things: by their key, or as written where words that stand side by side name one thing."""
    found: list[str] = []
    run: list[Item] = []
    for item in [*named, None]:
        if item is not None and run and item.first == run[-1].last:
            run.append(item)
            continue
        if run:
            words = " ".join(clause.words[run[0].start : run[-1].end].split()).lower()
            is_known = len(run) == 1 and run[0].kind != "unknown"
            found.append(run[0].key.replace("_", " ") if is_known else words[:100])
        run = [item] if item is not None else []
    return list(dict.fromkeys(found))


def _shape(clause: Clause, draft: Draft) -> None:
    """Read ``sleeves symmetrical`` and ``hem straight``."""
    parts = clause.all("part")
    for wish in clause.all("wish", "symmetry"):
        targets = {"targets": [_plural(p) for p in parts]} if parts else {}
        draft.decline(clause, [wish, *parts], op="symmetry", reason=SHAPING, params=targets)
    acts = clause.all("act", "straighten")
    parts = clause.all("part")
    if acts and parts:
        targets = {"targets": [p.key.replace("_", " ") for p in parts]}
        draft.decline(clause, [*acts, *parts], op="straighten", reason=SHAPING, params=targets)


def _plural(part: Item) -> str:
    word = part.key.replace("_", " ")
    return word if word in ("hem", "waist") or word.endswith("s") else f"{word}s"
