"""Plain text in the encodings that are in use."""

import codecs
import re
from pathlib import Path

import attrs

from adapters.documents.formats import unsupported
from adapters.documents.limits import Limits
from core.errors import InvalidInputError
from core.ports.document_reader import Document

SPACE = "\ufeff\x1a \t\r\n\f"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Tab, line feed, form feed and carriage return occur in texts, and so does the mark at the end of old DOS files.
CONTROL = re.compile("[\0-\x08\x0b\x0e-\x19\x1b-\x1f]")


def read_text(path: Path, limits: Limits) -> Document:
    """Read UTF-8, UTF-16 or Latin-1 (with the letters that Windows adds to it).

    Raises:
        UnsupportedTypeError: it is no text.
        InvalidInputError: code ``empty_brief``.
    """
    text = decode(path.read_bytes())
    if CONTROL.search(text):
        raise unsupported("no text")
    return finished(Document(text=text, format="text"), limits)


def finished(document: Document, limits: Limits) -> Document:
    """Return a document as it is used: without space behind it, and cut where it is too long.

    Raises:
        InvalidInputError: code ``empty_brief``: there are no words in it.
    """
    text = document.text.rstrip(SPACE)
    if not text.strip(SPACE):
        raise InvalidInputError("there are no words in it.", code="empty_brief")
    if len(text) <= limits.max_characters:
        return attrs.evolve(document, text=text)
    note = f"The text is longer than {limits.max_characters:,} characters: only its beginning is read."
    starts = tuple(start for start in document.page_starts if start < limits.max_characters)
    return attrs.evolve(
        document, text=text[: limits.max_characters], page_starts=starts, notes=(*document.notes, note)
    )  # fmt: skip


def decode(data: bytes) -> str:
    """Return bytes as text, by their mark or by what they can be."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if len(data) % 2 == 0 and data.count(0) > len(data) // 4:  # every other byte of Western text without a mark
        encoding = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
