"""Plain text, in the encodings that are in use anywhere."""

import re
from pathlib import Path

import attrs

from adapters.documents.encodings import WIDEST, decode
from adapters.documents.formats import unsupported
from adapters.documents.limits import Limits
from adapters.documents.wrapping import joined
from core.errors import InvalidInputError
from core.ports.document_reader import Document

SPACE = "\ufeff\x1a \t\r\n\f"
# Tab, line feed, form feed and carriage return occur in texts, and so does the mark at the end of old DOS files.
CONTROL = re.compile("[\0-\x08\x0b\x0e-\x19\x1b-\x1f]")


def read_text(path: Path, limits: Limits) -> Document:
    """Read text in Unicode or in an encoding that is told by its bytes.

    Raises:
        UnsupportedTypeError: it is no text.
        InvalidInputError: code ``empty_brief``.
    """
    with path.open("rb") as file:
        text = decode(file.read(WIDEST * (limits.max_characters + 1)))
    if CONTROL.search(text):
        raise unsupported("no text")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return finished(Document(text=joined(lines), format="text"), limits)


def finished(document: Document, limits: Limits) -> Document:
    """Return a document as it is used: without space behind it, and cut where it is too long.

    Raises:
        InvalidInputError: code ``empty_brief``: there are no words in it.
    """
    text = document.text.lstrip("\ufeff").rstrip(SPACE)
    if not text.strip(SPACE):
        raise InvalidInputError("there are no words in it.", code="empty_brief")
    if len(text) <= limits.max_characters:
        return attrs.evolve(document, text=text)
    note = f"The text is longer than {limits.max_characters:,} characters: only its beginning is read."
    starts = tuple(start for start in document.page_starts if start < limits.max_characters)
    return attrs.evolve(
        document, text=text[: limits.max_characters], page_starts=starts, notes=(*document.notes, note)
    )  # fmt: skip
