"""Port: reads the words of documents."""

from pathlib import Path
from typing import Protocol

import attrs


@attrs.frozen(kw_only=True)
class Document:
    """The words of a document.

    Args:
        text: in reading order, one paragraph a line.
        format: pdf, docx, doc or text, from the content.
        pages: pages of a PDF; None where the format has none.
        page_starts: where each page begins in the text, ascending; empty where the format has no pages. A page
            without words begins where the next one does.
        notes: sentences for the customer on what could not be read.
    """

    text: str
    format: str
    pages: int | None = None
    page_starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


class DocumentReader(Protocol):
    """Reads documents of strangers; safe to call from several threads at once."""

    def read(self, path: Path, *, name: str) -> Document:
        """Return the words of a file; its type is told by its content.

        Args:
            name: as the customer knows the file, for messages.

        Raises:
            UnsupportedTypeError: another kind of file, or one that cannot be read here.
            TooLargeError: it is longer, or costs more to read, than is allowed.
            InvalidInputError: it is damaged, protected, or holds no words (code ``empty_brief``).
            ProviderUnavailableError: the reader died (worth another try).
        """
        ...

    def close(self) -> None:
        """Stop the reader's processes."""
        ...
