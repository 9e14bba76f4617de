"""Sizes, edges, aspects, paper and crops; their steps are decided at the end, in ``finish.frames``."""

from collections.abc import Sequence
from typing import Any

from core.domain.editing.plan import Question
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

EDGES = {"long": "long_edge", "short": "short_edge", "width": "width", "height": "height"}
SIZES = frozenset(("width", "height", "long_edge", "short_edge", "aspect", "is_square"))
PAPER_OR_PIXELS = "The instruction gives a printed size and a size in pixels. Which holds?"
SMALLEST = 16
LARGEST = 30_000


def read(clause: Clause, draft: Draft) -> None:
    """Collect everything that a clause says about the size of the picture."""
    if clause.polarity in (Polarity.NOT, Polarity.KEEP):
        _refuse_bleed(clause, draft)
        return
    verbs = _verbs(clause)
    for size in clause.all("size"):
        _set(clause, draft, [size, *verbs], **_size(size))
    for paper in clause.all("paper"):
        width, height = (float(n) for n in paper.key.split("x"))
        _set(clause, draft, [paper], width=width, height=height, unit="mm", via="canvas")
    for length in [*clause.all("length"), *clause.all("number")]:
        _length(clause, draft, length=length, verbs=verbs)
    for aspect in clause.all("aspect"):
        _set(clause, draft, [aspect, *verbs], aspect=aspect.value, via=_via(clause))
    for share in clause.all("percent"):
        if any(v.named("act", "resize", "enlarge") for v in verbs) and not clause.has("slot"):
            reason = "A size relative to the original is not possible; give it in pixels."
            draft.decline(clause, [share, *verbs, *clause.all("thing", "everything")], op="resize", reason=reason)
    _shape(clause, draft, verbs=verbs)
    _crop(clause, draft)
    for enlarge in clause.all("act", "enlarge"):
        _set(clause, draft, [enlarge], enlarge=True)
    for small in clause.all("act", "shrink"):
        _set(clause, draft, [small], is_small=True)


def _refuse_bleed(clause: Clause, draft: Draft) -> None:
    if bleeds := clause.use("slot", "bleed"):
        draft.assume("No bleed is added, as asked.", clause.cause([*clause.use("neg"), *bleeds]))


def _verbs(clause: Clause) -> list[Item]:
    return [*clause.all("act", "resize", "enlarge"), *clause.all("canvas"), *clause.all("thing", "size", "framing")]


def _via(clause: Clause) -> str:
    if clause.has("act", "crop"):
        return "crop"
    if clause.has("canvas"):
        return "canvas"
    return "resize" if clause.has("act", "resize", "enlarge", "shrink") else ""


def _size(item: Item) -> dict[str, Any]:
    width, height = item.value
    return {"width": width, "height": height, "unit": item.key}


def _set(clause: Clause, draft: Draft, items: Sequence[Item], **fields: Any) -> None:
    fields.setdefault("via", _via(clause))
    if clause.has("act", "enlarge"):
        fields["enlarge"] = True
    for frame in draft.frame_for(clause, items):
        is_in_pixels = bool(fields.get("long_edge")) or (fields.get("unit") == "px" and bool(SIZES & set(fields)))
        if frame.unit != "px" and frame.width and frame.height and is_in_pixels:
            # A printed size and a size in pixels: only the customer knows which holds.
            draft.ask(Question(key="paper_or_pixels", about=PAPER_OR_PIXELS, cause=frame.cause))
            continue
        if frame.age != draft.age and SIZES & {n for n, v in fields.items() if v}:
            frame.width = frame.height = frame.long_edge = frame.short_edge = None
            frame.aspect, frame.is_square, frame.unit = None, False, "px"
            draft.assume("The newer mail holds where it differs from an older one.", frame.cause)
        frame.age = draft.age
        for name, value in fields.items():
            if value:
                setattr(frame, name, value)


def _length(clause: Clause, draft: Draft, *, length: Item, verbs: Sequence[Item]) -> None:
    keywords = [
        *[i for i in clause.items if i.kind in ("edge", "shape", "aspect")],
        *clause.all("slot", "margin", "bleed", "fade", "quality", "fill"),
        *[i for i in clause.items if i.named("act", "trim")],
    ]
    keyword = clause.nearest(length, keywords)
    if keyword is None and draft.topic == "naming":
        return
    is_plain = length.kind == "number"
    if is_plain and (keyword is None or not _fits(length.value)) and not (verbs and _fits(length.value)):
        return
    if keyword is not None and keyword.named("slot", "bleed"):
        if length.key in ("mm", "cm"):
            factor = 10 if length.key == "cm" else 1
            _set(clause, draft, [length, keyword, *clause.all("side", "all")], bleed=length.value * factor)
    elif keyword is not None and keyword.kind == "edge":
        rivals = [i for i in (*clause.all("length"), *clause.all("number")) if i is not length and _fits(i.value)]
        if is_plain and clause.nearest(keyword, [length, *rivals]) is not length:
            return
        _edge(clause, draft, length=length, edge=keyword)
    elif keyword is not None and keyword.named("shape", "square"):
        unit = length.key or "px"
        _set(clause, draft, [length, keyword, *verbs], width=length.value, height=length.value, unit=unit)
    elif keyword is None or keyword.kind in ("shape", "aspect"):
        _bare(clause, draft, length=length, verbs=verbs)


def _fits(value: float) -> bool:
    return SMALLEST <= value <= LARGEST and value == int(value)


def _edge(clause: Clause, draft: Draft, *, length: Item, edge: Item) -> None:
    field = EDGES[edge.key]
    limits = clause.all("slot", "max")
    value = length.value if field in ("width", "height") else round(length.value)
    unit = length.key if length.key in ("mm", "cm", "in") else "px"
    items = [length, edge, *limits, *clause.all("act", "resize", "enlarge"), *clause.all("thing", "size")]
    if clause.has("slot", "min"):
        _set(clause, draft, [*items, *clause.all("slot", "min")], min_long_edge=round(length.value))
    elif field == "long_edge" and (limits or clause.has("neg") or clause.has("compare")):
        _set(
            clause,
            draft,
            [*items, *clause.all("compare"), *clause.all("neg")],
            long_edge=round(length.value),
            most=round(length.value),
        )
    else:
        has_sides = field in ("width", "height")
        _set(clause, draft, items, **{field: value, "unit": unit, "has_sides": has_sides})


def _bare(clause: Clause, draft: Draft, *, length: Item, verbs: Sequence[Item]) -> None:
    """Read a length without any word about which side it is as the long edge, visibly."""
    is_margin = draft.topic == "margin" or clause.has("side", "all", "top", "bottom", "horizontal", "vertical")
    unit = length.key or "px"
    is_size = unit == "px" and _fits(length.value) and length.value >= 200
    if is_margin or not is_size or clause.has("shadow") or clause.has("wish"):
        return
    if limits := clause.all("slot", "min"):
        _set(clause, draft, [length, *verbs, *limits], min_long_edge=round(length.value))
        return
    _set(clause, draft, [length, *verbs, *clause.all("slot", "max")], long_edge=round(length.value))
    draft.assume(f"{length.value:g} px is read as the longer side.", clause.cause([length]))


def _shape(clause: Clause, draft: Draft, *, verbs: Sequence[Item]) -> None:
    for square in clause.all("shape", "square"):
        _set(clause, draft, [square, *verbs], is_square=True)
    if clause.has("act", "flip", "flip_v"):
        return
    for way in clause.all("shape", "portrait", "landscape"):
        _set(clause, draft, [way, *verbs], orientation=way.key)
    if clause.has("paper") or clause.has("size"):
        # "A5 orizzontale": many languages have one word for "horizontal" and "landscape".
        for side in clause.all("side", "horizontal", "vertical"):
            _set(clause, draft, [side], orientation="landscape" if side.key == "horizontal" else "portrait")
    if clause.has("paper"):
        # A5横: the word for the width beside a paper says which way it lies.
        for side in clause.all("edge", "width", "height"):
            _set(clause, draft, [side], orientation="landscape" if side.key == "width" else "portrait")


def _crop(clause: Clause, draft: Draft) -> None:
    if clause.polarity is not Polarity.DO:
        return
    for trim in clause.all("act", "trim"):
        margins = [i for i in clause.all("length") if i.key == "px"]
        rims = clause.all("slot", "margin") if margins or clause.has("act", "trim") else []
        margin = margins[0].value if margins else None
        draft.put(clause, "trim", [trim, *rims, *margins, *clause.all("side", "all")], margin=margin)
        draft.topic = "trim"
    if draft.topic == "trim" and not clause.has("act"):
        _trim_margin(clause, draft)
    for crop in clause.all("act", "crop"):
        for frame in draft.frame_for(clause, [crop, *clause.all("side", "center")]):
            frame.via = "crop"


def _trim_margin(clause: Clause, draft: Draft) -> None:
    """Read ``leave 20 px around it`` after a trim."""
    step = draft.effective("trim", scope=clause.scope, output=clause.outputs[0] if clause.outputs else -1)
    found = [*clause.all("length", "px"), *clause.all("percent")]
    if step is None or "margin" in step.params or not found:
        return
    words = [*clause.all("verb", "keep"), *clause.all("slot", "margin"), *clause.all("side", "all")]
    unit = "%" if found[0].kind == "percent" else None
    draft.put(clause, "trim", [found[0], *words], margin=found[0].value, unit=unit)
