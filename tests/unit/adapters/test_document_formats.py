"""Ten briefs in every format: the same words, the same plan, and places that a reader of the document finds."""

import io
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import docx
import pytest

from adapters.documents.formats import OLE
from adapters.documents.reader import LocalDocumentReader
from adapters.profiles import BundledProfiles
from core.domain.briefs import SOFT_BREAK
from core.domain.editing.plan import Cause, EditPlan
from core.errors import UnsupportedTypeError
from core.ports.document_reader import Document
from core.ports.planner import PlanRequest
from core.usecases.orders.read_brief import Brief, ReadBrief
from core.usecases.plans.places import Places
from plugins.llm.local.planner import LocalPlanner
from tests.support.documents import cells, pdf_pages, pdf_unicode, words

Row = tuple[str, ...]


@attrs.frozen(kw_only=True)
class Sample:
    """A brief: lines and rows of tables; ``place`` is the page and line of its last line in a PDF of two pages."""

    name: str
    first: tuple[str | Row, ...]
    second: tuple[str | Row, ...]
    is_western: bool = True

    @property
    def text(self) -> str:
        """The same, written by somebody who does not break lines."""
        return "\n".join(self.lines) if self.name != "long-lines" else " ".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is read, line by line."""
        return tuple(map(_told, (*self.first, *self.second)))


def _told(part: str | Row) -> str:
    return part if isinstance(part, str) else (": " if len(part) == 2 else " | ").join(part)


SAMPLES = (
    Sample(name="short", first=("White background.",), second=("Save as JPEG.",)),
    Sample(
        name="style-guide", first=("STYLE GUIDE", "1. White background.", "2. Soft shadow below the product."),
        second=("3. Canvas 2000 x 2000 px, product centred.", "4. JPEG, quality 90, under 500 kB."),
    ),
    Sample(name="table", first=("White background.",), second=(("Size", "1600 x 1600 px"), ("Format", "PNG"))),
    Sample(
        name="outputs", first=("White background for both files.",),
        second=(("web", "1200 x 1200 px", "JPEG"), ("print", "3000 x 3000 px", "TIFF")),
    ),
    Sample(name="keep", first=("Crop to 4:5.", "Keep the background as it is."), second=("1080 px wide, JPEG.",)),
    Sample(
        name="long-lines",
        first=(
            "Please put all of the products on a pure white background and save the finished pictures as JPEG files",
            "of quality 85 in sRGB.",
        ),
        second=("No shadow.",),
    ),
    Sample(
        name="german", first=("Bitte alle Bilder freistellen, Hintergrund reinweiß.", "Weicher Schatten unten."),
        second=("1500 x 2000 px, JPG in sRGB.", "Viele Grüße"),
    ),
    Sample(
        name="french", first=("Détourage sur fond blanc, sans ombre.",), second=("Livrer en JPEG, 1200 x 1200 px.",)
    ),
    Sample(
        name="japanese", first=("背景を白にしてください。",), second=("1000×1000ピクセル、JPEG。",), is_western=False
    ),
    Sample(
        name="polish", first=("Proszę o białe tło.",), second=("JPG, 1500 x 1500 px, bez cienia.",), is_western=False
    ),
)  # fmt: skip
NAMES = [sample.name for sample in SAMPLES]


def as_pdf(sample: Sample) -> bytes:
    """Return a PDF of two pages."""
    if not sample.is_western:
        return pdf_unicode(map(_told, sample.first), map(_told, sample.second))
    return pdf_pages(*(page(part) for part in (sample.first, sample.second)))


def page(parts: tuple[str | Row, ...]) -> bytes:
    """Return a page: its lines, then its rows below them."""
    rows = [part for part in parts if not isinstance(part, str)]
    return words(*(part for part in parts if isinstance(part, str))) + cells(*rows, top=500)


def as_docx(sample: Sample) -> bytes:
    """Return a Word document with real tables."""
    document = docx.Document()
    table = None
    parts = (*sample.first, *sample.second) if sample.name != "long-lines" else (sample.text,)
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = table or document.add_table(0, len(part))
        for cell, text in zip(table.add_row().cells, part, strict=True):
            cell.text = text
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def as_text(encoding: str) -> Callable[[Sample], bytes]:
    """Return what writes a text file."""
    return lambda sample: "\r\n".join(sample.lines).encode(encoding)


FORMATS: dict[str, Callable[[Sample], bytes]] = {
    "brief.pdf": as_pdf, "brief.docx": as_docx, "brief.txt": as_text("utf-8"), "marked.txt": as_text("utf-8-sig"),
    "wide.txt": as_text("utf-16"), "brief.md": as_text("utf-8"),
}  # fmt: skip
OWN = {"german": "cp1252", "french": "latin-1", "japanese": "cp932", "polish": "cp1250"}
PAIRS = [(sample, name) for sample in SAMPLES for name in FORMATS]


@pytest.fixture(scope="module")
def reader() -> Iterator[LocalDocumentReader]:
    """Return a reader for all tests."""
    made = LocalDocumentReader()
    yield made
    made.close()


@pytest.fixture(scope="module")
def planner() -> LocalPlanner:
    """Return the local planner."""
    return LocalPlanner(BundledProfiles())


@pytest.fixture
def read(reader: LocalDocumentReader, tmp_path: Path) -> Callable[[bytes, str], Brief]:
    """Return what reads a document as a brief."""

    def brief(content: bytes, name: str) -> Brief:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return ReadBrief(documents=reader)(name=name, path=path, size=len(content))

    return brief


def meaning(plan: EditPlan) -> list[object]:
    """Return what a plan does, whatever the words were counted as."""
    steps = [[(s.op, s.params, s.scope) for s in part] for part in (plan.steps, *(o.steps for o in plan.outputs))]
    return [*steps, plan.output_names, [(q.key, q.blocking) for q in plan.questions], [u.op for u in plan.unsupported]]


@pytest.mark.req("S0-BRIEF-01")
@pytest.mark.req("S0-BRIEF-02")
@pytest.mark.parametrize(("sample", "name"), PAIRS, ids=[f"{sample.name}-{name}" for sample, name in PAIRS])
def test_every_format_holds_the_same_words_and_means_the_same(
    read: Callable[[bytes, str], Brief], planner: LocalPlanner, sample: Sample, name: str
) -> None:
    found = read(FORMATS[name](sample), name)
    assert found.text.split() == " ".join(sample.lines).split()
    plan, plain = (planner.plan(PlanRequest(instruction=text)) for text in (found.text, sample.text))
    assert meaning(plan) == meaning(plain)
    assert list(plan.all_steps())


@pytest.mark.req("S0-BRIEF-01")
@pytest.mark.parametrize(("sample", "name"), PAIRS, ids=[f"{sample.name}-{name}" for sample, name in PAIRS])
def test_every_cause_is_cited_by_a_line_that_holds_it(
    read: Callable[[bytes, str], Brief], planner: LocalPlanner, sample: Sample, name: str
) -> None:
    found = read(FORMATS[name](sample), name)
    places = Places(brief=found.text, name=found.name, pages=found.page_starts)
    pages = [found.text[a:b] for a, b in itertools.pairwise((*found.page_starts, None))]
    citations = places.citations(planner.plan(PlanRequest(instruction=places.text)))
    assert citations
    for cause, cited in citations.items():
        lines = (pages[cited.page - 1] if cited.page else found.text).replace(SOFT_BREAK, "\n").split("\n")
        assert cause.words.replace(SOFT_BREAK, "\n").split("\n")[0] in lines[cited.line - 1]
        assert (cited.page is None) == (not name.endswith(".pdf"))
    if name.endswith(".pdf"):
        assert {cited.page for cited in citations.values()} <= {1, 2}
        assert len(pages) == 2
        assert pages[1].replace(SOFT_BREAK, "\n").split("\n")[0] == _told(sample.second[0])


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_text_in_the_encoding_of_its_language_means_the_same(
    read: Callable[[bytes, str], Brief], planner: LocalPlanner, name: str
) -> None:
    sample = SAMPLES[NAMES.index(name)]
    plans = [
        planner.plan(PlanRequest(instruction=read(as_text(e)(sample), "a.txt").text)) for e in ("utf-8", OWN[name])
    ]
    assert plans[0] == plans[1]


def test_the_number_of_a_line_is_that_of_the_file(read: Callable[[bytes, str], Brief]) -> None:
    text = "\n\nTo the studio\n\nWhite background.\n"
    found = read(text.encode(), "wishes.txt")
    places = Places(brief=found.text, name=found.name)
    (cause,) = (f for f in (places.text.find("White"),) if f >= 0)
    source, start, _ = places.place_of(_cause(places.text, cause, "White background"))
    assert (source, found.text[start : start + 5]) == ("brief", "White")
    cited = places.citation(_cause(places.text, cause, "White background"))
    assert cited is not None
    assert cited.within(places.name) == "wishes.txt, line 5"


def _cause(text: str, start: int, expected: str) -> Cause:
    return Cause(start=start, end=start + len(expected), words=expected)


@pytest.mark.req("S0-BRIEF-02")
def test_a_scanned_page_is_named_and_the_rest_is_read(read: Callable[[bytes, str], Brief]) -> None:
    content = pdf_pages(words("White background."), b"0 0 100 100 re f", words("JPEG.", "2000 px wide."))
    found = read(content, "brief.pdf")
    assert found.notes == ("Page 2 is a scan or a picture: its words cannot be read.",)
    assert found.page_starts == (0, 19, 19)
    cited = Places(brief=found.text, name=found.name, pages=found.page_starts).citation(
        _cause(found.text, found.text.index("2000"), "2000 px wide")
    )
    assert cited is not None
    assert cited.within("brief.pdf") == "brief.pdf, page 3, line 2"


def test_pages_keep_their_places_when_the_words_are_cleaned(tmp_path: Path) -> None:
    class Odd:
        """A reader that gives what no order keeps."""

        def read(self, path: Path, *, name: str) -> Document:
            """Return control characters, and spaces of other kinds."""
            text = "One\x07\r\n\u00a0two\u200bthree"
            return Document(text=text, format="pdf", pages=2, page_starts=(0, text.index("\u00a0")))

        def close(self) -> None:
            """Hold nothing."""

    found = ReadBrief(documents=Odd())(name="a.pdf", path=tmp_path, size=9)
    assert found.text == "One\n twothree"
    assert found.text[found.page_starts[1] :] == " twothree"


@pytest.mark.req("S0-BRIEF-02")
@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_an_old_word_document_is_read_or_refused_by_name(
    reader: LocalDocumentReader, tmp_path: Path, sample: Sample
) -> None:
    if any(map(shutil.which, ("antiword", "catdoc"))):
        pytest.skip("a program that reads such documents is installed; none is here to write one")
    path = tmp_path / "brief.doc"
    path.write_bytes(
        OLE + "WordDocument".encode("utf-16-le") + as_text("cp1252" if sample.is_western else "utf-8")(sample)
    )
    with pytest.raises(UnsupportedTypeError) as refused:
        reader.read(path, name=f"{sample.name}.doc")
    assert refused.value.code == "doc_not_readable"
    assert refused.value.message.startswith(f"{sample.name}.doc: ")
