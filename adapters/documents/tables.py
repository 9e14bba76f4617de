"""Tables in the text of a page: words that stand in columns become rows of cells."""

import re
from collections.abc import Sequence
from itertools import pairwise

GAP = re.compile(r" {3,}")
SPACES = re.compile(r"\s+")
MAX_CELLS = 12
# How many characters the beginnings of cells below one another may be apart.
ASKEW = 2


def row(cells: Sequence[str]) -> str:
    """Return a row on one line; of two cells the first names the second."""
    filled = [cell for cell in cells if cell]
    return (": " if len(filled) == 2 else " | ").join(filled)


def in_rows(lines: Sequence[str], layout: Sequence[str]) -> list[str]:
    """Return the lines of a page with its tables as rows.

    Columns of prose stay apart: a row counts only where its cells follow one another in the text, too.

    Args:
        lines: in the order in which they were drawn, which is nearly always that of a reader.
        layout: as they stand on the page from top to bottom, gaps as runs of spaces.
    """
    rows = {_key(line): cells for line, cells in _rows(layout)}
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        keys = [_key("".join(lines[at : at + n])) for n in range(1, MAX_CELLS + 1)]
        size = next((n for n, key in enumerate(keys, 1) if key in rows), 0)
        key = keys[max(0, size - 1)]
        found.append((key, row(rows[key]) if size else lines[at]))
        at += size or 1
    return _as_seen(found, layout)


def _rows(layout: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return lines of several cells that stand below others whose cells begin where theirs do."""
    cut = [(line, [cell.strip() for cell in GAP.split(line.strip())], _starts(line)) for line in layout if line.strip()]
    aligned = set()
    for number, ((_, _, above), (_, _, below)) in enumerate(pairwise(cut)):
        if any(abs(a - b) <= ASKEW for a in above for b in below):
            aligned |= {number, number + 1}
    # The head of a table is often set in the middle of its columns.
    heads = {n for n in range(len(cut) - 1) if n + 1 in aligned and len(cut[n][1]) == len(cut[n + 1][1]) > 1}
    return [
        (line, cells) for n, (line, cells, _) in enumerate(cut) if n in aligned | heads and 1 < len(cells) <= MAX_CELLS
    ]


def _starts(line: str) -> list[int]:
    """Return where the second and further cells of a line begin."""
    lead = len(line) - len(line.lstrip())
    return [lead + gap.end() for gap in GAP.finditer(line.strip())]


def _as_seen(found: list[tuple[str, str]], layout: Sequence[str]) -> list[str]:
    """Return lines from top to bottom where each of them is one line of the page; drawn in columns, they stay so."""
    places = {_key(line): number for number, line in enumerate(layout) if line.strip()}
    known = [(places[key], line) for key, line in found if key in places]
    if len(known) < len(found) or len({number for number, _ in known}) < len(known):
        return [line for _, line in found]
    return [line for _, line in sorted(known)]


def _key(words: str) -> str:
    return SPACES.sub("", words)
