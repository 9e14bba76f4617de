"""Lines that ended because they were full go on in the next one: what was one sentence is read as one."""

import re
from collections.abc import Sequence
from itertools import pairwise

from core.domain.briefs import SOFT_BREAK

# No column of text is narrower than this many characters; one of whole sentences is wider.
NARROWEST, WIDE = 40, 60
# Letters differ in width, so that a full line may hold fewer of them than the longest.
FULL = 0.92
# A single longer line says nothing about where the others end.
OUTLIER = 1.2
_ITEM = re.compile(r"[-–—•*·▪►○>#]|(?:\d{1,3}|[^\W\d_])[.)]")
_ROW = re.compile(r"\t|\s\|\s")
_ENDS = (".", ":", ";", "!", "?", "。", "！", "？", "；", "：")


def joined(lines: Sequence[str]) -> str:
    """Return lines as one text, in which a break inside a sentence is a soft one; no line is lost."""
    width = _width(lines)
    parts = list(lines[:1])
    for before, line in pairwise(lines):
        parts += [SOFT_BREAK if _goes_on(before.strip(), line.strip(), width) else "\n", line]
    return "".join(parts)


def _width(lines: Sequence[str]) -> int:
    longest = sorted((len(line.strip()) for line in lines), reverse=True)[:2]
    if not longest:
        return 0
    return longest[-1] if longest[0] > OUTLIER * longest[-1] else longest[0]


def _goes_on(before: str, line: str, width: int) -> bool:
    if len(before) < NARROWEST or not line or before.endswith(_ENDS):
        return False
    if _ITEM.match(line) or _ROW.search(before) or _ROW.search(line):
        return False
    has_room = len(before) + 1 + len(line.split(maxsplit=1)[0]) <= FULL * width
    return line[0].islower() or (width >= WIDE and not has_room)
