"""Tables of names in an instruction: ``P1010221 = TB-4410-BLK`` line by line, or rows with a first row of titles."""

import re
from collections.abc import Sequence

import attrs

from core.domain.editing.plan import Cause
from plugins.llm.local.items import Item
from plugins.llm.local.lexicon import Lexicon
from plugins.llm.local.text import tokenise

PAIR = re.compile(
    r"[\s*•-]*([\w.-]*\d[\w.-]*|[\w-]+\.\w{3,4})\s*(?:=>|->|→|=|\t|:|：)\s*([\w][\w .-]{0,80}?)\s*[;,.]?\s*$"
)
FILE_TITLES = frozenset(
    ("file", "filename", "file name", "datei", "dateiname", "bild", "image", "fichier", "archivo", "foto")
)
DELIMITERS = (";", "\t", "|", ",")
MIN_ROWS = 2


@attrs.frozen
class Table:
    """A table as ``naming`` takes it, the tokens of its columns, and the words that it stands for."""

    text: str
    columns: tuple[str, ...]
    cause: Cause


def find_table(words: str, *, lexicon: Lexicon) -> Table | None:
    """Find the first table of names; None when there is none."""
    lines = _lines(words)
    return _pairs(words, lines) or _rows(words, lines, lexicon)


def cover(items: Sequence[Item], table: Table) -> None:
    """Take the words of a table into account: they name files and wish for nothing else."""
    for item in items:
        if table.cause.start <= item.start < table.cause.end and item.kind != "sign":
            item.kind, item.key = "filler", "table"


def _lines(words: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for text in words.split("\n"):
        found.append((start, text))
        start += len(text) + 1
    return found


def _pairs(words: str, lines: Sequence[tuple[int, str]]) -> Table | None:
    run: list[tuple[int, str, re.Match[str]]] = []
    for start, text in [*lines, (0, "")]:
        found = PAIR.match(text)
        if found and any(c.isdigit() for c in found[2]) and not _is_measure(found[2]):
            run.append((start, text, found))
            continue
        if len(run) >= MIN_ROWS:
            rows = ";".join(f"{m[1]}|{m[2]}" for _, _, m in run)
            return Table(f"file|sku;{rows}", ("sku",), _cause(words, run[0][0], run[-1][0] + len(run[-1][1])))
        run = []
    return None


def _is_measure(text: str) -> bool:
    """Whether the right side is a size or another value rather than a name."""
    return bool(re.fullmatch(r"[\d.,]+\s*(?:x|×|px|mm|cm|%|dpi|kb|mb)?.*", text, re.IGNORECASE)) and "-" not in text


def _rows(words: str, lines: Sequence[tuple[int, str]], lexicon: Lexicon) -> Table | None:
    for number, (start, text) in enumerate(lines):
        for delimiter in DELIMITERS:
            titles = [t.strip().casefold() for t in text.split(delimiter)]
            if len(titles) < 2 or titles[0] not in FILE_TITLES:
                continue
            columns = tuple(_column(t, lexicon) for t in titles[1:])
            rows = []
            for _, row in lines[number + 1 :]:
                cells = [c.strip() for c in row.split(delimiter)]
                if len(cells) != len(titles) or not all(cells):
                    break
                rows.append(cells)
            if len(rows) >= 1 and len(set(columns)) == len(columns):
                last_start, last = lines[number + len(rows)]
                body = ";".join("|".join(re.sub(r"[|;]", "-", c) for c in cells) for cells in rows)
                return Table(f"file|{'|'.join(columns)};{body}", columns, _cause(words, start, last_start + len(last)))
    return None


def _column(title: str, lexicon: Lexicon) -> str:
    tokens = tokenise(title)
    for token in tokens:
        token.languages = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
    match = lexicon.find(tokens, 0, kind="token") if tokens else None
    return match.meaning.key if match else re.sub(r"\W+", "_", title).strip("_")[:30] or "name"


def _cause(words: str, start: int, end: int) -> Cause:
    return Cause(start=start, end=end, words=words[start:end])
