"""The numbers of lists, which a DOCX does not hold as text (source: ECMA-376-1, section 17.9)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from docx.oxml.ns import qn

BULLET = "•"
DEEPEST = 9  # levels of a list, and how far a style is followed to those that it is based on
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@attrs.frozen(kw_only=True)
class _Level:
    """How one level of a list is numbered; ``text`` names the numbers of levels as ``%1``, ``%2``."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1


Place = tuple[str, int]


class Numbering:
    """Counts the lists of one document; ask for the paragraphs in their order.

    Args:
        numbering: root of the part with the lists; None without one.
        styles: root of the part with the styles, which may number paragraphs, too.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels = dict(_levels(numbering)) if numbering is not None else {}
        self._styles = _styled(styles) if styles is not None else {}
        self._counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * DEEPEST)

    def label(self, paragraph: Any) -> str:
        """Return what stands before a paragraph: its number, a bullet, or nothing."""
        place = self._place(paragraph)
        levels = self._levels.get(place[0]) if place is not None else None
        if place is None or levels is None:
            return ""
        depth, counts = place[1], self._counts[place[0]]
        level = levels.get(depth, _Level())
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (DEEPEST - depth - 1)
        if level.form == "bullet":
            return BULLET
        return _PLACE.sub(lambda m: _number(int(m[1]) - 1, levels, counts), level.text) if level.form != "none" else ""

    def _place(self, paragraph: Any) -> Place | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        own = properties.find(qn("w:numPr"))
        if own is not None:
            return _of(own)
        style = properties.find(qn("w:pStyle"))
        return self._styles.get(style.get(qn("w:val"))) if style is not None else None


def _number(depth: int, levels: Mapping[int, _Level], counts: list[int]) -> str:
    level = levels.get(depth, _Level())
    count = counts[depth] or level.start
    if level.form in ("lowerLetter", "upperLetter"):
        letters = LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1) if 0 < count <= 26 * DEEPEST else str(count)
        return letters.upper() if level.form == "upperLetter" else letters
    if level.form in ("lowerRoman", "upperRoman"):
        return _roman(count).upper() if level.form == "upperRoman" else _roman(count)
    return f"{count:02d}" if level.form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    letters = ""
    for value, letter in _ROMAN:
        letters += letter * (count // value)
        count %= value
    return letters


def _levels(numbering: Any) -> Iterator[tuple[str, dict[int, _Level]]]:
    """Yield the levels of each list by its id."""
    abstract = {a.get(qn("w:abstractNumId")): dict(_declared(a)) for a in numbering.iterchildren(qn("w:abstractNum"))}
    for number in numbering.iterchildren(qn("w:num")):
        kind = _value(number, "w:abstractNumId")
        if kind in abstract:
            own = {d: level for o in number.iterchildren(qn("w:lvlOverride")) for d, level in _declared(o)}
            yield str(number.get(qn("w:numId"))), abstract[kind] | own


def _declared(element: Any) -> Iterator[tuple[int, _Level]]:
    for level in element.iterchildren(qn("w:lvl")):
        depth = _whole(level.get(qn("w:ilvl")), 0)
        if 0 <= depth < DEEPEST:
            text = _value(level, "w:lvlText")
            yield depth, _Level(
                form=_value(level, "w:numFmt") or "decimal", text=f"%{depth + 1}." if text is None else text[:40],
                start=_whole(_value(level, "w:start"), 1),
            )  # fmt: skip


def _styled(styles: Any) -> dict[str, Place]:
    """Return the lists of styles, also of those that are based on others."""
    found = {s.get(qn("w:styleId")): s for s in styles.iterchildren(qn("w:style"))}
    lists: dict[str, Place] = {}
    for name, style in found.items():
        place, followed = None, style
        for _ in range(DEEPEST):
            own = followed.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            base = found.get(_value(followed, "w:basedOn"))
            if own is not None or base is None:
                place = _of(own) if own is not None else None
                break
            followed = base
        if place is not None:
            lists[name] = place
    return lists


def _of(properties: Any) -> Place | None:
    number, depth = _value(properties, "w:numId"), _whole(_value(properties, "w:ilvl"), 0)
    return (number, depth) if number not in (None, "0") and 0 <= depth < DEEPEST else None


def _value(element: Any, name: str) -> str | None:
    child = element.find(qn(name))
    value = child.get(qn("w:val")) if child is not None else None
    return str(value) if value is not None else None


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else default
