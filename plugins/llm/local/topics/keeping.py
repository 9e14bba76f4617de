"""What must stay as it is."""

import attrs

from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.operation import Stage
from core.domain.editing.plan import Constraint, Unsupported
from core.domain.editing.scope import Scope
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

# Encoding, naming and checking are not edits; turning upright is never unwanted.
EDITS = tuple(k for k, o in OPERATIONS.items() if o.stage is not Stage.DELIVER and k != "orientation")
KEPT = {
    "background": ("background.remove", "background.set"),
    "surface": ("background.remove", "background.set"),
    "size": ("resize", "canvas"),
    "framing": ("crop", "trim", "canvas"),
    "colours": ("white_balance", "saturation", "exposure", "levels"),
    "drape": ("reshape",),
    "words": ("overlay.text",),
    "logo": ("overlay.logo",),
    "watermark": ("overlay.text", "overlay.logo"),
    "gradient": ("background.gradient",),
}
FORBIDDEN_ACTS = {
    "cutout": ("background.remove", "background.set"),
    "crop": ("crop", "trim"),
    "trim": ("trim", "crop"),
    "resize": ("resize", "canvas"),
    "shrink": ("resize",),
    "enlarge": ("upscale",),
    "flip": ("flip",),
    "flip_v": ("flip",),
    "straighten": ("straighten",),
    "rotate": ("rotate",),
    "brighter": ("exposure",),
    "darker": ("exposure",),
    "exposure": ("exposure",),
    "contrast": ("contrast", "levels"),
    "saturate": ("saturation",),
    "desaturate": ("saturation",),
    "mono": ("saturation",),
    "white_balance": ("white_balance",),
    "levels": ("levels",),
    "sharpen": ("sharpen",),
    "denoise": ("denoise",),
}


def read(clause: Clause, draft: Draft) -> None:
    """Turn ``don't crop``, ``keep the background``, ``leave it alone`` into constraints."""
    for place in clause.use("where", "skipped"):
        draft.constraints.append(Constraint(ops=EDITS, scope=place.value, cause=clause.cause([place])))
    if clause.has("scope", "except") and clause.has("where", "index", "ordinal") and not clause.has("act"):
        _keep_everything(clause, draft)
        return
    if clause.polarity not in (Polarity.KEEP, Polarity.NOT):
        if clause.has("thing", "nothing") and not (clause.has("compare") and clause.has("length")):
            _keep_everything(clause, draft)
        return
    marks = [*clause.all("verb", "keep", "change", "remove", "write"), *clause.all("neg")]
    found = _keep_parts(clause, draft, marks) or _forbid_acts(clause, draft, marks)
    if any(i.key not in ("everything", "else", "nothing") for i in clause.all("thing")):
        # "No colour changes" is about colours.
        clause.use("thing", "everything", "nothing")
    for item in clause.all("thing"):
        found = _keep_thing(clause, draft, item=item, marks=marks) or found
    if not found and clause.polarity is Polarity.KEEP:
        _keep_rest(clause, draft, marks)


def _keep_rest(clause: Clause, draft: Draft, marks: list[Item]) -> None:
    """Protect what a clause keeps without naming a thing that is known: a background by its colour, or everything."""
    if grounds := clause.all("clear", "neutral"):
        draft.forbid(clause, [*marks, *grounds], *KEPT["background"])
    elif any(i.kind == "unknown" and i.end - i.start > 2 for i in clause.items) and clause.where is None:
        # "The head must stay in the frame" is about something unknown, not about everything.
        return
    elif clause.has("colour") and not clause.has("tagged"):
        _keep_colour(clause, draft, items=[*marks, *clause.all("colour")])
    elif not clause.has("shadow"):
        _keep_everything(clause, draft)


def _keep_parts(clause: Clause, draft: Draft, marks: list[Item]) -> bool:
    """Protect regions: ``do not smooth the skin`` rules out retouching there, not everywhere."""
    for item in clause.all("region"):
        _keep_region(clause, draft, items=[*marks, item], region=item.key)
    return clause.has("region") or clause.has("thing", "skin", "texture")


def _keep_colour(clause: Clause, draft: Draft, *, items: list[Item]) -> None:
    """Read ``keep the grey``; what is cut out has no background that could stay: ``cut it out and leave it white``."""
    if draft.having("background.remove"):
        colour = clause.all("colour")[-1].key
        draft.put(clause, "background.set", items, mode="colour", colour=colour)
    else:
        draft.forbid(clause, items, *KEPT["background"])


def _forbid_acts(clause: Clause, draft: Draft, marks: list[Item]) -> bool:
    found = False
    for item in [*clause.all("act"), *clause.all("wish"), *clause.all("retouch"), *clause.all("remove_object")]:
        if item.named("act", "rename"):
            draft.put(clause, "naming", [*marks, item], pattern="{original}")
        elif item.kind != "act":
            draft.forbid(clause, [*marks, item], item.key if item.kind == "wish" else "retouch")
        elif item.key in FORBIDDEN_ACTS:
            draft.forbid(clause, [*marks, item], *FORBIDDEN_ACTS[item.key])
        else:
            continue
        found = True
    return found


def _keep_thing(clause: Clause, draft: Draft, *, item: Item, marks: list[Item]) -> bool:
    if item.key in ("everything", "else", "nothing"):
        _keep_everything(clause, draft)
    elif item.key in ("names", "original_names"):
        draft.put(clause, "naming", [*marks, item], pattern="{original}")
    elif item.key == "format":
        draft.assume("The format of the originals stays.", clause.cause([i.use() for i in (*marks, item)]))
    elif item.key == "copyright" and draft.having("metadata"):
        draft.warn("Stripping metadata takes the copyright along; give the notice that should be written.")
        draft.decline(clause, [*marks, item], op="metadata", reason="Metadata is stripped as a whole.")
    elif item.key in ("metadata", "copyright") and clause.polarity is Polarity.KEEP:
        draft.put(clause, "metadata", [*marks, item], mode="keep")
    elif item.key == "background" and clause.polarity is Polarity.NOT:
        return False
    elif item.key in ("skin", "texture"):
        words = "skin" if item.key == "skin" else " ".join(clause.words[item.start : item.end].split())
        _keep_region(clause, draft, items=[*marks, item], region=words)
    elif item.key in KEPT:
        draft.forbid(clause, [*marks, item], *KEPT[item.key])
    else:
        return False
    return True


def _keep_region(clause: Clause, draft: Draft, *, items: list[Item], region: str) -> None:
    """Protect a part of every picture from being retouched."""
    items += clause.all("retouch") + clause.all("wish", "retouch") + clause.all("unknown")
    draft.forbid(clause, items, "retouch", region=region)


def _keep_everything(clause: Clause, draft: Draft) -> None:
    """Forbid every edit; what the instruction asks for elsewhere is taken out again at the end."""
    if clause.where is not None and not clause.has("where") and not clause.where.is_by_content:
        # "IMG_1 on white, the back views stay": what stays is not what was just worked on.
        clause.where = Scope(rest=True)
    except_size = clause.has("scope", "except") and clause.has("thing", "size")
    ops = tuple(op for op in EDITS if not (except_size and op in ("resize", "canvas")))
    draft.forbid(clause, [i for i in clause.items if i.kind not in ("unknown", "number")], *ops)


def settle(draft: Draft) -> None:
    """Take out of each constraint what the same instruction asks for in so many words."""
    wanted = {s.op for s in draft.steps if s.cause is not None}
    kept = []
    for constraint in draft.constraints:
        is_general = len(constraint.ops) > len(KEPT["colours"])
        ops = tuple(op for op in constraint.ops if not (is_general and op in wanted and constraint.scope.is_all))
        kept.append(attrs.evolve(constraint, ops=ops))
    draft.constraints = [c for c in kept if c.ops]
    preserved = list(dict.fromkeys(c.region for c in draft.constraints if c.region))
    if preserved:
        draft.unsupported = [_preserving(wish, preserved) for wish in draft.unsupported]


def _preserving(wish: Unsupported, regions: list[str]) -> Unsupported:
    """Let a retoucher know what is to be left alone."""
    if wish.op != "retouch":
        return wish
    return attrs.evolve(wish, params=wish.params | {"preserve": [r for r in regions if r != wish.params.get("region")]})
