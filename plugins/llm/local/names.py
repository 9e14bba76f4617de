"""Names of files, ranges and patterns of names in an instruction."""

import itertools
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from plugins.llm.local.items import Item, item_of
from plugins.llm.local.text import Token

PICTURES = frozenset(
    (
        "jpg",
        "jpeg",
        "png",
        "tif",
        "tiff",
        "webp",
        "psd",
        "psb",
        "gif",
        "heic",
        "heif",
        "avif",
        "bmp",
        "raw",
        "nef",
        "cr2",
        "cr3",
        "arw",
        "dng",
    )
)
DOCUMENTS = frozenset(("pdf", "doc", "docx", "txt", "csv", "xls", "xlsx", "rtf", "zip"))
LONGEST = 60
# Letters that stand before numbers of other kinds.
NO_PREFIX = frozenset(("Q", "RGB", "CMY", "ISO", "PMS", "RAL", "EV", "V", "X", "MM", "CM", "PX", "DIN"))
INNER = frozenset("_-.*?")


def _run(tokens: Sequence[Token], at: int) -> int:
    """Return the end of the unbroken run of name characters that starts at a token."""
    place, depth = at, 0
    while place < min(len(tokens), at + LONGEST):
        token = tokens[place]
        depth += (token.word in ("<", "{")) - (token.word in (">", "}"))
        inside = depth > 0 and token.word != "\n"
        opens = token.word in ("<", "{") and depth == 1
        if place > at and not token.is_glued and (opens or not inside):
            break
        is_inner = token.word in INNER | {"<", ">", "{", "}"} and token.raw not in "。〜～"
        if token.kind not in ("word", "number") and not is_inner and not inside:
            break
        place += 1
    while place > at and tokens[place - 1].word in (".", "-", "_", "?"):
        place -= 1
    return place


def _series(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the prefixes of short names of which several stand in the text: ``P1040 … P1044``, ``A01 … A07``."""
    numbers: dict[str, set[str]] = {}
    for word, number in itertools.pairwise(tokens):
        is_name = word.raw.isupper() and len(word.raw) <= 3 and number.kind == "number" and number.is_glued
        if is_name and word.raw not in NO_PREFIX and 2 <= len(number.word) <= 5:
            numbers.setdefault(word.raw, set()).add(number.word)
    return frozenset(prefix for prefix, found in numbers.items() if len(found) > 1)


class NameReader:
    """Recognises file names; names of the order's pictures are known for certain."""

    def __init__(self, tokens: Sequence[Token], names: Collection[str]) -> None:
        self._tokens = tokens
        self._series = _series(tokens)
        self._known = {n.casefold() for n in names} | {PurePosixPath(n).stem.casefold() for n in names}

    def read(self, at: int) -> Item | None:
        """Read the file name, glob or naming pattern that starts at a token; None when there is none."""
        end = _run(self._tokens, at)
        if end <= at:
            return None
        text = "".join(t.raw for t in self._tokens[at:end])
        spaced = self._spaced(at, end)
        kind = self._kind(spaced)
        if kind is None:
            return None
        # A long dash between two names is the same sign as a short one.
        text = "".join("-" if t.word == "-" else t.raw for t in self._tokens[at:end])
        return item_of(self._tokens, at, end, kind=kind, value=spaced if kind == "pattern" else text)

    def _spaced(self, at: int, end: int) -> str:
        return "".join(
            (" " if i > at and not t.is_glued else "") + t.raw for i, t in enumerate(self._tokens[at:end], at)
        )

    def _kind(self, text: str) -> str | None:
        stem, _, extension = text.rpartition(".")
        folded = text.casefold()
        if any(c in text for c in "<{"):
            return "pattern" if "_" in text or "-" in text or "." in text else None
        if folded in self._known and (any(c.isdigit() or c in "_." for c in folded) or len(folded) > 7):
            return "file"
        if stem and extension.casefold() in DOCUMENTS:
            return "document"
        if stem and extension.casefold() in PICTURES:
            return "glob" if "*" in text or "?" in text else "file"
        is_size = all(part.isdigit() for part in text.split("*"))
        if "*" in text and len(text.replace("*", "")) >= 2 and not is_size:
            return "glob"
        return self._kind_by_shape(text)

    def _kind_by_shape(self, text: str) -> str | None:
        has_digit = any(c.isdigit() for c in text)
        if "_" in text:
            return "file" if has_digit else "pattern"
        head = text.rstrip("0123456789")
        digits = text[len(head) :]
        prefix = head.rstrip("-")
        is_word = prefix.isalpha() and prefix.isascii() and prefix.casefold() not in PICTURES
        is_camera = is_word and prefix.isupper() and (2 <= len(prefix) <= 5 or len(digits) >= 6)
        if is_camera and len(digits) >= (3 if "-" in head else 4):
            return "file"
        if prefix in self._series and 2 <= len(digits) <= 5:
            return "file"
        first, dash, last = text.partition("-")
        if dash and all(p.rstrip("0123456789") in self._series and p[-1:].isdigit() for p in (first, last)):
            return "file"
        if dash and first.isdigit() and last.isdigit() and min(len(first), len(last)) >= 4:
            return "file"
        is_serial = not head and len(digits) >= 4 and digits.startswith("0")
        return "file" if is_serial else None
