"""The words of a DOCX in reading order: headers, paragraphs and tables as they stand in the body, footers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from adapters.documents.archive import check_archive
from adapters.documents.limits import Limits
from adapters.documents.numbering import Numbering
from adapters.documents.tables import row
from core.ports.document_reader import Document

PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
LETTERS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
NOTES = {qn("w:footnoteReference"): RELATIONSHIP_TYPE.FOOTNOTES, qn("w:endnoteReference"): RELATIONSHIP_TYPE.ENDNOTES}
ID, KIND = qn("w:id"), qn("w:type")
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
    return Document(text="\n".join(_Reading(docx.Document(str(path))).lines()), format="docx")


class _Reading:
    """One document while it is read: its lists are counted as they come."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._numbering = Numbering(
            self._root(document.part, RELATIONSHIP_TYPE.NUMBERING), self._root(document.part, RELATIONSHIP_TYPE.STYLES)
        )
        self._notes = {
            (tag, note.get(ID)): note
            for tag, kind in NOTES.items()
            for note in self._root(document.part, kind, default=())
            if note.get(KIND) in (None, "normal")  # others are lines between the text and its notes
        }

    def lines(self) -> Iterator[str]:
        """Yield the lines of the document."""
        for element in self._margins("header"):
            yield from self._lines(element)
        yield from self._lines(self._document.element.body)
        for element in self._margins("footer"):
            yield from self._lines(element)

    @staticmethod
    def _root(part: Any, kind: str, *, default: Any = None) -> Any:
        """Return the root of a part that belongs to another one."""
        found = next((r for r in part.rels.values() if r.reltype == kind and not r.is_external), None)
        if found is None:
            return default
        target = found.target_part
        return target.element if hasattr(target, "element") else parse_xml(target.blob)

    def _margins(self, name: str) -> Iterator[Any]:
        """Yield what stands above or below the pages, once for each section that has its own."""
        for section in self._document.sections:
            parts = [getattr(section, name)]
            if section.different_first_page_header_footer:
                parts.insert(0, getattr(section, f"first_page_{name}"))
            yield from (part.part.element for part in parts if not part.is_linked_to_previous)

    def _lines(self, element: Any) -> Iterator[str]:
        """Yield paragraphs, each followed by its notes, and rows of tables, in order."""
        for child in element:
            if child.tag == PARAGRAPH:
                yield from self._paragraph(child)
            elif child.tag == TABLE:
                yield from (self._row(r) for r in child.iter(ROW) if _nearest(r, TABLE) is child)
            elif child.tag not in PASSED_OVER:
                yield from self._lines(child)

    def _row(self, element: Any) -> str:
        cells = (c for c in element.iter(CELL) if _nearest(c, ROW) is element)
        return row([" ".join(line for line in self._lines(c) if line) for c in cells])

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        words, notes = _words(paragraph)
        label = self._numbering.label(paragraph) if words else ""
        yield f"{label} {words}" if label else words
        for note in notes:
            # Once: a small document could refer to a long note so often that no memory holds it.
            yield from (line for child in self._notes.pop(note, ()) for line, _ in (_words(child),) if line)


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag))


def _words(paragraph: Any) -> tuple[str, list[tuple[str, str]]]:
    """Return the words of a paragraph, and to which notes it refers."""
    parts: list[str] = []
    notes: list[tuple[str, str]] = []
    waiting = [iter(paragraph)]
    while waiting:
        for child in waiting[-1]:
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag in LETTERS:
                parts.append(LETTERS[child.tag])
            elif child.tag in NOTES:
                notes.append((child.tag, child.get(ID)))
            elif child.tag not in PASSED_OVER:
                waiting.append(iter(child))
                break
        else:
            waiting.pop()
    return "".join(parts).strip(), notes
