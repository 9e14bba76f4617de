"""Briefs as documents: what is read, in which order, and what is refused."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from adapters.documents.reader import LocalDocumentReader
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError
from core.ports.document_reader import Document
from tests.support.documents import BODY, docx_file, pdf_file, pdf_text, with_body, with_parts

TEXT = "Fond blanc, façade à gauche.\nWeißer Grund, 60 × 60 px."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.fixture(scope="module")
def reader() -> Iterator[LocalDocumentReader]:
    """Return a reader."""
    made = LocalDocumentReader()
    yield made
    made.close()


@pytest.fixture
def read(reader: LocalDocumentReader, tmp_path: Path) -> "Reading":
    """Return a function that reads bytes."""
    return Reading(reader, tmp_path / "upload")


class Reading:
    """Reads bytes as a document, or tells how they are refused."""

    def __init__(self, reader: LocalDocumentReader, path: Path) -> None:
        self.reader, self.path = reader, path

    def __call__(self, content: bytes, name: str = "brief.txt") -> Document:
        """Return what is read."""
        self.path.write_bytes(content)
        return self.reader.read(self.path, name=name)

    def refusal(self, content: bytes, name: str = "brief.txt") -> InvalidInputError:
        """Return the refusal."""
        with pytest.raises(InvalidInputError) as caught:
            self(content, name)
        assert caught.value.message.startswith(f"{name}: ")
        return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.req("S0-BRIEF-02")
def test_a_text_is_read_in_every_usual_encoding(read: Reading, encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == Document(text=TEXT, format="text")


def test_letters_that_windows_adds_are_read(read: Reading) -> None:
    assert read("„Weiß“ – 20 €".encode("cp1252"), "brief.MD").text == "„Weiß“ – 20 €"


@pytest.mark.req("S0-BRIEF-02")
def test_a_word_document_is_read_in_the_order_of_a_reader(read: Reading, tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Spring campaign"
    document.add_heading("Wishes")
    document.add_paragraph("White background.")
    table = document.add_table(2, 2)
    for row, (what, value) in zip(table.rows, (("Size", "2000 x 2000 px"), ("Format", "JPEG")), strict=True):
        row.cells[0].text, row.cells[1].text = what, value
    inner = table.cell(1, 1).add_table(1, 1)
    inner.cell(0, 0).text = "quality 90"
    document.add_paragraph("Soft\tshadow\nbelow.")
    document.save(str(tmp_path / "a.docx"))
    found = read((tmp_path / "a.docx").read_bytes(), "a.docx")
    assert (found.format, found.pages, found.notes) == ("docx", None, ())
    assert found.text.splitlines() == [
        "Spring campaign", "Wishes", "White background.", "Size: 2000 x 2000 px", "Format: JPEG quality 90",
        "Soft\tshadow", "below.",
    ]  # fmt: skip


def test_words_that_were_added_count_and_words_that_were_deleted_do_not(read: Reading) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    xml = (
        f"<w:p>{run.format('Use ')}<w:del><w:r><w:delText>black</w:delText></w:r></w:del>"
        f"<w:ins>{run.format('white')}</w:ins></w:p>"
        f"<w:p><w:moveFrom>{run.format('gone')}</w:moveFrom></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run.format('From a form field.')}</w:p></w:sdtContent></w:sdt>"
    )
    assert read(with_body(xml)).text == "Use white\n\nFrom a form field."


@pytest.mark.req("S0-BRIEF-02")
def test_a_pdf_is_read_page_by_page_and_scans_are_named(read: Reading) -> None:
    found = read(pdf_text("White background.", "", "JPEG, 2000 px."), "brief.pdf")
    assert (found.format, found.pages) == ("pdf", 3)
    assert found.text == "White background.\n\nJPEG, 2000 px."
    assert found.notes == ("Page 2 is a scan or a picture: its words cannot be read.",)
    assert read.refusal(pdf_text("", "")).code == "empty_brief"


def test_the_type_is_told_by_the_content(read: Reading) -> None:
    assert read(pdf_text("White."), "brief.docx").format == "pdf"
    assert read(docx_file("White."), "brief.txt").format == "docx"
    assert read(b"White.", "brief.pdf").format == "text"


def test_a_long_text_is_cut_with_a_note(read: Reading) -> None:
    found = read(b"white " * 50_000)
    assert len(found.text) == 200_000
    assert found.notes == ("The text is longer than 200,000 characters: only its beginning is read.",)
    assert len(read(docx_file("white " * 50_000)).text) == 200_000


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", InvalidInputError, "empty_file"),
        (b" \r\n\t", InvalidInputError, "empty_brief"),
        (docx_file(""), InvalidInputError, "empty_brief"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), UnsupportedTypeError, "unsupported_type"),
        (b"\xff\xd8\xff\xe0", UnsupportedTypeError, "unsupported_type"),
        (b"{\\rtf1 White}", UnsupportedTypeError, "unsupported_type"),
        (b"a\0b", UnsupportedTypeError, "unsupported_type"),
        (b"a\x01\x02\x03b", UnsupportedTypeError, "unsupported_type"),
        (with_parts({"word/other.xml": "<a/>"}).replace(BODY.encode(), b"word/dokument.xml"), UnsupportedTypeError,
         "unsupported_type"),
        (b"PK\x03\x04 and nothing else", InvalidInputError, "damaged_document"),
        (b"%PDF-1.7 and nothing else", InvalidInputError, "damaged_document"),
        (pdf_file([b"<</Type/Catalog>>"]), InvalidInputError, "damaged_document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), InvalidInputError, "protected_document"),
        (OLE + "Workbook".encode("utf-16-le"), UnsupportedTypeError, "unsupported_type"),
        (with_body("<w:p/>", prolog='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), InvalidInputError, "document_type"),
        (docx_file("White.")[:2000], InvalidInputError, "damaged_document"),
        (pdf_text(*["a"] * 51), TooLargeError, "too_many_pages"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(
    read: Reading, content: bytes, kind: type[Exception], code: str
) -> None:
    error = read.refusal(content)
    assert (type(error), error.code) == (kind, code)


def test_where_a_document_lies_is_not_told(read: Reading) -> None:
    """The reader of Word documents names the file in some of its errors."""
    parts = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    with zipfile.ZipFile(io.BytesIO(docx_file("White."))) as archive:
        types = archive.read("[Content_Types].xml").decode()
    other = types.replace(f"{parts}.document.main+xml", f"{parts}.template.main+xml")
    error = read.refusal(with_parts({"[Content_Types].xml": other}))
    assert "is not a Word file" in error.details["reason"]
    assert str(read.path.parent) not in str(error.details)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is searched for programs before all others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_an_old_word_document_is_read_where_its_program_is_installed(programs: Path, tmp_path: Path) -> None:
    reader = LocalDocumentReader()
    try:
        old = Reading(reader, tmp_path / "upload")
        document = OLE + "WordDocument".encode("utf-16-le")
        error = old.refusal(document, "brief.doc")
        assert (error.code, "DOCX or PDF" in error.message) == ("doc_not_readable", True)
        program = programs / "antiword"
        program.write_text('#!/bin/sh\n[ "$1 $2 $3 $4" = "-m UTF-8.txt -w 0" ] && echo "White background."\n')
        program.chmod(0o755)
        assert old(document, "brief.doc") == Document(text="White background.", format="doc")
        program.write_text("#!/bin/sh\nexit 1\n")
        assert old.refusal(document, "brief.doc").code == "damaged_document"
        program.write_text("#!/bin/sh\nwhile :; do :; done\n")
        assert old.refusal(document, "brief.doc").code == "read_too_long"
    finally:
        reader.close()
