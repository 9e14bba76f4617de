"""Which pictures a clause is about: names, ranges, positions, the rest, and exceptions."""

import re
from collections.abc import Sequence

import attrs

from core.domain.editing.scope import ALL, Scope
from plugins.llm.local.items import Item

# What is done to pictures one by one, so that a number after it is a position; 90 and more are rather angles or sizes.
SINGLING = ("flip", "straighten", "rotate", "brighter", "darker", "skip")
MOST_SINGLED = 89
PART = re.compile(r"[_-]\w{1,30}|\w{1,30}_")
MAX_POSITION = 10_000
# Items, commas included: a scope holds at most 500 names.
LONGEST_LIST = 800
# Letters of the longest article that stands for the word picture, "nella".
MAX_ARTICLE = 5
LIST_SIGNS = (",", "&", "+")
WISHED = frozenset(("act", "verb", "degree", "colour", "clear"))


def find_places(items: Sequence[Item]) -> list[Item]:
    """Replace the items that name pictures by one ``where`` item each, whose value is a scope.

    The key says what kind of selection it is: ``files``, ``index``, ``ordinal`` (a position without the word picture,
    which may also count outputs), ``rest``, ``all`` or ``except``.
    """
    found: list[Item] = []
    at = 0
    while at < len(items):
        item = (
            _count(items, at)
            or _named_ends(items, at)
            or _files(items, at)
            or _positions(items, at)
            or _ordinals(items, at)
            or _words(items, at)
        )
        found.append(item or items[at])
        at = at + 1 if item is None else _after(items, item)
    return _bare_positions(_exceptions(found))


def _bare_positions(items: Sequence[Item]) -> list[Item]:
    """Read ``6:`` and ``1-4:`` at the start of a sentence as positions where others or several such are named."""
    items = _after_acts(items)
    starts = [place for place, item in enumerate(items) if _starts_sentence(items, place) and _labelled(items, place)]
    listed = _listed(items)
    if not listed and not any(i.named("where", "index") for i in items) and len(starts) < 2:
        return list(items)
    has_index = any(i.named("where", "index") for i in items)
    found: list[Item] = []
    at = 0
    while at < len(items):
        end = _labelled(items, at) if at in starts else 0
        end = at + 1 if at in listed else end
        end = end or (_bare_range(items, at) or _articled(items, at) if has_index else 0)
        if end:
            ends = [_position(items[i], is_named=True) or 1 for i in (at, end - 1)]
            found.append(_where(items, at, end, key="index", scope=Scope(indexes=((ends[0], ends[1]),))))
        else:
            found.append(items[at])
        at = end or at + 1
    return found


def _articled(items: Sequence[Item], at: int) -> int:
    """Read ``la 7 enderezar``: an article before the number stands for the word picture.

    Returns:
        the place after it; 0 when it is none.
    """
    before = next((i for i in reversed(items[:at]) if i.kind != "filler"), None)
    starts = before is None or before.kind == "link" or before.named("sign", ".", "\n", ";", ",")
    following = next((i for i in items[at + 1 :] if i.kind != "filler"), items[at])
    is_article = at > 0 and items[at - 1].kind == "filler"
    return at + 1 if _position(items[at]) and is_article and starts and following.kind in WISHED else 0


def _bare_range(items: Sequence[Item], at: int) -> int:
    """Return the end of ``13 to 20`` where pictures are counted elsewhere; 0 when there is none."""
    is_range = _position(items[at], is_named=True) and _is_to(items, at + 1) and at + 2 < len(items)
    last = _position(items[at + 2], is_named=True) if is_range else None
    return at + 3 if last and last > (_position(items[at], is_named=True) or 0) else 0


def _starts_sentence(items: Sequence[Item], place: int) -> bool:
    before = next((i for i in reversed(items[:place]) if i.kind != "filler"), None)
    return before is None or before.named("sign", ".", "\n", ";")


def _listed(items: Sequence[Item]) -> list[int]:
    """Return the places of the numbers in ``- la 4 va bene``: list points that begin with an article and a number."""
    found = []
    for place in range(2, len(items) - 1):
        opening = items[place - 2].named("sign", "-", "*") and (place == 2 or items[place - 3].named("sign", "\n"))
        is_article = items[place - 1].kind == "filler" and items[place - 1].end - items[place - 1].start <= MAX_ARTICLE
        follows = items[place + 1].kind not in ("sign", "scope", "tagged", "format", "split", "unit", "times")
        if opening and is_article and follows and _position(items[place]):
            found.append(place)
    return found if len(found) > 1 else []


def _labelled(items: Sequence[Item], at: int) -> int:
    """Return the end of the position or range before a colon; 0 when there is none."""
    if not _position(items[at], is_named=True):
        return 0
    end = (
        at + 3 if _is_to(items, at + 1) and at + 2 < len(items) and _position(items[at + 2], is_named=True) else at + 1
    )
    return end if end < len(items) and items[end].named("sign", ":") else 0


def _after_acts(items: Sequence[Item]) -> list[Item]:
    """Read ``mirror 7 and 9`` and ``rotate 4 by 90 degrees``: bare numbers after what is done to some pictures."""
    found: list[Item] = []
    at = 0
    while at < len(items):
        item = _numbers(items, at) if at and items[at - 1].named("act", *SINGLING) else None
        found.append(item or items[at])
        at = at + 1 if item is None else _after(items, item)
    return found


def _numbers(items: Sequence[Item], at: int) -> Item | None:
    pairs: list[tuple[int, int]] = []
    place = end = at
    while place < len(items) and (first := _position(items[place], is_named=True)):
        last = (
            _position(items[place + 2], is_named=True) if _is_to(items, place + 1) and place + 2 < len(items) else None
        )
        pairs.append((first, last or first))
        end = place + (3 if last else 1)
        place = end + 1 if _is_list(items, end) else len(items)
    if not pairs or max(p[1] for p in pairs) > MOST_SINGLED:
        return None
    after = items[end] if end < len(items) else None
    is_angle = items[at - 1].key == "rotate" and (
        after is None or not any(i.kind == "degrees" for i in items[end : end + 4])
    )
    return None if is_angle else _where(items, at, end, key="index", scope=Scope(indexes=tuple(pairs)))


def _after(items: Sequence[Item], item: Item) -> int:
    return next((i for i, other in enumerate(items) if other.first >= item.last), len(items))


def _where(items: Sequence[Item], at: int, end: int, *, key: str, scope: Scope) -> Item:
    first, last = items[at], items[end - 1]
    return Item(kind="where", key=key, value=scope, first=first.first, last=last.last, start=first.start, end=last.end)


def _is_to(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and (items[at].named("scope", "to") or items[at].named("sign", "-", "~"))


def _is_list(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and (items[at].named("link", "and") or items[at].named("sign", *LIST_SIGNS))


def _files(items: Sequence[Item], at: int) -> Item | None:
    """Read names, ranges and globs joined by commas and ``and``."""
    scope, place = Scope(), at
    while place < min(len(items), at + LONGEST_LIST) and items[place].kind in ("file", "glob"):
        item = items[place]
        if item.kind == "glob":
            scope = attrs.evolve(scope, globs=(*scope.globs, item.value))
            place += 1
        elif _is_to(items, place + 1) and place + 2 < len(items) and items[place + 2].kind in ("file", "number"):
            last = items[place + 2]
            end = last.value if last.kind == "file" else f"{last.value:g}"
            scope = attrs.evolve(scope, ranges=(*scope.ranges, _range(item.value, end)))
            place += 3
        else:
            first, dash, last_name = _inner_range(item.value)
            if dash:
                scope = attrs.evolve(scope, ranges=(*scope.ranges, (first, last_name)))
            else:
                scope = attrs.evolve(scope, files=(*scope.files, item.value))
            place += 1
        joined = place
        while _is_list(items, joined):
            joined += 1
        if joined == place or joined >= len(items) or items[joined].kind not in ("file", "glob"):
            break
        place = joined
    return None if place == at else _where(items, at, place, key="files", scope=scope)


def _inner_range(name: str) -> tuple[str, str, str]:
    """Split ``0413-0418`` or ``IMG_0413-0418``; the middle part is empty when it is one name."""
    first, dash, last = name.partition("-")
    is_name = first.rstrip("0123456789") == last.rstrip("0123456789") != "" and last[-1:].isdigit()
    is_range = is_name or (last.isdigit() and first[-1:].isdigit() and len(last) >= 3)
    return _range(first, last)[0], (dash if is_range else ""), _range(first, last)[1]


def _range(first: str, last: str) -> tuple[str, str]:
    """Give the last name of a range the prefix of the first, when it is only digits."""
    if last.isdigit() and not first.isdigit():
        digits = len(first) - len(first.rstrip("0123456789"))
        return first, first[: len(first) - digits] + last.zfill(digits if digits >= len(last) else 0)
    return first, last


def _count(items: Sequence[Item], at: int) -> Item | None:
    """Read ``24 shots`` as a number of pictures, which selects nothing."""
    end = at + 1
    while end < min(at + 3, len(items)) and items[end].kind in ("filler", "tagged"):
        end += 1
    is_number = items[at].kind in ("number", "numeral")
    is_count = is_number and end < len(items) and items[end].named("scope", "image")
    after_image = at > 0 and items[at - 1].named("scope", "image", "first", "last", "to")
    if is_number and not after_image and items[at + 1 : at + 2] and items[at + 1].kind == "tagged":
        # "The 12 shoes": the product still says which pictures.
        is_count, end = True, at
    if not is_count or after_image:
        return None
    first, last = items[at], items[end]
    return Item(kind="filler", first=first.first, last=last.last, start=first.start, end=last.end)


def _positions(items: Sequence[Item], at: int) -> Item | None:
    """Read ``image 4``, ``images 2 to 5``, ``photos 1, 3 and 7``, ``1枚目〜3枚目`` and ``the second picture``."""
    # "85 % de la photo" is about the frame, "de la photo 3" about a picture.
    is_picture = items[at].named("slot", "fill") and items[at].last - items[at].first > 1
    is_named = is_picture or items[at].named("sign", "#") or items[at].named("scope", "image", "except")
    pairs: list[tuple[int, int]] = []
    place = end = _past_from(items, _past_marks(items, at + 1)) if is_named else at
    while place < len(items) and (first := _position(items[place], is_named=True)):
        if any(i.named("scope", "first", "last") for i in items[place + 1 : place + 2]):
            # "Menos las 2 primeras" counts; it is no second picture.
            break
        is_named = is_named or _is_marked(items, place)
        end = _past_marks(items, place + 1)
        upper = _past_marks(items, end + 1)
        last = _position(items[upper], is_named=True) if _is_to(items, end) and upper < len(items) else None
        if last:
            is_named = is_named or _is_marked(items, upper)
            end = _past_marks(items, upper + 1)
        pairs.append((first, last or first))
        place = _past_marks(items, end + 1) if _is_list(items, end) else len(items)
    key = "skipped" if items[at].named("scope", "except") else "index"
    return _where(items, at, end, key=key, scope=Scope(indexes=tuple(pairs))) if pairs and is_named else None


def _past_from(items: Sequence[Item], at: int) -> int:
    """Step over a small word before a range: ``Bilder von 2 bis 5``."""
    is_range = at + 2 < len(items) and bool(_position(items[at + 1], is_named=True)) and _is_to(items, at + 2)
    return at + 1 if is_range and items[at].kind == "filler" else at


def _past_marks(items: Sequence[Item], at: int) -> int:
    """Step over the words for a picture beside its number, ``#``, ``photo``, 枚目, and an article: ``la 3 et la 5``."""
    while at < len(items) and (items[at].named("sign", "#") or items[at].named("scope", "image", "nth")):
        at += 1
    is_article = at + 1 < len(items) and items[at].kind == "filler" and items[at + 1].kind in ("number", "ordinal")
    return at + 1 if is_article else at


def _is_marked(items: Sequence[Item], at: int) -> bool:
    """Whether a word after a number, or the number itself, tells that it is a position and no count."""
    if at + 1 >= len(items):
        return False
    return items[at + 1].named("scope", "nth") or (
        items[at].kind == "ordinal" and items[at + 1].named("scope", "image")
    )


def _position(item: Item, *, is_named: bool = False) -> int | None:
    if item.kind not in ("number", "numeral") and not (is_named and item.kind == "ordinal"):
        return None
    value = float(item.value if item.kind == "number" else item.key)
    return int(value) if value == int(value) and 1 <= value <= MAX_POSITION else None


def _ordinals(items: Sequence[Item], at: int) -> Item | None:
    """Read ``the first 3 images``, ``les 3 premières`` and ``the last one``."""
    before = _position(items[at]) if at + 1 < len(items) else None
    end = items[at + 1] if before else items[at]
    if not end.named("scope", "first", "last"):
        return None
    place, count = (at + 2, before) if before else (at + 1, 1)
    if not before and place < len(items) and (stated := _position(items[place])):
        count, place = stated, place + 1
    is_picture = place < len(items) and items[place].named("scope", "image")
    is_end = place >= len(items) or items[place].kind in ("sign", "link", "act", "verb")
    if not is_picture and place == at + 1 and not is_end:
        return None
    place += 1 if is_picture else 0
    pair = (1, count) if end.key == "first" else (-count, -1)
    if place < len(items) and items[place].named("scope", "per") and pair[0] > 0:
        return _where(items, at, place + 1, key="index", scope=Scope(group_indexes=(pair,)))
    return _where(items, at, place, key="index" if is_picture else "ordinal", scope=Scope(indexes=(pair,)))


def _named_ends(items: Sequence[Item], at: int) -> Item | None:
    """Read ``ending in _02`` and ``starting with DSC`` as globs."""
    if items[at].named("scope", "image"):
        return _with_part(items, at)
    if behind := _ends_behind(items, at):
        return behind
    if not items[at].named("scope", "ending", "starting") or at + 1 >= len(items):
        return None
    text, end = _name_part(items, at + 1)
    if not text:
        return None
    texts = [text]
    while end + 1 < len(items) and (_is_to(items, end) or _is_list(items, end)):
        other = items[end + 1]
        if other.kind not in ("file", "pattern", "quote"):
            break
        texts += _expanded(texts[-1], str(other.value))[1:] if _is_to(items, end) else [str(other.value)]
        end += 2
    globs = tuple(f"*{t}" if items[at].key == "ending" else f"{t}*" for t in texts)
    return _where(items, at, end, key="files", scope=Scope(globs=globs))


def _ends_behind(items: Sequence[Item], at: int) -> Item | None:
    """Read ``test_ 开头的`` and 「_02」で終わる, where the word stands behind the part of the name."""
    text, place = _name_part(items, at)
    place += 1 if place < len(items) and items[place].kind == "filler" else 0
    if not text or place >= len(items) or not items[place].named("scope", "ending", "starting"):
        return None
    glob = f"*{text}" if items[place].key == "ending" else f"{text}*"
    return _where(items, at, place + 1, key="files", scope=Scope(globs=(glob,)))


def _name_part(items: Sequence[Item], at: int) -> tuple[str, int]:
    """Read a part of file names such as ``_det``, ``DSC`` or ``HB_``, and where it ends; an empty text for none."""
    name, place = items[at], at + 1
    if name.kind not in ("file", "pattern", "quote", "unknown"):
        return "", at
    text = str(name.key if name.kind == "unknown" else name.value)
    while place < len(items) and items[place].named("sign", "_", "-") and items[place].start == items[place - 1].end:
        text, place = text + items[place].key, place + 1
    return (text, place) if text.isascii() else ("", at)


def _with_part(items: Sequence[Item], at: int) -> Item | None:
    """Read ``pictures with _detail`` and ``Bilder mit _back`` as globs."""
    place = at + 1
    while place < min(at + 3, len(items)) and (items[place].kind == "filler" or items[place].named("verb", "add")):
        place += 1
    part = items[place] if place < len(items) else None
    is_part = part is not None and part.kind in ("file", "pattern") and PART.fullmatch(str(part.value))
    if part is None or not is_part:
        return None
    return _where(items, at, place + 1, key="files", scope=Scope(globs=(f"*{part.value}*",)))


def _words(items: Sequence[Item], at: int) -> Item | None:
    if items[at].named("scope", "rest"):
        return _where(items, at, at + 1, key="rest", scope=Scope(rest=True))
    return _where(items, at, at + 1, key="all", scope=ALL) if items[at].named("scope", "all") else None


def _exceptions(items: Sequence[Item]) -> list[Item]:
    """Turn ``except`` before names, or its like after them, into a scope of all others."""
    found: list[Item] = []
    for read in items:
        item = read
        before = next((i for i in reversed(found) if i.kind != "filler"), None)
        is_before = before is not None and _is_naming(item) and _is_except(before, item)
        is_after = before is not None and _is_naming(before) and item.named("scope", "outside")
        if before is not None and (is_before or is_after):
            first, last = before, item
            item = _all_but(before if is_after else item, first=first, last=last) or item
            if item is not last:
                found = [i for i in found if i is not first]
        found.append(item)
    return found


def _is_except(before: Item, item: Item) -> bool:
    """Whether a word leaves out what follows: ``todas menos IMG_3``, where ``menos`` alone is ``less``."""
    return before.named("scope", "except") or (before.named("degree", "less") and item.first - before.last <= 1)


def _is_naming(item: Item) -> bool:
    return item.kind == "where" and item.key in ("files", "index", "ordinal")


def _all_but(named: Item, *, first: Item, last: Item) -> Item | None:
    """Give the scope of all pictures but some; those known by position are skipped, which is a constraint."""
    scope: Scope = named.value
    left_out = (*scope.files, *scope.globs, *(name for pair in scope.ranges for name in _expanded(*pair)))
    if not left_out and not scope.indexes:
        return None
    return Item(
        kind="where",
        key="except" if left_out else "skipped",
        value=Scope(not_globs=left_out) if left_out else scope,
        first=first.first,
        last=last.last,
        start=first.start,
        end=last.end,
    )


def _expanded(first: str, last: str) -> list[str]:
    """Write out a range of names, both ends included; the ends alone when it is no series."""
    stem = first.rstrip("0123456789")
    low, high = first[len(stem) :], last[len(last.rstrip("0123456789")) :]
    if not low or not high or not 0 <= int(high[:9]) - int(low[:9]) <= 400:
        return [first, last]
    return [f"{stem}{n:0{len(low)}d}" for n in range(int(low), int(high) + 1)]
