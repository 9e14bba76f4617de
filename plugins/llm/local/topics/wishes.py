"""Wishes that no local engine can fulfil, overlays, and what is refused on principle."""

import re
from collections.abc import Sequence
from typing import Any

import attrs

from core.domain.editing.operations.overlays import POSITIONS
from core.domain.editing.plan import Cause, Change, ChangeKind, Option, Question, Unsupported
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft, hull
from plugins.llm.local.items import Item
from plugins.llm.local.topics import colours
from plugins.llm.local.topics.keeping import EDITS

REASONS = {
    "ghost_mannequin": "Compositing a hollow garment needs an image provider or a retoucher.",
    "symmetry": "Making a product symmetrical reshapes it; that needs a retoucher.",
    "colour.match": colours.MATCHING,
    "colour.replace": "Recolouring a product needs an image provider or a retoucher.",
    "generate.model": "Showing a product on a person needs an image provider that generates pictures.",
    "retouch": "Retouching the product needs an image provider or a retoucher.",
    "remove_object": "Removing things from a picture needs an image provider or a retoucher.",
    "group": "Combining several pictures into one needs an image provider or a retoucher.",
    "clipping_path": "Clipping paths cannot be written by the local engine; a transparent PNG holds the same outline.",
    "layers": "Layers cannot be written by the local engine.",
    "scene": "Generating scenes needs an image provider; a plain background colour is possible.",
    "overlay.logo": "Upload the logo as a picture first, then place it in the step editor.",
    "skip": "Leave these pictures out of the order or of the selection.",
    "approve": "Pictures are approved on the page of the order, never by words.",
    "revert": "Earlier versions are restored on the page of the picture.",
}
OPERATIONS = {"scene": "generate.scene"}
# "Shirts on light grey" get a background, not another colour.
ON = frozenset(("on", "onto", "auf", "sur", "su", "sobre", "em", "op", "na", "vor"))
PATH_NAME = re.compile(
    r"[\s,]*(?:named|called|namens|nommé|llamado|chiamato|chamado|genaamd|o nazwie|名前)\s*[:=]?\s*(\w+(?: \d+)?)"
)
ACCOUNT = "Credits, approvals, rights and settings are never changed by the text of an instruction."
PRINCIPLES = {
    "rights": "Marks of other owners are not removed; upload a licensed original.",
    "fake": "The picture would misrepresent the product.",
    "nudity": "Pictures of people are not undressed.",
}
OF_A_LOGO = ("opacity", "add", "keep", "to")
# What may be named without being there: the way on without it, and what to ask.
OPEN = {
    "selection": ("Take all pictures", "Which pictures are meant? Name the files, or take all."),
    "text": ("Write nothing", "Which words exactly shall stand there? Put them in quotation marks."),
    "template": ("Go on without it", "It is not here. What does it set? Say it in words, or upload a picture of it."),
}
INVENTED = "It was not photographed; an invented view would misrepresent the product. Upload a photo of it."


def refuse(clauses: Sequence[Clause], draft: Draft) -> list[Clause]:
    """Take out the clauses that try to act on the account or on the planner; return the others."""
    kept: list[Clause] = []
    overridden = -1
    for clause in clauses:
        is_override = clause.has("account", "override", "prompt") and _is_command(clause)
        if is_override:
            overridden = clause.sentence
        is_approval = _is_approval(clause)
        if is_override or _acts_on_account(clause, is_approval=is_approval) or overridden == clause.sentence:
            cause = clause.cause([i.use() for i in clause.items])
            draft.unsupported.append(
                Unsupported(words=cause.words, reason=ACCOUNT, op="account", refused=True, cause=cause)
            )
        else:
            kept.append(clause)
    return kept


def _acts_on_account(clause: Clause, *, is_approval: bool) -> bool:
    return clause.has("account", "credits", "rights") or (clause.has("account", "approve") and not is_approval)


def _is_approval(clause: Clause) -> bool:
    """Whether a reviewer approves pictures by name: read, but done on the page of the order."""
    is_named = clause.where is not None and not clause.where.is_all and not clause.where.rest
    return is_named and all(i.key == "approve" for i in clause.items if i.kind == "account")


def _is_command(clause: Clause) -> bool:
    return any(i.kind == "account" for i in clause.items)


def read(clause: Clause, draft: Draft) -> None:
    """Read wishes for which there is no engine, and overlays."""
    is_taken = clause.polarity is Polarity.KEEP or clause.has("where", "index", "files")
    for view in () if is_taken else clause.all("invent"):
        cause = clause.cause([view.use(), *clause.use("tagged")])
        draft.unsupported.append(
            Unsupported(words=cause.words, reason=INVENTED, op="generate.view", refused=True, cause=cause)
        )
    for principle in clause.all("refuse"):
        cause = clause.cause([principle.use(), *clause.use("verb"), *clause.use("thing", "watermark", "logo")])
        draft.unsupported.append(
            Unsupported(words=cause.words, reason=PRINCIPLES[principle.key], refused=True, cause=cause)
        )
    _ask_open(clause, draft)
    if clause.polarity in (Polarity.NOT, Polarity.KEEP):
        return
    if clause.has("wish", "ghost_mannequin") and clause.polarity is Polarity.DO:
        clause.where = None
    _wishes(clause, draft)
    _overlays(clause, draft)
    if clause.where is not None and not clause.where.is_all and (skips := clause.all("act", "skip")):
        draft.forbid(clause, [*skips, *clause.all("act", "rename")], *EDITS)
        draft.decline(clause, skips, op="skip", reason=REASONS["skip"])
        draft.warn("Pictures that are left out stay in the order unedited; deselect them to leave them out.")
    if approvals := clause.all("account", "approve"):
        draft.decline(clause, approvals, op="approve", reason=REASONS["approve"])
    if clause.has("act", "group"):
        # What is combined is every set of pictures; the names in the clause only say how they are told apart.
        clause.where = None
    for act in clause.all("act", "group", "skip", "revert"):
        op = None if act.key == "skip" and clause.scope.is_all else act.key
        draft.decline(clause, [act], op=op, reason=REASONS[act.key])


def _touches(colour: Item, owner: Item) -> bool:
    """Whether a colour stands right before or behind whose it is: ``house grey``, ``cinza da nossa marca``."""
    return colour.first == owner.last or colour.last == owner.first


def _ask_open(clause: Clause, draft: Draft) -> None:
    """Ask for what only the customer knows: a brand's colour, which pictures are meant, what a reference shows."""
    for owner in clause.all("owner"):
        if colours := [i for i in clause.items if i.kind == "colour" and _touches(i, owner)]:
            shown = (_background_option("named", colours[0].key),)
            about = "Which colour exactly is that? Write it as #RRGGBB in the instruction, or take the one shown."
            cause = clause.cause([owner.use(), colours[0]])
            draft.ask(Question(key="open_colour", about=about, options=shown, cause=cause))
    is_written = clause.polarity is Polarity.DO and clause.has("verb", "write", "add")
    opens = [i for i in clause.all("open") if i.key != "text" or is_written]
    for item in opens if clause.polarity is not Polarity.NOT else ():
        cause = clause.cause([item.use(), *clause.use("thing", "background", "logo"), *clause.use("verb")])
        if item.key == "colour":
            options: tuple[Option, ...] = tuple(
                _background_option(key, colour) for key, colour in (("white", "#FFFFFF"), ("grey", "#F2F2F2"))
            )
            about = "Which colour is that? Write it as #RRGGBB in the instruction, or choose one."
            _await_colour(clause, draft, cause)
        elif item.key == "size":
            ask_size(clause, draft, [item, *clause.use("act", "resize")])
            continue
        elif item.key in OPEN:
            label, about = OPEN[item.key]
            options = (Option(key="without", label=label),)
        else:
            options = (Option(key="words", label="Only what the instruction says in words"),)
            about = "What of the reference is to be matched? A planner without eyes cannot tell; say it in words."
        draft.ask(Question(key=f"open_{item.key}", about=about, options=options, cause=cause))


def ask_size(clause: Clause, draft: Draft, items: list[Item]) -> None:
    """Ask for the size that only the customer knows."""
    options = tuple(_size_option(edge) for edge in (1500, 2000, 3000))
    about = "Which size is that? Write it in pixels in the instruction, or choose one."
    draft.ask(Question(key="open_size", about=about, options=options, cause=clause.cause(items)))


def _await_colour(clause: Clause, draft: Draft, cause: Cause) -> None:
    """Plan the cut-out whose background waits for its colour."""
    if not draft.having("background.set"):
        draft.put_at("background.remove", {}, scope=clause.scope, cause=cause)
        reason = "The colour is asked for; nothing is put behind the product before the answer."
        wish = Unsupported(words=cause.words, reason=reason, op="background.set", scope=clause.scope, cause=cause)
        draft.unsupported.append(wish)


def _size_option(edge: int) -> Option:
    change = Change(kind=ChangeKind.SET, op="resize", params={"long_edge": edge, "mode": "fit"})
    return Option(key=str(edge), label=f"{edge} px on the longer side", changes=(change,))


def _background_option(key: str, colour: str) -> Option:
    params = {"mode": "colour", "colour": colour}
    changes = (
        Change(kind=ChangeKind.SET, op="background.remove"),
        Change(kind=ChangeKind.SET, op="background.set", params=params),
    )
    return Option(key=key, label=f"{key.capitalize()} ({colour})", changes=changes)


def _wishes(clause: Clause, draft: Draft) -> None:
    for wish in clause.all("wish"):
        if wish.key in ("retouch", "symmetry", "remove_object") or (
            wish.key == "ghost_mannequin" and clause.polarity is Polarity.REMOVE
        ):
            continue
        op = OPERATIONS.get(wish.key, wish.key)
        own, params = colours.details(clause, draft, op=wish.key)
        if op in ("clipping_path", "layers"):
            own, params = clause.all("quote") + clause.all("name"), _path_name(clause, wish)
        places = [i for i in clause.items if i.kind == "tagged"]
        places += clause.all("thing", "background") if wish.key in ("scene", "blur") else []
        reason = REASONS.get(wish.key, "There is no engine for it here.")
        draft.decline(clause, [wish, *own, *places], op=op, reason=reason, params=params)
    _recolouring(clause, draft)


def _path_name(clause: Clause, wish: Item) -> dict[str, Any]:
    """Read ``clipping path named Path 1``: what follows the word up to the end of the clause, or what is quoted."""
    if wish.key != "clipping_path":
        return {}
    if quoted := clause.find("quote"):
        return {"name": str(quoted.value)[:60]}
    found = PATH_NAME.match(clause.words, wish.end)
    return {"name": found[1]} if found else {}


def _recolouring(clause: Clause, draft: Draft) -> None:
    """Read ``make the red shirt blue`` and ``the cushions need to be green``: a colour after a product recolours it."""
    nouns = clause.all("tagged")
    found = [c for c in clause.all("colour") if nouns and c.first >= nouns[0].last and not clause.has("thing")]
    if nouns and clause.has("pantone") and not clause.has("act", "cutout"):
        items, params = colours.details(clause, draft, op="colour.replace")
        draft.decline(clause, [*nouns, *items], op="colour.replace", reason=REASONS["colour.replace"], params=params)
        return
    is_behind = bool(found) and bool(ON.intersection(clause.words[nouns[0].end : found[-1].start].lower().split()))
    if not found or is_behind or clause.has("act") or clause.has("shadow"):
        return
    stated = colours.recoloured(clause)
    turns = [i.last for i in clause.items if i.named("scope", "to")]
    target = stated[1] if stated else next((c for c in found if turns and c.first >= turns[-1]), found[0])
    items = [*nouns, *found, *clause.all("copula"), *(i for i in clause.all("colour") if i.last == nouns[0].first)]
    params = {"target": {"srgb_approx": target.key}, "region": colours.region_of(clause, draft)}
    draft.decline(clause, items, op="colour.replace", reason=REASONS["colour.replace"], params=params)


def _overlays(clause: Clause, draft: Draft) -> None:
    if clause.polarity is not Polarity.DO:
        return
    marks = [*clause.all("side"), *clause.all("percent"), *clause.all("slot", "opacity"), *clause.all("verb", "add")]
    is_data = clause.has("token", "sku", "style", "colour_code", "size")
    quoted = clause.find("quote") or (None if is_data else _plain_text(clause))
    is_placed = clause.has("verb", "add") and clause.has("side") and not clause.has("act", "rename")
    is_mark = clause.has("thing", "watermark") and clause.has("quote")
    if quoted and (clause.has("verb", "write") or is_placed or is_mark):
        colours = clause.all("colour")
        params = {"text": str(quoted.value)[:200], "position": _position(clause), "opacity": _opacity(clause)}
        params["colour"] = colours[0].key if colours else None
        named = clause.all("thing", "watermark", "words") if is_mark else []
        draft.put(clause, "overlay.text", [*clause.all("verb", "write"), *named, *marks, *colours, quoted], **params)
        draft.topic = "overlay"
    if (
        not quoted
        and clause.has("verb", "write")
        and (data := clause.all("token", "sku", "style", "colour_code", "size"))
    ):
        _ask_caption(clause, draft, data=data, marks=marks)
        return
    logos = clause.all("thing", "logo", "watermark")
    if draft.topic == "overlay" and not logos and (_is_about_logo(clause) or is_lettering(clause, draft)):
        _refine_logo(clause, draft)
    is_alone = all(
        i.kind in ("thing", "owner", "where", "scope") and not i.named("thing", "words") for i in clause.items
    )
    if logos and (is_alone or clause.has("verb", "add") or clause.has("side") or clause.has("percent")):
        draft.topic = "overlay"
        share = clause.find("percent")
        params = {"position": _position(clause), "opacity": share.value / 100 if share else None}
        given = {k: v for k, v in params.items() if v is not None}
        draft.decline(clause, [*logos, *marks], op="overlay.logo", reason=REASONS["overlay.logo"], params=given)
        without = Option(key="without", label="Leave the logo out for now")
        about = "Which logo? Upload it as an asset and place it in the step editor, or go on without it."
        draft.ask(Question(key="which_logo", about=about, options=(without,), cause=clause.cause(logos)))


def _is_about_logo(clause: Clause) -> bool:
    """Whether a clause only says where and how something stands: ``top left``, ``50 % opacity``."""
    is_placed = clause.has("side", "top", "bottom", "left", "right") or clause.has("percent")
    kinds = ("side", "percent", "edge", "degree", "times")
    return is_placed and all(i.kind in kinds or i.key in OF_A_LOGO for i in clause.items)


def is_lettering(clause: Clause, draft: Draft) -> bool:
    """Whether a bare colour goes on about a text that was just named: ``the text "NEW", white, bottom left``."""
    colours = clause.all("colour")
    is_bare = bool(colours) and clause.items[0] is colours[0]
    is_bare = is_bare and clause.words[: colours[0].start].rstrip().endswith(",")
    kinds = ("colour", "side", "percent")
    is_about = is_bare and all(i.kind in kinds or i.key in OF_A_LOGO for i in clause.items)
    return is_about and draft.topic == "overlay" and bool(draft.having("overlay.text"))


def _ask_caption(clause: Clause, draft: Draft, *, data: list[Item], marks: list[Item]) -> None:
    """Ask for what shall be written on each picture when only the customer knows it."""
    wanted = " ".join(f"{{{i.key}}}" for i in data)
    params = {"text": wanted} | ({"position": position} if (position := _position(clause)) else {})
    items = [*data, *marks, *clause.all("verb", "write", "add")]
    reason = "The pictures do not say what belongs there."
    draft.decline(clause, items, op="overlay.text", reason=reason, params=params)
    without = Option(key="without", label="Write nothing")
    about = f"Where does the text for each picture come from ({wanted})? It is never invented."
    draft.ask(Question(key="text_source", about=about, options=(without,), cause=clause.cause(items)))


def _looks(clause: Clause) -> list[Item]:
    return clause.all("percent") + clause.all("slot", "opacity") + clause.all("side") + clause.all("edge")


def _refine_logo(clause: Clause, draft: Draft) -> None:
    """Add what is said of a logo or text after it was named: how opaque, how wide, where."""
    if texts := draft.having("overlay.text"):
        colours = clause.all("colour")
        looks: dict[str, Any] = {"opacity": _opacity(clause), "position": _position(clause)}
        looks["colour"] = colours[0].key if colours else None
        texts[-1].params |= {name: value for name, value in looks.items() if value}
        items = [i.use() for i in (*_looks(clause), *colours)]
        texts[-1].cause = hull(texts[-1].cause, clause.cause(items), draft.words)
        return
    share, position = clause.find("percent"), _position(clause)
    name = "width" if clause.has("edge", "width") else "opacity"
    params = ({name: share.value / 100} if share else {}) | ({"position": position} if position else {})
    said = clause.cause([i.use() for i in clause.items])
    for number, wish in enumerate(draft.unsupported):
        if wish.op == "overlay.logo":
            cause = hull(wish.cause, said, draft.words) or said
            draft.unsupported[number] = attrs.evolve(
                wish, words=cause.words, cause=cause, params=dict(wish.params) | params
            )


def _plain_text(clause: Clause) -> Item | None:
    """Take the words after ``write`` up to where and how they stand, when nothing is quoted."""
    verbs = clause.all("verb", "write")
    if not verbs or not verbs[0].named("verb", "write"):
        return None
    after = [i for i in clause.items if i.first >= verbs[0].last]
    stop = next((i for i in after if i.kind in ("side", "colour", "percent", "slot", "where")), None)
    end = stop.start if stop else max(i.end for i in clause.items)
    text = clause.words[verbs[0].end : end].strip(" :\t")
    covered = [i.use() for i in after if i.end <= end]
    if not text or not text.isprintable() or not covered:
        return None
    return Item(kind="quote", value=text, first=covered[0].first, last=covered[-1].last, start=verbs[0].end, end=end)


def _position(clause: Clause) -> str | None:
    # A corner that is one word, "rechtsboven", is both of its sides.
    sides = {side for i in clause.items if i.kind == "side" for side in i.key.split("-")}
    upright = next((s for s in ("top", "bottom") if s in sides), "")
    across = next((s for s in ("left", "right") if s in sides), "")
    chosen = "-".join(p for p in (upright, across) if p) or ("center" if "center" in sides else "")
    return chosen if chosen in POSITIONS else None


def _opacity(clause: Clause) -> float | None:
    share = clause.find("percent")
    return share.value if share and 1 <= share.value <= 100 else None


def ask_vague(draft: Draft) -> None:
    """Ask what should change when an instruction only says that it should look better."""
    if draft.vague is None:
        return
    if draft.steps or draft.frames or draft.platforms:
        draft.unsupported.append(
            Unsupported(
                words=draft.vague.words, reason="Say what should change: light, colour, background …", cause=draft.vague
            )
        )
        return
    light = (
        Change(kind=ChangeKind.SET, op="levels", params={"auto": True}),
        Change(kind=ChangeKind.SET, op="white_balance"),
    )
    clean = (
        Change(kind=ChangeKind.SET, op="background.remove"),
        Change(kind=ChangeKind.SET, op="background.set", params={"colour": "#FFFFFF"}),
    )
    draft.ask(
        Question(
            key="what_to_change",
            about="What should be changed? The instruction names no edit.",
            options=(
                Option(key="light", label="Correct light and colour automatically", changes=light),
                Option(key="white", label="Cut out on a white background", changes=clean),
            ),
            cause=draft.vague,
        )
    )
