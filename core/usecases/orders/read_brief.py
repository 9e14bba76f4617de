"""Read the words of a document that says what should be done."""

from pathlib import Path

import attrs

from core.domain.assets import Purpose, check_upload_size, clean_file_name
from core.ports.document_reader import DocumentReader


@attrs.frozen(kw_only=True)
class Brief:
    """A document that was read.

    Args:
        name: as the customer knows it.
        format: pdf, docx, doc or text.
        pages: of a PDF, else None.
        notes: sentences on what could not be read.
    """

    name: str
    text: str
    format: str = "text"
    pages: int | None = None
    notes: tuple[str, ...] = ()


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
        return Brief(name=name, text=found.text, format=found.format, pages=found.pages, notes=found.notes)
