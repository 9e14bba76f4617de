"""Cutting out, and what stands behind the product."""

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item
from plugins.llm.local.topics.colours import NEUTRALS, recoloured
from plugins.llm.local.topics.wishes import is_lettering

# "No background, PNG" wants none; "no extra background added" does not.
BARE = frozenset(("neg", "thing", "where", "format", "scope", "clear", "shadow", "tagged"))
RIVALS = ("words", "logo", "watermark")


def read(clause: Clause, draft: Draft) -> None:
    """Read cut-outs, background colours and transparency."""
    ground, cut = clause.find("thing", "background"), clause.find("act", "cutout")
    _describe_surface(clause, draft)
    is_bare = all(i.kind in BARE for i in clause.items)
    if clause.polarity is Polarity.NOT and ground and is_bare and not clause.has("colour"):
        draft.put(clause, "background.remove", [*clause.all("neg"), ground])
        draft.put(clause, "background.set", [ground], mode="transparent")
    if clause.polarity in (Polarity.KEEP, Polarity.NOT):
        return
    if (ground and _is_place(clause, ground)) or is_lettering(clause, draft):
        return
    if clause.polarity is Polarity.REMOVE and ground:
        _remove(clause, draft, ground=ground)
    elif cut:
        draft.is_cut_out = True
        draft.put(clause, "background.remove", [cut, *([ground] if ground else [])])
    clear = clause.find("clear", "transparent")
    colour = _colour(clause, has_ground=ground is not None or cut is not None, topic=draft.topic)
    _border(clause, draft)
    marks = [i for i in (ground, *clause.all("scope", "only")) if i and not i.is_used]
    if clear:
        draft.put(clause, "background.remove", [*marks, clear])
        draft.put(clause, "background.set", [clear], mode="transparent")
    elif colour:
        _set(clause, draft, colour=colour, marks=marks)
    elif neutral := clause.find("clear", "neutral"):
        draft.put(clause, "background.remove", [neutral])
        draft.put(clause, "background.set", [neutral], colour="#FFFFFF")
        draft.assume("The colour of the plain background is not stated; white is used.", clause.cause([neutral]))
    if ground:
        draft.topic = "background"


def _describe_surface(clause: Clause, draft: Draft) -> None:
    """Take ``on the grey floor of the studio`` for what the pictures show, so that its colour is no wish."""
    surfaces = clause.all("thing", "surface")
    is_wish = clause.polarity is not Polarity.DO or clause.has("verb") or clause.has("thing", "background")
    if surfaces and not is_wish:
        items = [*surfaces, *clause.all("colour")]
        draft.assume("What the product stands on or before is only mentioned.", clause.cause([i.use() for i in items]))


def _is_place(clause: Clause, ground: Item) -> bool:
    """Whether the background is only where something else is: ``remove the person in the background``."""
    return any(i.kind in ("remove_object", "retouch") and i.first < ground.first for i in clause.items) or clause.has(
        "wish", "scene", "blur"
    )


def _remove(clause: Clause, draft: Draft, *, ground: Item) -> None:
    """Read ``remove the white background``: a colour right before the word describes the old background."""
    draft.is_cut_out = True
    described = [i for i in clause.all("colour") if i.last == ground.first]
    draft.put(clause, "background.remove", [*clause.use("verb", "remove"), *described, ground])


def _border(clause: Clause, draft: Draft) -> None:
    """Read ``10 px white border``: around a cut-out it is a margin, around a photo it cannot be drawn."""
    rims = clause.all("slot", "margin")
    colours = [c for c in clause.all("colour") if any(c.last == r.first for r in rims)]
    if colours and draft.having("background.remove"):
        clause.use("colour", *[c.key for c in colours])
    elif colours:
        items = [*rims, *colours, *clause.all("length"), *clause.all("percent"), *clause.all("verb", "add")]
        draft.decline(clause, items, op="canvas", reason="A border around the whole photo cannot be drawn.")


def _set(clause: Clause, draft: Draft, *, colour: Item, marks: list[Item]) -> None:
    extra = [i for i in clause.all("number") if i.value in (255, 0) and abs(i.first - colour.last) <= 2]
    # "Grey #F2F2F2": the name beside a code says the same less exactly.
    extra += [i for i in clause.all("colour") if i.key == colour.key or colour.value == "code"]
    items = [*marks, colour, *extra]
    draft.put(clause, "background.remove", items)
    draft.put(clause, "background.set", items, mode="colour", colour=colour.key)
    draft.topic = "background"


def _is_naming(clause: Clause) -> bool:
    """Whether a colour is part of a name, as in ``names like A2071-black-01``."""
    return clause.has("act", "rename") or clause.has("thing", "names") or clause.has("token")


def _colour(clause: Clause, *, has_ground: bool, topic: str) -> Item | None:
    """Choose the colour meant for the background: one given by number beats a name (``grey #F2F2F2``)."""
    if any(clause.has("thing", key) for key in RIVALS) or clause.has("wish", "colour.replace", "colour.match"):
        return None
    if clause.has("verb", "write") or recoloured(clause) or (not has_ground and _is_naming(clause)):
        return None
    shadows = [i.first for i in clause.items if i.kind == "shadow"]
    rims = [i.first for i in clause.items if i.named("slot", "margin")]
    colours = [c for c in clause.all("colour") if c.last not in (*shadows, *rims)]
    chosen = next((c for c in colours if c.value == "code"), None)
    if chosen:
        return chosen
    for colour in colours:
        noun = next((i for i in clause.items if i.kind == "tagged" and i.first == colour.last), None)
        is_selected = clause.where is not None and clause.where.is_by_content
        if noun and (is_selected or (not has_ground and colour.key not in NEUTRALS)):
            colour.use()
            continue
        if has_ground or colour.key in NEUTRALS or topic == "background" or len(clause.items) <= 2:
            return colour
    return None
