"""Where the product stands on its canvas: margins, fill and alignment."""

from typing import Any

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

SIDES = {
    "all": ("top", "right", "bottom", "left"),
    "vertical": ("top", "bottom"),
    "horizontal": ("left", "right"),
    "top": ("top",),
    "bottom": ("bottom",),
    "left": ("left",),
    "right": ("right",),
}
OWNERS = ("margin", "fill", "opacity", "quality", "bleed", "fade", "soft", "hard")

_OWNERS_OF_SHARES = ("slot", "shadow", "format")
_OWNERS_OF_LENGTHS = (*_OWNERS_OF_SHARES, "edge")


def read(clause: Clause, draft: Draft) -> None:
    """Read margins, fill and alignment."""
    if clause.polarity in (Polarity.NOT, Polarity.REMOVE) or clause.has("act", "trim"):
        return
    if clause.has("verb", "write") or clause.has("thing", "logo"):
        return
    for share in clause.all("percent"):
        _share(clause, draft, share=share)
    _lengths(clause, draft)
    _aligned(clause, draft)
    if clause.has("act", "crop") and clause.find("side", "center"):
        return
    for middle in clause.all("side", "center"):
        if any(f.via == "crop" for f in draft.frames) and not draft.having("background.remove"):
            draft.assume("The crop is placed around the product.", clause.cause([middle.use(), *clause.use("verb")]))
            continue
        _align(clause, draft, middle=middle)


def _aligned(clause: Clause, draft: Draft) -> None:
    """Read ``bottom aligned`` and ``aligned to the left``."""
    for word in clause.all("slot", "align"):
        for side in clause.all("side", "top", "bottom", "left", "right"):
            axis = "align_y" if side.key in ("top", "bottom") else "align_x"
            draft.put(clause, "subject.place", [word, side], **{axis: side.key})


def _lengths(clause: Clause, draft: Draft) -> None:
    is_trimmed = draft.topic == "trim" and not any("margin" in s.params for s in draft.having("trim"))
    for length in () if is_trimmed else clause.all("length"):
        owner = _owner(clause, length)
        is_margin = owner is not None and owner.key == "margin"
        if rim := _rim(clause, length):
            _from_rim(clause, draft, length=length, rim=rim)
        elif is_margin or (owner is None and _is_about_margins(clause, draft)):
            _margins(clause, draft, value=length, unit=length.key)


def _from_rim(clause: Clause, draft: Draft, *, length: Item, rim: Item) -> None:
    if length.key != "px" or not 0 <= length.value <= 15_000:
        return
    params = {f"margin_{side}": length.value for side in SIDES[rim.key]}
    extra = [*clause.all("slot", "min", "max", "margin"), *clause.all("neg"), *clause.all("side")]
    parts = clause.all("tagged") + clause.all("part")
    draft.put(clause, "subject.place", [length, rim, *extra, *parts], unit="px", **params)
    draft.topic = "margin"


def _owner(clause: Clause, value: Item) -> Item | None:
    keywords = [
        i
        for i in clause.items
        if i.kind in (_OWNERS_OF_SHARES if value.kind == "percent" else _OWNERS_OF_LENGTHS)
        and i.key not in ("max", "min")
    ]
    return clause.nearest(value, [k for k in keywords if k.kind != "slot" or k.key in OWNERS])


def _rim(clause: Clause, length: Item) -> Item | None:
    """Find the edge of the canvas from which a length is counted: ``240 px above the bottom edge``."""
    rims = [i for i in clause.items if i.kind == "rim"]
    return clause.nearest(length, rims) if rims and not clause.has("act", "crop") else None


def _is_about_margins(clause: Clause, draft: Draft) -> bool:
    is_framed = clause.has("tagged") or clause.has("side", "all") or clause.has("verb", "keep")
    return clause.has("side", *SIDES) and (draft.topic == "margin" or is_framed)


def _share(clause: Clause, draft: Draft, *, share: Item) -> None:
    owner = _owner(clause, share)
    axes = clause.all("edge", "width", "height")
    if owner is None and axes and draft.topic != "overlay" and not clause.has("act"):
        draft.put(
            clause, "subject.place", [share, *axes], fill=max(1.0, min(100.0, share.value)), fill_axis=axes[0].key
        )
    elif owner is None:
        if _is_about_margins(clause, draft):
            _margins(clause, draft, value=share, unit="%")
    elif owner.key == "margin":
        _margins(clause, draft, value=share, unit="%")
    elif owner.key == "fill" and 1 <= share.value <= 100:
        params: dict[str, Any] = {"fill": share.value, "fill_axis": axes[0].key if axes else "longest"}
        draft.put(clause, "subject.place", [share, *clause.all("slot", "fill", "min"), *axes], **params)


def _margins(clause: Clause, draft: Draft, *, value: Item, unit: str) -> None:
    if unit in ("cm", "mm", "in"):
        draft.decline(
            clause, [value, *clause.all("slot", "margin")], op="subject.place", reason="Give margins in px or %."
        )
        return
    limit = 49 if unit == "%" else 15_000
    if not 0 <= value.value <= limit:
        return
    named = [i for i in clause.items if i.kind == "side" and i.key in SIDES]
    sides = {side for item in named for side in SIDES[item.key]} or set(SIDES["all"])
    limits = clause.all("slot", "min", "max")
    items = [value, *clause.all("slot", "margin"), *named, *limits, *clause.all("verb", "keep", "add")]
    draft.put(clause, "subject.place", items, unit=unit, **{f"margin_{side}": value.value for side in sorted(sides)})
    draft.topic = "margin"


def _align(clause: Clause, draft: Draft, *, middle: Item) -> None:
    # "Centrado en horizontal": in many languages the word for the way is that for the format as well.
    across = clause.has("side", "horizontal") or clause.has("shape", "landscape")
    upright = clause.has("side", "vertical") or clause.has("shape", "portrait")
    params = {
        "align_x": None if upright and not across else "center",
        "align_y": None if across and not upright else "center",
    }
    ways = [*clause.all("side", "horizontal", "vertical"), *clause.all("shape", "landscape", "portrait")]
    items = [middle, *ways, *clause.all("verb", "add"), *clause.all("slot", "align")]
    draft.put(clause, "subject.place", items, **params)
