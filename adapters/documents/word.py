"""The words of a DOCX in reading order: headers, then paragraphs and tables as they stand in the body."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from adapters.documents.formats import unsupported
from adapters.documents.limits import Limits
from core.errors import InvalidInputError, TooLargeError
from core.ports.document_reader import Document

DOCUMENT_TYPE = "<!DOCTYPE"
DOCUMENT_TYPES = tuple(DOCUMENT_TYPE.encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
PIECE = 1 << 16
PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
LETTERS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Words that were deleted or moved away, and what old versions of Word show in place of a drawing.
PASSED_OVER = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText")}) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


def read_docx(path: Path, limits: Limits) -> Document:
    """Read the words of a DOCX, after a look at the archive that it is.

    Raises:
        UnsupportedTypeError, TooLargeError, InvalidInputError: as of ``check_archive``.
    """
    check_archive(path, limits)
    document = docx.Document(str(path))
    lines = [line for header in _headers(document) for line in _lines(header)]
    lines += _lines(document.element.body)
    return Document(text="\n".join(lines), format="docx")


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse an archive that is no DOCX or costs too much to unpack, before anything is parsed.

    Raises:
        UnsupportedTypeError: it is another kind of archive.
        TooLargeError: code ``too_many_parts`` or ``unpacks_too_large``.
        InvalidInputError: code ``document_type``, ``protected_document`` or ``damaged_document``.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > limits.max_entries:
            raise TooLargeError(
                f"it has {len(entries)} parts; at most {limits.max_entries} are read.", code="too_many_parts"
            )
        _check_unpacked(entries, limits)
        names = {entry.filename for entry in entries}
        if not {"[Content_Types].xml", "word/document.xml"} <= names:
            raise unsupported("an archive without a Word document in it")
        for entry in entries:
            _check_entry(archive, entry)


def _check_unpacked(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if unpacked > limits.max_unpacked_bytes or unpacked > limits.max_ratio * max(1, packed):
        raise TooLargeError(
            f"it unpacks to {unpacked / 1e6:.1f} MB from {packed / 1e6:.2f} MB, which is more than is read.",
            code="unpacks_too_large",
            details={"bytes": unpacked, "max_bytes": limits.max_unpacked_bytes, "max_ratio": limits.max_ratio},
        )


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise InvalidInputError("it is protected; save it without a password.", code="protected_document")
    if entry.compress_type not in STORED_OR_DEFLATED:
        raise InvalidInputError("it is packed in a way that Word does not use.", code="damaged_document")
    content = _unpacked(archive, entry)
    if entry.filename.endswith((".xml", ".rels")) and any(word in content for word in DOCUMENT_TYPES):
        raise InvalidInputError("it declares a document type, which no Word document does.", code="document_type")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part, unpacked piece by piece up to the size that it declares.

    Raises:
        zipfile.BadZipFile: it holds more, or something else, than it declares.
    """
    with archive.open(entry) as part:
        return b"".join(iter(lambda: part.read(PIECE), b""))


def _headers(document: Any) -> Iterator[Any]:
    for section in document.sections:
        parts = [section.header]
        if section.different_first_page_header_footer:
            parts.insert(0, section.first_page_header)
        yield from (part.part.element for part in parts if not part.is_linked_to_previous)


def _lines(element: Any) -> Iterator[str]:
    """Yield paragraphs and rows of tables, in order."""
    for child in element:
        if child.tag == PARAGRAPH:
            yield _words(child)
        elif child.tag == TABLE:
            yield from (_row(row) for row in child.iter(ROW) if _nearest(row, TABLE) is child)
        elif child.tag not in PASSED_OVER:
            yield from _lines(child)


def _row(row: Any) -> str:
    """Return a row on one line; of two cells the first names the second."""
    cells = [" ".join(line for line in _lines(c) if line) for c in row.iter(CELL) if _nearest(c, ROW) is row]
    filled = [cell for cell in cells if cell]
    return (": " if len(filled) == 2 else " | ").join(filled)


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag))


def _words(paragraph: Any) -> str:
    parts: list[str] = []
    waiting = [iter(paragraph)]
    while waiting:
        for child in waiting[-1]:
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag in LETTERS:
                parts.append(LETTERS[child.tag])
            elif child.tag not in PASSED_OVER:
                waiting.append(iter(child))
                break
        else:
            waiting.pop()
    return "".join(parts).strip()
