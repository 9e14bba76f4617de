"""Which clauses describe one of several deliverables, and what these are called."""

import re
from collections.abc import Sequence

import attrs

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft, OutputDraft
from plugins.llm.local.items import Item
from plugins.llm.local.topics.delivery import is_source

MAX_OUTPUTS = 20
# Plain letters only: the name becomes a folder.
LINE_NAME = re.compile(r"\s*(?:[-*•–·]|\d+[.)]|[a-z]\))\s*([A-Za-z][A-Za-z0-9_-]{1,19})\s*:")
FOLDER = re.compile(r"[\s:=/\\\"'„“”»«「『(]*([\w-]{1,40})")
HEAD = re.compile(r"\s{0,3}[:：]")
MEASURED = frozenset(("size", "aspect", "format", "edge", "paper"))
NAMES = {"jpeg": "jpg", "tiff": "tiff"}
# What a deliverable can have of its own; retouching and light belong to all of them.
OWN = frozenset((
    "size", "length", "aspect", "edge", "shape", "paper", "quality", "bytes", "dpi", "icc", "bits", "compression",
    "colour", "clear", "percent", "space", "number", "canvas", "slot",
))  # fmt: skip


# What the last of several deliverables has for itself where another one has it too.
ALIKE = frozenset(("size", "length", "colour", "quality", "percent", "bytes"))


@attrs.define(kw_only=True)
class Group:
    """A deliverable as it is being recognised: its anchors by kind, and the clauses that belong to it."""

    anchors: dict[str, str]
    clauses: list[Clause]
    is_split: bool = False


def assign(clauses: Sequence[Clause], draft: Draft) -> None:
    """Recognise several deliverables and write their indexes into the clauses; do nothing for a single one."""
    is_audit = any(c.has("act", "audit") for c in clauses)
    _silence_counts(clauses)
    _name_heads(clauses)
    groups = [] if is_audit else _newest(clauses)
    if len(groups) < 2 or not _differ(groups):
        for clause in clauses:
            clause.use("split")
        return
    groups = groups[:MAX_OUTPUTS]
    taken: set[str] = set()
    for number, group in enumerate(groups):
        draft.outputs.append(OutputDraft(name=_name(group, taken), platform=group.anchors.get("platform", "")))
        for clause in group.clauses:
            clause.outputs = (number,)
            draft.outputs[number].folder = _folder(clause, draft) or draft.outputs[number].folder
            clause.use("split")
    for clause in clauses:
        clause.use("label")
        _apply_ordinals(clause, len(groups))
        clause.use("label")
        clause.use("split")


def _silence_counts(clauses: Sequence[Clause]) -> None:
    """Take the number in ``2 files per image`` for their count."""
    for clause in clauses:
        ends = {i.first for i in clause.items if i.named("split", "versions", "both")}
        for item in clause.items:
            if item.kind == "number" and item.last in ends:
                item.kind = "numeral"


def _name_heads(clauses: Sequence[Clause]) -> None:
    """Read ``Bol: 1200 x 1200. Instagram: 4:5`` as names of deliverables where several are spoken of.

    An unknown word before a colon names one when its sentence holds measures, and when several versions are asked for
    or another sentence is headed by a receiver that is known.
    """
    heads: dict[int, Item] = {}
    for clause in clauses:
        first = clause.items[0]
        is_head = first.kind in ("unknown", "label", "platform") and HEAD.match(clause.words, first.end)
        if is_head and clause.where is None:
            heads.setdefault(clause.sentence, first)
    measured = {c.sentence for c in clauses if any(i.kind in MEASURED for i in c.items)}
    named = [i for sentence, i in heads.items() if sentence in measured]
    is_several = any(c.has("split", "versions") for c in clauses) or any(i.kind != "unknown" for i in named)
    for item in named if is_several and len(named) > 1 else ():
        if item.kind == "unknown":
            item.kind, item.key = "label", str(item.key or item.value).lower()


def _newest(clauses: Sequence[Clause]) -> list[Group]:
    """Return the deliverables of the newest mail that names several."""
    groups: list[Group] = []
    for age in sorted({c.age for c in clauses}):
        own = [c for c in clauses if c.age == age]
        alone = [c for c in own if not c.has("split", "both")]
        groups = _groups(alone, by_size=_has_several_sizes(own), by_ground=_has_several_grounds(own))
        if len(groups) > 1 and _differ(groups):
            break
    return groups


def _has_several_sizes(clauses: Sequence[Clause]) -> bool:
    """Whether two sizes, or two aspects, are asked of all pictures: that can only mean two deliverables."""
    asked = [c for c in clauses if c.where is None and c.polarity is Polarity.DO]
    return any(len({str(i.value) for c in asked for i in c.items if i.kind == kind}) > 1 for kind in ("size", "aspect"))


def _has_several_grounds(clauses: Sequence[Clause]) -> bool:
    """Whether two files are asked for, one of them transparent: ``transparent PNG, and also on white as PNG``."""
    asked = [c for c in clauses if c.where is None and c.polarity is Polarity.DO and c.has("format")]
    return len({_ground(c) for c in asked} - {""}) > 1


def _ground(clause: Clause) -> str:
    if clause.has("clear", "transparent"):
        return "transparent"
    colours = [i for i in clause.items if i.kind == "colour"]
    return "white" if colours and colours[0].key == "#FFFFFF" else "colour" if colours else ""


def _groups(clauses: Sequence[Clause], *, by_size: bool, by_ground: bool) -> list[Group]:
    groups: list[Group] = []
    current: Group | None = None
    has_points = any(c.has("split", "versions") for c in clauses)
    for clause in clauses:
        anchors = _anchors(clause)
        if by_size:
            anchors |= {i.kind: _shape(i) for i in clause.items if i.kind in ("size", "aspect")}
        if by_ground and clause.has("format") and (ground := _ground(clause)):
            anchors["ground"] = ground
        if clause.polarity in (Polarity.NOT, Polarity.REMOVE) or (clause.where is not None and not clause.where.is_all):
            continue
        starts = clause.has("split", "each") or (has_points and clause.has("split", "point"))
        is_inside = (
            current is not None and "label" in current.anchors and clause.sentence == current.clauses[-1].sentence
        )
        if not is_inside and _is_for_all_sizes(groups, clause, anchors):
            continue
        known = None if starts else _returned_to(groups, anchors)
        current = known or (current if groups else None)
        if known is None and (anchors or starts) and (current is None or starts or _collides(current, clause, anchors)):
            current = Group(anchors=anchors, clauses=[clause], is_split=starts)
            groups.append(current)
        elif current is not None and (anchors or _goes_on(current, clause)):
            current.anchors |= anchors
            current.clauses.append(clause)
    _trim_tail(groups)
    return groups


def _goes_on(group: Group, clause: Clause) -> bool:
    """Whether a clause without a receiver or format of its own goes on about a deliverable."""
    return clause.sentence == group.clauses[-1].sentence and _is_own(clause, group)


def _returned_to(groups: Sequence[Group], anchors: dict[str, str]) -> Group | None:
    """Find an earlier deliverable of which a clause speaks again: ``shop file: …, archive file: …, shop file: …``."""
    for group in groups:
        for kind in ("label", "platform"):
            if kind in anchors and group.anchors.get(kind) == anchors[kind]:
                same = all(group.anchors.get(k, v) == v for k, v in anchors.items())
                return group if same else None
    return None


def _shape(item: Item) -> str:
    return f"{item.value[0]:g}x{item.value[1]:g}" if item.kind == "size" else str(item.value)


def _is_for_all_sizes(groups: Sequence[Group], clause: Clause, anchors: dict[str, str]) -> bool:
    """Whether a format follows a list of sizes none of which has one: ``800x800 and 1600x1600, JPG``."""
    is_format = set(anchors) == {"format"} and clause.joiner != "and"
    return is_format and len(groups) > 1 and not any("format" in g.anchors for g in groups)


def _anchors(clause: Clause) -> dict[str, str]:
    found: dict[str, str] = {}
    if clause.has("act", "skip", "cancel"):
        return found
    for item in clause.items:
        is_target = item.kind in ("platform", "label") or (
            item.kind == "format" and not is_source(clause, item) and item.key != "pdf"
        )
        if is_target:
            found.setdefault(item.kind, item.key)
    return found


def _collides(group: Group, clause: Clause, anchors: dict[str, str]) -> bool:
    """Whether a clause starts another deliverable: it names a second format, platform or label."""
    if clause.joiner == "or":
        return False
    is_remark = all(i.kind in ("label", "verb", "scope", "thing") for i in clause.items)
    if set(anchors) == {"label"} and clause.joiner == "," and is_remark:
        return False
    targets = {"platform", "label"} & set(group.anchors), {"platform", "label"} & set(anchors)
    is_headed = clause.joiner in (".", ";") and HEAD.match(clause.words, clause.items[0].end) is not None
    is_new = clause.joiner == "\n" or is_headed or ("format" in anchors and clause.joiner != ",")
    if all(targets) and targets[0].isdisjoint(targets[1]) and is_new:
        # "White for Amazon and PNGs for the web shop": two receivers.
        return True
    for kind, key in anchors.items():
        known = group.anchors.get(kind)
        if known is not None and (known != key or (kind == "format" and clause.has("size"))):
            return True
    return False


def _is_own(clause: Clause, group: Group) -> bool:
    if clause.polarity is Polarity.KEEP and {"label", "platform"} & set(group.anchors):
        return True
    return bool(clause.items) and all(i.kind in OWN or i.kind in ("side", "scope", "verb") for i in clause.items)


def _trim_tail(groups: list[Group]) -> None:
    """Give back to all deliverables what follows the last one when the others have nothing of that kind."""
    if len(groups) < 2:
        return
    others = {k for g in groups[:-1] for c in g.clauses for k in _kinds(c)}
    last = groups[-1]
    while len(last.clauses) > 1 and not _anchors(last.clauses[-1]):
        kinds = _kinds(last.clauses[-1]) & ALIKE
        if kinds & others or last.is_split or "label" in last.anchors:
            break
        last.clauses.pop()


def _kinds(clause: Clause) -> set[str]:
    """Return the kinds of what a clause says; a transparent background is one as a white one is."""
    return {"colour" if i.kind == "clear" else i.kind for i in clause.items}


def _differ(groups: Sequence[Group]) -> bool:
    if any(g.is_split for g in groups):
        return True
    tellings = [tuple(sorted(g.anchors.items())) for g in groups]
    sizes = [tuple(str(i.value) for c in g.clauses for i in c.items if i.kind == "size") for g in groups]
    return len(set(zip(tellings, sizes, strict=True))) > 1


def _name(group: Group, taken: set[str]) -> str:
    anchors = group.anchors
    platform = anchors.get("platform", "").split("_")[0]
    has_cutout = any(c.has("act", "cutout") and c.has("format", "png") for c in group.clauses)
    shape = anchors.get("aspect", "").replace(":", "x").replace(".", "-")
    chosen = _own_name(group.clauses[0]) or platform or anchors.get("label", "") or ("cutout" if has_cutout else "")
    chosen = (
        chosen
        or NAMES.get(anchors.get("format", ""), anchors.get("format", ""))
        or shape
        or anchors.get("size", "")
        or "output"
    )
    name, number = chosen, 2
    while name in taken:
        name, number = f"{chosen}-{number}", number + 1
    taken.add(name)
    return name


def _own_name(clause: Clause) -> str:
    """Return the name before the colon of a line such as ``- shop: 2000 x 2000 px``; empty when there is none."""
    start = min(i.start for i in clause.items)
    line = clause.words[clause.words.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    found = LINE_NAME.match(line)
    return found.group(1).lower() if found else ""


def _folder(clause: Clause, draft: Draft) -> str:
    """Read ``folder /web`` and ``(Ordner shop)``; the words that name a folder are taken into account."""
    word = clause.find("thing", "folder")
    found = FOLDER.match(clause.words, word.end) if word else None
    if word is None or found is None:
        return ""
    inside = [i.use() for i in clause.items if word.start <= i.start < found.end()]
    folder = found[1].strip("-_")
    draft.assume(f"Delivered in the folder {folder}.", clause.cause(inside))
    return folder


def _apply_ordinals(clause: Clause, count: int) -> None:
    """Read ``white on the first two`` as the first two deliverables."""
    ordinals: list[Item] = clause.all("where", "ordinal")
    if not ordinals or clause.outputs:
        return
    first, last = ordinals[0].use().value.indexes[0]
    low, high = (n if n > 0 else count + 1 + n for n in (first, last))
    if 1 <= low <= high <= count:
        clause.where = None
        clause.outputs = tuple(range(low - 1, high))
