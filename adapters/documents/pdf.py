"""The words of a PDF, page by page."""

from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import DictionaryObject

from adapters.documents.limits import Limits
from core.errors import InvalidInputError, TooLargeError
from core.ports.document_reader import Document


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
        texts.append(reader.pages[number].extract_text().strip())
        length += len(texts[-1])
        if length > limits.max_characters:
            break
    scans = [number for number, text in enumerate(texts, 1) if not text]
    if len(scans) == len(texts):
        raise InvalidInputError("there are no words in it, only pictures of them: it seems to be a scan.",
                                code="empty_brief")  # fmt: skip
    return Document(
        text="\n\n".join(t for t in texts if t), format="pdf", pages=count,
        notes=tuple(f"Page {number} is a scan or a picture: its words cannot be read." for number in scans),
    )  # fmt: skip


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
