"""Read the words of a document that says what should be done."""

import itertools
from pathlib import Path

import attrs

from core.domain.assets import Purpose, check_upload_size, clean_file_name
from core.domain.orders import MAX_BRIEF, clean_words
from core.ports.document_reader import Document, DocumentReader


@attrs.frozen(kw_only=True)
class Brief:
    """A document that was read.

    Args:
        name: as the customer knows it.
        format: pdf, docx, doc or text.
        pages: of a PDF, else None.
        page_starts: where each page begins in the text; empty where the format has no pages.
        notes: sentences on what could not be read.
        path: where the document lies, to be kept with its order; None for words that were typed.
    """

    name: str
    text: str
    format: str = "text"
    pages: int | None = None
    page_starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    path: Path | None = None


@attrs.frozen(kw_only=True)
class ReadBrief:
    """Read a PDF, DOCX, DOC or plain text of at most 10 MB."""

    documents: DocumentReader

    def __call__(self, *, name: str, path: Path, size: int) -> Brief:
        """Return the words of a document and what could not be read of it.

        Args:
            size: length of the file in bytes.

        Raises:
            TooLargeError, UnsupportedTypeError, InvalidInputError: it is refused, with its name in the message.
            ProviderUnavailableError: the reader died.
        """
        name = clean_file_name(name)
        check_upload_size(Purpose.BRIEF, name=name, size=size)
        found = self.documents.read(path, name=name)
        text, page_starts = _cleaned(found)
        return Brief(
            name=name, text=text, format=found.format, pages=found.pages, page_starts=page_starts, notes=found.notes,
            path=path,
        )  # fmt: skip


def _cleaned(document: Document) -> tuple[str, tuple[int, ...]]:
    """Return the words as an order keeps them, and where the pages begin in these."""
    pages = itertools.pairwise((0, *document.page_starts, len(document.text)))
    parts = [clean_words(document.text[start:end], limit=MAX_BRIEF, what="brief") for start, end in pages]
    starts = tuple(itertools.accumulate(map(len, parts)))[:-1]
    return "".join(parts), starts
