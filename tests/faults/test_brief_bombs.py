"""Documents that cost much to read are refused while they cost little."""

import resource
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from adapters.documents.limits import MIB, Limits
from adapters.documents.reader import LocalDocumentReader
from core.errors import InvalidInputError, ProviderUnavailableError
from tests.support.documents import BOMBS, docx_file, pdf_pages, pdf_text

MEMORY = 300 * MIB
PATIENT = Limits(
    max_pages=10**6, max_entries=10**6, max_unpacked_bytes=10**12, max_ratio=10**9, memory_bytes=4096 * MIB, cpu_s=60,
    wall_s=60, idle_memory_bytes=4096 * MIB,
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Iterator[LocalDocumentReader]:
    """Return a reader with a warm child."""
    made = LocalDocumentReader()
    yield made
    made.close()


def child_of(reader: LocalDocumentReader) -> int:
    """Return the process id of the only child."""
    (child,) = reader._pool._children
    return child.pid


def peak_memory(pid: int) -> int:
    """Return the most memory that a process has held; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def refusal(reader: LocalDocumentReader, folder: Path, content: bytes, name: str = "brief.pdf") -> InvalidInputError:
    """Return how a document is refused."""
    path = folder / "brief"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError) as caught:
        reader.read(path, name=name)
    return caught.value


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_the_next_document_is_read(
    reader: LocalDocumentReader, tmp_path: Path, name: str
) -> None:
    honest = tmp_path / "honest"
    honest.write_bytes(docx_file("White background."))
    reader.read(honest, name="honest.docx")
    pid = child_of(reader)
    error = refusal(reader, tmp_path, BOMBS[name](), name)
    assert error.message.startswith(f"{name}: ")
    assert error.details["name"] == name
    assert peak_memory(pid) <= MEMORY
    assert reader.read(honest, name="honest.docx").text == "White background."


def test_words_that_stand_far_apart_are_read_without_the_room_between_them(
    reader: LocalDocumentReader, tmp_path: Path
) -> None:
    path = tmp_path / "gaps.pdf"
    path.write_bytes(pdf_pages(b"BT /F 1 Tf " + b"1 0 0 1 0 9 Tm (a) Tj 1 0 0 1 999999 9 Tm (b) Tj " * 1000 + b"ET"))
    found = reader.read(path, name="gaps.pdf")
    assert (found.text.count("a"), len(found.text) < 10_000) == (1000, True)
    assert peak_memory(child_of(reader)) <= MEMORY


def test_the_limits_of_a_child_are_those_that_were_decided(reader: LocalDocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(pdf_text("White background."))
    reader.read(path, name="a.pdf")
    pid = child_of(reader)
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (MEMORY, MEMORY)
    assert resource.prlimit(pid, resource.RLIMIT_CPU)[0] <= 2 + 1 + 2 * reader._pool._settings.tasks_per_child
    assert (Limits().wall_s, Limits().cpu_s, Limits().memory_bytes) == (2.0, 2, MEMORY)


@pytest.mark.parametrize("name", ["zeros.docx", "dense.docx"])
def test_a_reader_without_limits_is_caught(tmp_path: Path, name: str) -> None:
    """The bombs are bombs: without the look at the archive and the limits of the child, memory runs over."""
    careless = LocalDocumentReader(limits=PATIENT)
    try:
        path = tmp_path / "honest"
        path.write_bytes(docx_file("White background."))
        careless.read(path, name="honest.docx")
        pid = child_of(careless)
        refusal(careless, tmp_path, BOMBS[name](), name)
        assert peak_memory(pid) > MEMORY
    finally:
        careless.close()


def test_too_many_pages_are_read_by_a_reader_without_limits_only(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(pdf_text(*["Page"] * 51))
    careless, usual = LocalDocumentReader(limits=PATIENT), LocalDocumentReader()
    try:
        assert careless.read(path, name="a.pdf").pages == 51
        assert refusal(usual, tmp_path, path.read_bytes()).code == "too_many_pages"
        assert refusal(usual, tmp_path, BOMBS["understated-pages.pdf"]()).code in {"too_many_pages", "read_too_long"}
    finally:
        careless.close()
        usual.close()


def test_the_clock_ends_what_never_ends(tmp_path: Path) -> None:
    endless = pdf_pages(b"BT /F 1 Tf " + b"1 0 0 1 0 0 Tm ( ) Tj " * 3_000_000 + b"ET")
    hasty = LocalDocumentReader(limits=attrs.evolve(Limits(), memory_bytes=4096 * MIB, wall_s=1.0, cpu_s=60))
    busy = LocalDocumentReader(limits=attrs.evolve(Limits(), memory_bytes=4096 * MIB, wall_s=100, cpu_s=1))
    try:
        assert refusal(hasty, tmp_path, endless).code == "read_too_long"
        assert refusal(busy, tmp_path, endless).code == "read_too_long"
    finally:
        hasty.close()
        busy.close()


def test_a_closed_reader_reads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(docx_file("White background."))
    reader = LocalDocumentReader()
    reader.close()
    with pytest.raises(ProviderUnavailableError):
        reader.read(path, name="a.docx")
