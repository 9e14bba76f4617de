"""Documents made on the spot: honest ones, and bombs."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

import docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = "word/document.xml"


def docx_file(*paragraphs: str, header: str = "") -> bytes:
    """Return an honest DOCX."""
    document = docx.Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for text in paragraphs:
        document.add_paragraph(text)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def with_parts(parts: Mapping[str, bytes | str], *, base: bytes | None = None) -> bytes:
    """Return a DOCX in which some parts are others."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or docx_file("White background."))) as honest,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in honest.infolist():
            if entry.filename not in parts:
                archive.writestr(entry.filename, honest.read(entry))
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_body(xml: str, *, prolog: str = "") -> bytes:
    """Return a DOCX with this XML in its body."""
    return with_parts({BODY: f'<?xml version="1.0"?>{prolog}<w:document {W}><w:body>{xml}</w:body></w:document>'})


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a deflated stream of a PDF."""
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), entries, packed)


def pdf_file(objects: Iterable[bytes], *, root: bytes = b"1 0 R", size: int | None = None) -> bytes:
    """Return a PDF of numbered objects, the first of which is 1."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1 if size is None else size))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root %s>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, root, table))
    return out.getvalue()


def pdf_pages(*contents: bytes, fonts: bytes = b"<</F 3 0 R>>", more: bytes = b"") -> bytes:
    """Return a PDF whose pages have these content streams."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, content in enumerate(contents):
        place = b"%d 0 R" % (5 + 2 * number)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font%s%s>>/Contents %s>>"
            % (fonts, more, place)
        )
        objects.append(stream(content))
    return pdf_file(objects)


def words(*lines: str) -> bytes:
    """Return the content of a page."""
    shown = b"".join(b"(%s) Tj T* " % line.encode("cp1252") for line in lines)
    return b"BT /F 11 Tf 50 800 Td 14 TL " + shown + b"ET"


def cells(*rows: Iterable[str], widths: Iterable[int] = (50, 200, 350, 480), top: int = 800) -> bytes:
    """Return the content of a page with a table: cells that begin below one another."""
    shown = [
        b"BT /F 11 Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (left, top - 16 * number, cell.encode("cp1252"))
        for number, row in enumerate(rows)
        for left, cell in zip(widths, row, strict=False)
    ]
    return b"".join(shown)


def pdf_unicode(*pages: Iterable[str]) -> bytes:
    """Return a PDF with lines in any script: each page a list of lines."""
    lines = [list(page) for page in pages]
    letters = sorted({c for page in lines for line in page for c in line})
    codes = {letter: number for number, letter in enumerate(letters, 1)}
    pairs = "\n".join(f"<{n:04x}> <{c.encode('utf-16-be').hex()}>" for c, n in codes.items())
    names = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000>"
        f" <ffff> endcodespacerange {len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    kids = b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(lines)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(lines), kids),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 500/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>",
        stream(names.encode("ascii")),
    ]
    for number, page in enumerate(lines):
        shown = b"".join(b"<%s> Tj T* " % "".join(f"{codes[c]:04x}" for c in line).encode() for line in page)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % (7 + 2 * number)
        )
        objects.append(stream(b"BT /F 11 Tf 50 800 Td 14 TL " + shown + b"ET"))
    return pdf_file(objects)


def pdf_text(*pages: str) -> bytes:
    """Return an honest PDF with a line on every page; an empty line is a page without words."""
    return pdf_pages(*(words(page) if page else b"0 0 100 100 re f" for page in pages))


def laughs(depth: int = 9) -> str:
    """Return a document type whose entity grows tenfold with every level."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth + 1))
    return f'<!DOCTYPE w:document [<!ENTITY l0 "lol">{entities}]>'


def understated() -> bytes:
    """Return a DOCX whose archive says that its body is small, while 200 MB come out of it."""
    data = with_parts({BODY: bytes(200_000_000)})
    return data.replace((200_000_000).to_bytes(4, "little"), (2_000_000).to_bytes(4, "little"))


def dense() -> bytes:
    """Return a DOCX of 780,000 empty paragraphs that does not pack well, so that it looks like an honest one."""
    dice = random.Random(1)
    return with_body("".join(f'<w:p w:rsidR="{dice.getrandbits(32):08X}"/>' for _ in range(780_000)))


def _tree_of_itself() -> bytes:
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 3/Kids[2 0 R 2 0 R 2 0 R]>>"])


def _endless_tree(levels: int = 60) -> bytes:
    kids = [b"<</Type/Pages/Count 1/Kids[%s]>>" % (b"%d 0 R " % (n + 3) * 10) for n in range(levels)]
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", *kids])


def _deflated_twice() -> bytes:
    packed = zlib.compress(zlib.compress(bytes(400_000_000), 9), 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R>>"
    return pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content])


def _form_of_itself() -> bytes:
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 3 0 R>>>>"
    form = stream(b"/X Do /X Do /X Do " * 100, entries)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 3 0 R>>>>/Contents 5 0 R>>"
    return pdf_file(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[4 0 R]>>", form, page, stream(b"/X Do")]
    )


def _object_stream() -> bytes:
    many = b"<</Type/ObjStm/N 100000000/First 10"
    packed = zlib.compress(bytes(300_000_000), 9)
    head = b"%s/Length %d/Filter/FlateDecode>>stream\n" % (many, len(packed))
    body = head + packed + b"\nendstream"
    table = zlib.compress(b"".join(bytes([2, 0, 0, 0, 1, 0, n]) for n in range(1, 200)))
    start = b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\n"
    cross = b"300 0 obj\n<</Type/XRef/Size 201/W[1 4 2]/Index[2 199]/Root 2 0 R/Length %d/Filter/FlateDecode>>stream\n"
    return start + cross % len(table) + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(start)


WIDE_TABLE = (
    b"<</Type/XRef/Size 2000000000/W[1 8 8]/Index[0 2000000000]/Root 1 0 R/Length 9>>stream\n123456789\nendstream"
)

BOMBS: dict[str, Callable[[], bytes]] = {
    "paragraphs.docx": lambda: with_body("<w:p/>" * 3_300_000),
    "dense.docx": dense,
    "zeros.docx": lambda: with_parts({BODY: bytes(200_000_000)}),
    "media.docx": lambda: with_parts({"word/media/image1.png": bytes(200_000_000)}),
    "understated.docx": understated,
    "entries.docx": lambda: with_parts({f"word/media/{n}.png": b"x" for n in range(5000)}),
    "laughs.docx": lambda: with_body("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", prolog=laughs()),
    "styles-laughs.docx": lambda: with_parts({"word/styles.xml": f"{laughs()}<w:styles {W}>&l9;</w:styles>"}),
    "deep.docx": lambda: with_body("<w:sdt><w:sdtContent>" * 100_000),
    "tables.docx": lambda: with_body("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" * 80 + "</w:tc></w:tr></w:tbl>" * 80),
    "inflate.pdf": lambda: pdf_pages(bytes(300_000_000)),
    "twice.pdf": _deflated_twice,
    "pages.pdf": lambda: pdf_text(*["a"] * 10_000),
    "understated-pages.pdf": lambda: pdf_text(*["a"] * 10_000).replace(b"/Count 10000", b"/Count 00001"),
    "tree.pdf": _tree_of_itself,
    "endless-tree.pdf": _endless_tree,
    "form.pdf": _form_of_itself,
    "operators.pdf": lambda: pdf_pages(b"BT /F 1 Tf " + b"1 0 0 1 0 0 Tm ( ) Tj " * 3_000_000 + b"ET"),
    "strings.pdf": lambda: pdf_pages(b"BT /F 1 Tf " + b"[" + b"(a) -9 " * 1_500_000 + b"] TJ ET"),
    "arrays.pdf": lambda: pdf_file([b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 1_000_000]),
    "xref.pdf": lambda: pdf_file([b"<</Type/Catalog/Pages 9 0 R>>"], size=2_000_000_000),
    "wide-xref.pdf": lambda: b"%PDF-1.7\n1 0 obj\n" + WIDE_TABLE + b"\nendobj\nstartxref\n9\n%%EOF",
    "objects.pdf": _object_stream,
}  # fmt: skip
