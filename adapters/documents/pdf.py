"""The words of a PDF, page by page."""

import itertools
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import DictionaryObject

from adapters.documents.limits import Limits
from adapters.documents.tables import in_rows
from adapters.documents.wrapping import joined
from core.errors import InvalidInputError, TooLargeError
from core.ports.document_reader import Document

BETWEEN = "\n\n"
# Where words stand on a page costs as much as the words themselves: it is looked up for so many characters.
LAID_OUT = 10_000
# Words that stand further apart are no table; a gap costs a space for every letter that would fit in.
LONGEST_LINE = 1_000


def read_pdf(path: Path, limits: Limits) -> Document:
    """Read the text of every page; a page without any is named in the notes.

    Raises:
        TooLargeError: code ``too_many_pages``.
        InvalidInputError: code ``protected_document`` or ``empty_brief``.
    """
    reader = PdfReader(path, strict=False)
    _unlock(reader)
    count = _count(reader, limits)
    texts, length = [], 0
    for number in range(count):
        texts.append(_words(reader.pages[number], laid_out=LAID_OUT - length))
        length += len(texts[-1])
        if length > limits.max_characters:
            break
    scans = [number for number, text in enumerate(texts, 1) if not text]
    if len(scans) == len(texts):
        raise InvalidInputError("there are no words in it, only pictures of them: it seems to be a scan.",
                                code="empty_brief")  # fmt: skip
    pages = [text + BETWEEN if text else "" for text in texts]
    starts = (0, *itertools.accumulate(map(len, pages[:-1])))
    return Document(
        text="".join(pages).removesuffix(BETWEEN), format="pdf", pages=count, page_starts=starts,
        notes=tuple(f"Page {number} is a scan or a picture: its words cannot be read." for number in scans),
    )  # fmt: skip


def _words(page: PageObject, *, laid_out: int) -> str:
    """Return the words of a page, line by line; where it is no longer than ``laid_out``, with tables as rows."""
    text = page.extract_text()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if 0 < len(text) <= laid_out:
        lines = in_rows(lines, _layout(page))
    return joined(lines)


def _layout(page: PageObject) -> list[str]:
    try:
        lines = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False).split("\n")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- its words are known; only how they stand on the page is not
        return []
    return [line for line in lines if len(line) <= LONGEST_LINE]


def _unlock(reader: PdfReader) -> None:
    """Open what is locked with the empty password, as most protected files are: they may be read, not changed."""
    if not reader.is_encrypted:
        return
    try:
        is_open = bool(reader.decrypt(""))
    except DependencyError:
        is_open = False
    if not is_open:
        raise InvalidInputError(
            "it is protected; save it without a password.", code="protected_document"
        )  # fmt: skip


def _count(reader: PdfReader, limits: Limits) -> int:
    # What the file says of itself is asked first: walking over the pages of a hostile one is what costs.
    pages = reader.root_object["/Pages"].get_object()
    declared = pages.get("/Count", 0) if isinstance(pages, DictionaryObject) else 0
    count = declared if isinstance(declared, int) and declared > limits.max_pages else len(reader.pages)
    if count > limits.max_pages:
        raise TooLargeError(
            f"it has {count} pages; at most {limits.max_pages} are read.", code="too_many_pages",
            details={"pages": count, "max_pages": limits.max_pages},
        )  # fmt: skip
    return count
