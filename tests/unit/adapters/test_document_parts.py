"""What a document is made of: encodings, full lines, tables, numbered lists."""

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.encodings import decode
from adapters.documents.limits import Limits
from adapters.documents.tables import in_rows
from adapters.documents.word import read_docx
from adapters.documents.wrapping import joined
from core.domain.briefs import SOFT_BREAK
from tests.support.documents import W, with_parts

TEXTS = {
    "french": "Bonjour,\nmerci de détourer les photos et de garder l’ombre naturelle. À bientôt, Zoé",
    "german": "Bitte freistellen, Hintergrund reinweiß, Größe 60 × 60 px.\nSchöne Grüße",
    "spanish": "¿Podéis poner el fondo blanco y añadir una sombra suave? ¡Gracias!",
    "portuguese": "Não mexer na cor, só tirar a poeira e centralizar a peça no quadro. Atenção às mãos.",
    "polish": "Proszę o białe tło, bez cienia. Zdjęcia mają być wyśrodkowane, część środkowa bez zmian. Dziękuję",
    "japanese": "背景を白にして、商品を中央に配置してください。余白は10%、JPEGでお願いします。",
    "chinese": "请把所有图片的背景换成纯白色，产品居中，四周留白百分之五，JPG格式，谢谢！",
    "traditional": "請把所有圖片的背景換成純白色，產品置中，四周留白百分之五，謝謝！",
    "korean": "모든 사진의 배경을 흰색으로 바꾸고 제품을 가운데에 배치해 주세요.",
    "russian": "Пожалуйста, сделайте белый фон на всех фотографиях и мягкую тень под товаром.",
    "hindi": "कृपया सभी तस्वीरों की पृष्ठभूमि सफेद करें और हल्की छाया रखें।",
}
WESTERN = ("cp1252", "latin-1")
OWN = {
    "french": ("cp1252", "mac_roman"), "german": WESTERN, "spanish": WESTERN, "portuguese": WESTERN,
    "polish": ("cp1250", "iso8859_2"), "japanese": ("cp932", "euc_jp", "iso2022_jp"), "chinese": ("gb18030",),
    "traditional": ("big5",), "korean": ("euc_kr",), "russian": ("cp1251", "koi8_r", "iso8859_5"),
}  # fmt: skip
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
UNMARKED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PAIRS = [(name, encoding) for name in TEXTS for encoding in (*UNICODE, *OWN.get(name, ()))]


@pytest.mark.req("S0-BRIEF-02")
@pytest.mark.parametrize(("name", "encoding"), PAIRS)
def test_a_text_is_told_by_its_bytes(name: str, encoding: str) -> None:
    data = TEXTS[name].encode(encoding)
    assert decode(data).lstrip("\ufeff") == TEXTS[name]
    assert decode(data) == decode(data)


@pytest.mark.parametrize("encoding", UNMARKED)
@pytest.mark.parametrize("name", ["french", "polish", "russian", "korean", "hindi"])
def test_wide_encodings_are_told_without_a_mark_where_there_are_spaces(name: str, encoding: str) -> None:
    assert decode(TEXTS[name].encode(encoding)) == TEXTS[name]


def test_a_text_that_ends_in_the_middle_of_a_character_is_read_up_to_there() -> None:
    assert decode("Größe 60 ×".encode()[:-1]) == "Größe 60 "
    long = TEXTS["japanese"] * 3000
    assert decode(long.encode("cp932"))[: len(long)] == long


@given(st.binary(max_size=300))
def test_any_bytes_become_some_text(data: bytes) -> None:
    assert decode(data) == decode(data)


SENTENCE = (
    "The background of all pictures should be of a pure white, and the shadow",
    "below the product a soft one; the size of the finished pictures is 2000 x",
    "3000 px, saved as JPEG.",
)


def test_a_sentence_over_several_full_lines_is_one() -> None:
    assert joined(SENTENCE) == SOFT_BREAK.join(SENTENCE)
    assert joined([*SENTENCE, "No names changed."]).endswith("JPEG.\nNo names changed.")


@pytest.mark.parametrize(
    "lines",
    [
        ("White background", "soft shadow", "jpg"),
        ("1. The background of every single picture should be of a pure white", "2. the size is 2000 x 2000 px"),
        ("The background of every single picture should be of a pure white", "- no shadow at all", "– no text either"),
        ("The background of every single picture should be of a pure white.", "then crop to 4:5"),
        ("Size of the pictures for the shop | 2000 x 2000 px | JPEG of quality 90", "print | 4000 px | TIFF"),
        ("A line of this length has still much room on it", "Another one", "x y " * 30 + ".", "z w " * 30 + "."),
        ("", "", "white"),
        (),
    ],
    ids=["short", "numbers", "bullets", "full-stop", "row", "room", "empty", "none"],
)
def test_lines_that_end_on_purpose_stay_apart(lines: tuple[str, ...]) -> None:
    assert joined(lines) == "\n".join(lines)


@given(st.lists(st.text(alphabet="ab ,.|-1\t", max_size=90), max_size=12))
def test_no_line_is_lost_when_lines_are_joined(lines: list[str]) -> None:
    assert joined(lines).replace(SOFT_BREAK, "\n") == "\n".join(lines)


LAYOUT = (
    "Style guide",
    "Output       Size              Format",
    "web          2000 x 2000 px    JPG, quality 90",
    "print        4000 px           TIFF",
    "Margin       5 %",
)


def test_words_below_one_another_are_a_table() -> None:
    drawn = ["Style guide", "Output Size Format", "web", "2000 x 2000 px", "JPG, quality 90", "print 4000 px TIFF",
             "Margin 5 %"]  # fmt: skip
    assert in_rows(drawn, LAYOUT) == [
        "Style guide", "Output | Size | Format", "web | 2000 x 2000 px | JPG, quality 90", "print | 4000 px | TIFF",
        "Margin: 5 %",
    ]  # fmt: skip


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    layout = ("Left one goes     Right one goes", "on and on         on as well", "to here.          to its end.")
    drawn = ["Left one goes", "on and on", "to here.", "Right one goes", "on as well", "to its end."]
    assert in_rows(drawn, layout) == drawn


def test_lines_are_read_from_top_to_bottom_however_they_were_drawn() -> None:
    layout = ("First.", "Second.", "Third.")
    assert in_rows(["Third.", "First.", "Second."], layout) == ["First.", "Second.", "Third."]
    assert in_rows(["Third.", "First.", "Twice.", "Twice."], layout) == ["Third.", "First.", "Twice.", "Twice."]


def test_a_single_gap_makes_no_table() -> None:
    assert in_rows(["Lumen Style guide", "White."], ("Lumen        Style guide", "White.")) == [
        "Lumen Style guide", "White.",
    ]  # fmt: skip


@given(st.lists(st.text(alphabet="ab  1", max_size=30), max_size=8), st.lists(st.text(alphabet="ab   ", max_size=30)))
def test_no_word_is_lost_in_rows(lines: list[str], layout: list[str]) -> None:
    def letters(found: list[str]) -> list[str]:
        return sorted("".join(found).replace(" ", "").replace("|", "").replace(":", ""))

    assert letters(in_rows(lines, layout)) == letters(lines)


def text_of(content: bytes, tmp_path: Path) -> list[str]:
    """Return the lines of a DOCX."""
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    return read_docx(path, Limits()).text.splitlines()


def saved(document: object) -> bytes:
    """Return a document as a file."""
    packed = io.BytesIO()
    document.save(packed)  # type: ignore[attr-defined]
    return packed.getvalue()


@pytest.mark.req("S0-BRIEF-02")
def test_lists_keep_their_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    for words in ("White background", "Soft shadow"):
        document.add_paragraph(words, style="List Number")
    document.add_paragraph("In between")
    document.add_paragraph("JPEG", style="List Number")
    document.add_paragraph("No names", style="List Bullet")
    document.add_paragraph("", style="List Number")
    assert text_of(saved(document), tmp_path) == [
        "1. White background", "2. Soft shadow", "In between", "3. JPEG", "• No names",
    ]  # fmt: skip


LISTS = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl>
<w:lvl w:ilvl="77"><w:numFmt w:val="decimal"/></w:lvl>
</w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="9"><w:abstractNumId w:val="70"/></w:num>
</w:numbering>"""


def item(words: str, depth: int, number: int = 3) -> str:
    """Return a paragraph of a list."""
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def test_lists_of_lists_are_numbered_by_their_levels(tmp_path: Path) -> None:
    body = "".join((
        item("one", 0), item("two", 0), item("two a", 1), item("two b", 1), item("three", 0), item("three a", 1),
        item("plain", 2), item("deep", 77), item("no list", 0, 0), item("unknown", 0, 9), item("missing", 0, 44),
    ))  # fmt: skip
    parts = {
        "word/numbering.xml": LISTS,
        "word/document.xml": f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>',
    }
    assert text_of(with_parts(parts), tmp_path) == [
        "IV. one", "V. two", "V.a) two a", "V.b) two b", "VI. three", "VI.a) three a", "plain", "deep", "no list",
        "unknown", "missing",
    ]  # fmt: skip


def test_headers_footers_and_notes_stand_where_a_reader_meets_them(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Lumen"
    document.sections[0].footer.paragraphs[0].text = "Version 4"
    document.add_paragraph("White background")
    document.add_paragraph("Soft shadow")
    base = saved(document)
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t> not cream</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    content = with_footnotes(base, notes, after="White background", reference=reference)
    assert text_of(content, tmp_path) == ["Lumen", "White background", "not cream", "Soft shadow", "Version 4"]


def with_footnotes(base: bytes, notes: str, *, after: str, reference: str) -> bytes:
    """Return a DOCX to which footnotes were added."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        body, kinds = archive.read("word/document.xml").decode(), archive.read("[Content_Types].xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    return with_parts({
        "word/footnotes.xml": notes,
        "word/document.xml": body.replace(f"{after}</w:t></w:r>", f"{after}</w:t></w:r>{reference}{reference}"),
        "[Content_Types].xml": kinds.replace(
            "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
        ),
        "word/_rels/document.xml.rels": links.replace(
            "</Relationships>", f'<Relationship Id="rIdN" Type="{target}" Target="footnotes.xml"/></Relationships>'
        ),
    }, base=base)  # fmt: skip
