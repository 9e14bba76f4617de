"""Clauses: the stretches of an instruction that say one thing, with their polarity and the pictures they are about."""

import enum
import itertools
from collections.abc import Iterable, Sequence

import attrs

from core.domain.editing.plan import Cause
from core.domain.editing.scope import ALL, Scope
from plugins.llm.local.items import Item
from plugins.llm.local.text import is_east_asian

SENTENCE_SIGNS = frozenset(".!?;\n")
# Words that are written with a dot, and what follows such a dot in the same sentence.
SHORTENED = frozenset(("max", "min", "ca", "approx", "env", "aprox"))
COUNTED = frozenset(("number", "length", "size", "percent", "bytes", "dpi"))
CLAUSE_SIGNS = frozenset((",", "/", "+", "|", "-"))
# No sentence is that long; the limit keeps hostile input from costing more than its length.
LONGEST_CLAUSE = 60
NOUNS = frozenset(("thing", "shadow", "where", "scope", "tagged", "part", "region", "unknown"))
IDLE = frozenset(("sign", "filler", "link"))
LISTED = frozenset(("retouch", "remove_object", "thing", "tagged", "shadow"))
# What can be ruled out, what may stand before it, and what is a wish by itself.
NOUNS = frozenset(("thing", "shadow", "act", "wish", "retouch", "remove_object"))
WHOLES = frozenset(("everything", "else", "nothing"))
MODIFIERS = frozenset(("colour", "slot", "degree", "percent", "side", "tagged", "owner"))
VALUES = frozenset((
    "colour", "clear", "format", "size", "length", "aspect", "percent", "number", "icc", "quality", "bytes", "dpi",
    "side", "shape", "pattern", "token", "file", "act", "degree", "slot", "vague", "wish",
))  # fmt: skip
MEASURES = frozenset(("size", "length", "aspect", "format", "shape", "icc"))
STATEMENTS = frozenset(("colour", "clear", "format", "size", "length", "aspect", "act", "shadow"))
PLACING = frozenset(("side", "scope", "where", "owner"))
BARE = frozenset(("thing", "retouch", "remove_object", "shadow", "tagged", "degree", "unknown", "act", "clear"))


class Polarity(enum.Enum):
    """What a clause wants of the things that it names."""

    DO = "do"
    NOT = "not"
    KEEP = "keep"
    REMOVE = "remove"


@attrs.define(kw_only=True, eq=False)
class Clause:
    """One clause.

    Args:
        items: pieces of meaning without signs, links and words that carry none.
        sentence: number of its sentence.
        joiner: how it follows the clause before: a sign, ``and``, ``or``, ``but`` or empty.
        where: pictures it is about, or None when it does not say.
        outputs: indexes of the outputs it belongs to; empty for what all outputs share.
        words: the whole instruction.
        age: how many mails of a thread are newer than the one that it stands in.
        moods: words that tell whether it wishes for something, describes, reports or asks.
        ending: the sign that ends it.
        is_polite: whether it says please, as only a wish does.
    """

    items: list[Item]
    sentence: int
    joiner: str
    words: str
    polarity: Polarity = Polarity.DO
    where: Scope | None = None
    outputs: tuple[int, ...] = ()
    age: int = 0
    moods: list[Item] = attrs.field(factory=list)
    ending: str = ""
    is_polite: bool = False

    @property
    def scope(self) -> Scope:
        """Pictures it is about, all when it does not say."""
        return ALL if self.where is None else self.where

    def all(self, kind: str, *keys: str) -> list[Item]:
        """Items of a kind that nothing used yet."""
        return [i for i in self.items if i.named(kind, *keys) and not i.is_used]

    def find(self, kind: str, *keys: str) -> Item | None:
        """Return the first unused item of a kind."""
        return next(iter(self.all(kind, *keys)), None)

    def has(self, kind: str, *keys: str) -> bool:
        """Whether there is such an item, used or not."""
        return any(i.named(kind, *keys) for i in self.items)

    def feels(self, *moods: str) -> bool:
        """Whether it holds a word of one of these moods."""
        return any(i.key in moods for i in self.moods)

    def use(self, kind: str, *keys: str) -> list[Item]:
        """Mark all unused items of a kind as used and return them."""
        return [i.use() for i in self.all(kind, *keys)]

    def nearest(self, item: Item, candidates: Iterable[Item]) -> Item | None:
        """Return the candidate that stands closest to an item; of two as close, the one after it."""
        ranked = sorted((_distance(item, c), c.first < item.first, c.first, c) for c in _others(item, candidates))
        return ranked[0][3] if ranked else None

    def cause(self, items: Sequence[Item] = ()) -> Cause:
        """Give the words of some items, of the whole clause when none are given."""
        chosen = list(items) or self.items
        start, end = min(i.start for i in chosen), max(i.end for i in chosen)
        return Cause(start=start, end=end, words=self.words[start:end])


def _others(item: Item, candidates: Iterable[Item]) -> list[Item]:
    return [c for c in candidates if c is not item]


def _distance(one: Item, other: Item) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def split(items: Sequence[Item], words: str) -> list[Clause]:
    """Cut the items into clauses with polarity and places."""
    cutter = _Cutter(words=words)
    for place, item in enumerate(items):
        cutter.take(items, place, item=item)
    cutter.close("")
    clauses = cutter.clauses
    for clause in clauses:
        clause.polarity = _polarity(clause)
    _inherit_polarity(clauses)
    _set_places(clauses)
    return clauses


@attrs.define(kw_only=True)
class _Cutter:
    """Gathers the items of one clause after the other."""

    words: str
    clauses: list[Clause] = attrs.field(factory=list)
    current: list[Item] = attrs.field(factory=list)
    moods: list[Item] = attrs.field(factory=list)
    is_polite: bool = False
    sentence: int = 0
    joiner: str = ""

    def take(self, items: Sequence[Item], place: int, *, item: Item) -> None:
        """Add an item to the clause, or end the clause before it."""
        if item.kind == "sign" and item.key in SENTENCE_SIGNS:
            if not (_is_inner_dot(items, place) or self._is_shortened(items, place)):
                self.close(item.key)
                self.sentence += 1
        elif _breaks(items, place):
            self.close(item.key)
        elif item.kind == "mood":
            self.moods.append(item)
        elif item.named("neg", "swap"):
            self._set_apart(item)
        elif item.named("cond", "then"):
            # "2000 px se chhoti ho to": the condition stands before its word.
            self.current.append(item)
            self.close(",")
        elif joiner := self._opening(items, place) or self._keeping(items, place):
            self.close(joiner)
            self.current.append(item)
        elif item.kind not in IDLE:
            self._add(item)
        elif item.named("filler", "polite"):
            self.is_polite = True

    def _is_shortened(self, items: Sequence[Item], place: int) -> bool:
        """Whether a dot ends a shortened word before its value: ``max. 2 MB``, but not ``2000 px max. 300 dpi``."""
        before, after = items[max(place - 2, 0) : place], items[place + 1 : place + 2]
        if items[place].key != "." or not before or not after or before[-1].end != items[place].start:
            return False
        word = self.words[before[-1].start : before[-1].end].casefold()
        is_used_up = before[0] is not before[-1] and before[0].kind in COUNTED
        return word in SHORTENED and after[0].kind in COUNTED and not is_used_up

    def _add(self, item: Item) -> None:
        """Add an item, ending before it what it does not belong to."""
        if len(self.current) >= LONGEST_CLAUSE:
            self.close(",")
        if item.kind == "neg" or item.named("verb", "remove", "keep"):
            self._leave_behind()
        elif item.kind in MEASURES and self._is_ruled_out():
            self.close(",")
        self.current.append(item)

    def _set_apart(self, item: Item) -> None:
        """Make a clause of its own of what is replaced, as in グレーではなく緑に: what stands before goes on."""
        before, replaced = self.current[:-1], self.current[-1:]
        if replaced:
            self.current = [*replaced, item]
            self.close(",")
        self.current = before

    def _describes(self, place: int) -> bool:
        """Whether an item is about the noun after it; a colour is not beside a background, nor in 白背景影なし."""
        item = self.current[place]
        is_of_ground = bool(place) and self.current[place - 1].kind == "thing"
        if item.kind == "colour" and (is_of_ground or is_east_asian(self.words[item.start : item.start + 1])):
            return False
        return item.kind in MODIFIERS

    def _is_ruled_out(self) -> bool:
        """Whether ``no`` after a noun has ended its statement: ``shadow nahi 1500 px``."""
        negs = [n for n, item in enumerate(self.current) if item.named("neg", "post")]
        return bool(negs) and any(i.kind in NOUNS and i.kind != "thing" for i in self.current[: negs[0]])

    def _leave_behind(self) -> None:
        """End the clause before the noun that a closing ``no``, ``remove`` or ``keep`` is about.

        In ``white background shadow nahi`` and 白背景影なし only the shadow is ruled out.
        """
        nouns = [n for n, item in enumerate(self.current) if item.kind in NOUNS and item.key not in WHOLES]
        start = nouns[-1] if nouns else 0
        while start and self._describes(start - 1):
            start -= 1
        before, after = self.current[:start], self.current[start:]
        ruled_out = after[0].kind if after else ""
        is_told = any(i.kind in STATEMENTS and not i.kind == ruled_out == "shadow" for i in before)
        if is_told and not any(i.kind in ("neg", "verb") for i in self.current):
            self.current = before
            self.close(",")
            self.current = after

    def _opening(self, items: Sequence[Item], place: int) -> str:
        """Return how an item that starts a clause of its own joins it; empty for other items."""
        item = items[place]
        if item.named("split", "each", "point"):
            return ","
        if item.kind == "cond":
            return "if"
        following = next((i for i in items[place + 1 : place + 4] if i.kind != "filler"), None)
        if following is None or (following.kind == "sign" and following.key in SENTENCE_SIGNS | CLAUSE_SIGNS):
            # 阴影不要: what is not wanted stands before it.
            return ""
        # "Mirrors get no shadow": the product only says for which pictures.
        is_inside = any(i.kind not in ("where", "scope", "tagged", "part", "region", "unknown") for i in self.current)
        if following.named("verb", "change", "remove") and all(i.kind in NOUNS for i in self.current):
            # "Los nombres no se cambian": what must not be changed stands before it.
            return ""
        # "Nic nie zmieniać": two negations that say it once.
        is_double = bool(self.current) and (
            self.current[-1].kind == "neg" or self.current[-1].named("thing", "nothing")
        )
        return "neg" if item.named("neg", "pre") and is_inside and not is_double else ""

    def _keeping(self, items: Sequence[Item], place: int) -> str:
        """Return a joiner where ``keeping …`` follows something to do: ``crop to 16:9 keeping the product centred``."""
        following = next((i for i in items[place + 1 : place + 5] if i.kind not in ("filler", "link")), None)
        goes_on = following is not None and following.kind in ("thing", "shadow", "side", "texture")
        is_doing = any(i.kind in ("act", "aspect", "colour", "format") for i in self.current)
        return "neg" if items[place].named("verb", "keep") and is_doing and goes_on else ""

    def close(self, following: str) -> None:
        """End the clause; ``following`` is how the next one joins it."""
        if self.current or self.moods:
            clause = Clause(
                items=self.current or list(self.moods), sentence=self.sentence, joiner=self.joiner, words=self.words,
                moods=self.moods, ending=following, is_polite=self.is_polite,
            )  # fmt: skip
            self.clauses.append(clause)
            self.joiner = following
        elif self.joiner in ("", ",") or following in SENTENCE_SIGNS:
            self.joiner = following
        self.current, self.moods, self.is_polite = [], [], False


def _breaks(items: Sequence[Item], place: int) -> bool:
    item = items[place]
    if item.kind == "link":
        # In 「SALE」と書く the particle belongs to the quotation, in 40％で文字を入れる to the value.
        held = ("quote", *VALUES) if item.key == "with" else ("quote",)
        return place == 0 or items[place - 1].kind not in held or items[place - 1].end != item.start
    if item.kind != "sign" or item.key not in CLAUSE_SIGNS:
        return False
    before = items[place - 1] if place else None
    after = items[place + 1] if place + 1 < len(items) else None
    is_after_space = bool(before and before.end < item.start)
    is_before_space = bool(after and item.end < after.start)
    if item.key == "-":
        return is_after_space and is_before_space
    # "folder /web" is a path, "JPG / PNG" and "JPG/PNG" are lists.
    return item.key != "/" or is_after_space == is_before_space


def _is_inner_dot(items: Sequence[Item], place: int) -> bool:
    """Whether a dot begins a word, as in ``.psd``."""
    if items[place].key != "." or place + 1 >= len(items):
        return False
    is_glued_after = items[place].end == items[place + 1].start and items[place + 1].kind != "sign"
    return is_glued_after and (place == 0 or items[place - 1].end < items[place].start)


def _settle_putting(clause: Clause) -> None:
    """Decide what ``rakho`` or ``dejar`` means, to put or to keep: a value is put, a bare thing is kept."""
    has_value = any(i.kind in VALUES for i in clause.items)
    for item in clause.all("verb", "put"):
        item.key = "add" if has_value else "keep"


def _settle_trimming(clause: Clause) -> None:
    """Read 余白を30pxまでトリミング: a crop of the empty space is a trim."""
    is_framed = clause.has("aspect") or clause.has("size") or clause.has("percent")
    if clause.has("slot", "margin") and clause.has("length", "px") and not is_framed:
        for crop in clause.all("act", "crop"):
            crop.key = "trim"


def _polarity(clause: Clause) -> Polarity:
    _settle_putting(clause)
    _settle_trimming(clause)
    is_negative = clause.has("neg")
    is_change = clause.has("verb", "change") or clause.has("thing", "everything")
    if is_change and (is_negative or clause.has("thing", "nothing")) and not clause.has("verb", "keep"):
        return Polarity.KEEP
    if clause.has("verb", "remove"):
        return Polarity.KEEP if is_negative else Polarity.REMOVE
    if clause.has("verb", "keep"):
        # "Leave 20 px around it" asks for something.
        if (clause.has("length") or clause.has("percent")) and (clause.has("slot", "margin") or clause.has("side")):
            return Polarity.DO
        if clause.has("size") or (clause.has("length") and clause.has("edge")) or _is_format_fine(clause):
            return Polarity.DO
        if (clause.has("clear", "transparent") or clause.has("side", "center")) and not clause.has("thing"):
            return Polarity.DO
        return Polarity.REMOVE if clause.has("neg", "pre") else Polarity.KEEP
    return Polarity.NOT if is_negative else Polarity.DO


def _is_format_fine(clause: Clause) -> bool:
    """Whether a format is agreed to (``PNG is fine``) rather than kept (``keep the JPGs``)."""
    kept = [i for i in clause.items if i.named("verb", "keep")]
    formats = [i for i in clause.items if i.kind in ("format", "space", "icc")]
    is_plain = not clause.has("neg") and not clause.has("thing") and len(kept) == 1
    return is_plain and bool(formats) and kept[0].first >= formats[-1].last


def _inherit_polarity(clauses: Sequence[Clause]) -> None:
    """Carry ``no``, ``keep`` and ``remove`` on to the bare nouns of a list."""
    for clause, after in reversed(list(itertools.pairwise(clauses))):
        # "Falten und Fussel entfernen": the verb at the end is about the whole list.
        is_list = after.joiner in ("and", "or", ",") and clause.sentence == after.sentence
        is_verb_last = after.polarity is Polarity.REMOVE and after.items[-1].named("verb", "remove")
        is_no_last = after.polarity is Polarity.NOT and after.items[-1].named("neg", "post") and after.joiner != ","
        is_listed = clause.polarity is Polarity.DO and all(i.kind in LISTED or i.kind == "where" for i in clause.items)
        if is_list and (is_verb_last or is_no_last) and is_listed:
            clause.polarity = after.polarity
    for before, clause in itertools.pairwise(clauses):
        is_kept_too = before.polarity is Polarity.KEEP and clause.polarity is Polarity.NOT
        if is_kept_too and clause.sentence == before.sentence and all(i.kind in ("neg", "thing") for i in clause.items):
            # "Touch nothing else, neither the background nor the size."
            clause.polarity = Polarity.KEEP
        if clause.sentence != before.sentence or clause.polarity is not Polarity.DO:
            continue
        is_object = before.polarity is Polarity.REMOVE and (clause.has("remove_object") or clause.has("retouch"))
        kinds = BARE | {"where"} if is_object else BARE
        is_bare = all(i.kind in kinds for i in clause.items) and not clause.has("act")
        is_act_list = clause.joiner == "or" and all(i.kind in BARE or i.kind in PLACING for i in clause.items)
        is_list = clause.joiner in ("and", "or") or before.polarity is Polarity.REMOVE
        if (is_bare and is_list and not clause.has("clear")) or is_act_list:
            clause.polarity = before.polarity


def _set_places(clauses: Sequence[Clause]) -> None:
    """Give each clause the pictures that it, or the words before it in its sentence, names."""
    carried: Scope | None = None
    sentence = -1
    named = {i.key for c in clauses for i in c.items if i.kind == "where"}
    has_named = bool(named & {"files", "index", "ordinal", "except", "skipped", "measured"})
    has_named = has_named or any(c.has("cond") or c.has("compare") for c in clauses)
    for number, clause in enumerate(clauses):
        if clause.sentence != sentence:
            carried, sentence = None, clause.sentence
        places = _own_places(clause)
        if places:
            clause.where = _united([p.value for p in places if has_named or p.key != "rest"])
            if clause.items[0].kind == "where" or not (clause.has("act") or clause.has("verb") or clause.has("wish")):
                carried = clause.where
            _share_backwards(clauses, number)
        elif number and _takes_over(clauses[number - 1], clause):
            clause.where = clauses[number - 1].where
        elif clause.has("thing", "everything") and clause.polarity is Polarity.DO:
            carried = None
        elif carried is not None or (clause.has("thing", "else") and any(c.where for c in clauses[:number])):
            clause.where = carried
            if clause.has("thing", "else") and clause.polarity is Polarity.DO:
                clause.where = carried = Scope(rest=True)


def _own_places(clause: Clause) -> list[Item]:
    """Return the items that say which pictures a clause is about; names that are wished or matched are none."""
    if clause.has("act", "rename") and not clause.has("act", "skip"):
        return []
    places = [p for p in clause.all("where") if p.key != "skipped"]
    match = next((i for i in clause.items if i.named("wish", "colour.match")), None)
    # A file behind "match" is what is to be matched; one before it is what has to change.
    return places if match is None else [p for p in places if p.first < match.first]


def _takes_over(before: Clause, clause: Clause) -> bool:
    """Whether a clause says more of the pictures before it: ``mirrored in IMG_1, flip it back``."""
    if before.where is None:
        return False
    acts = {i.key for i in clause.items if i.kind == "act"}
    is_same = bool(acts) and acts <= {i.key for i in before.items if i.kind == "act"}
    return clause.has("wish", "colour.replace") or (is_same and before.sentence == clause.sentence)


def _share_backwards(clauses: Sequence[Clause], number: int) -> None:
    """In ``flip and straighten IMG_4`` the name at the end is about both."""
    clause = clauses[number]
    before = clauses[number - 1] if number else None
    is_named_last = clause.items[-1].named("where", "files", "index")
    if before is None or not is_named_last or clause.joiner != "and":
        return
    is_fault = bool(before.items) and all(i.kind in ("retouch", "remove_object") for i in before.items)
    if before.sentence == clause.sentence and before.where is None and (before.has("act") or is_fault):
        before.where = clause.where


def _united(scopes: Sequence[Scope]) -> Scope:
    named = [s for s in scopes if not s.is_all]
    if not named:
        return ALL
    if len(named) == 1 or any(s.rest for s in named):
        return named[0]
    return Scope(
        files=tuple(dict.fromkeys(n for s in named for n in s.files)),
        ranges=tuple(dict.fromkeys(r for s in named for r in s.ranges)),
        globs=tuple(dict.fromkeys(g for s in named for g in s.globs)),
        not_globs=tuple(dict.fromkeys(g for s in named for g in s.not_globs)),
        indexes=tuple(dict.fromkeys(p for s in named for p in s.indexes)),
    )
