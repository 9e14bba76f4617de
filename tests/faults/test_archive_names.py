"""Names of delivered files: whatever a picture was called, an archive of it unpacks safely everywhere."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.storage.archive import ZipArchiver
from adapters.storage.blobs.memory import MemoryBlobStore
from core.domain.editing.naming import Deliverable, assign_names, find_sku, safe_stem
from core.domain.editing.resolve import OutputPlan, ResolvedStep
from core.ports.archiver import ArchiveMember

HOSTILE = [
    "../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "a\x00b.jpg", "CON", "nul.txt", "com1.jpg", "...", "",
    "\u202egpj.exe", "x" * 300, "é" * 300, "IMG.JPG", "img.jpg", "İMG.jpg", "a/b\\c", ".hidden", "trailing. ", "🙂.png",
    "SUMMARY.txt", "ſ.jpg", "ﬁle.jpg", "a:b|c?d*e", "-rf", "%2e%2e%2f", "\r\nContent-Type: text/html",
]  # fmt: skip
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.text(alphabet="../\\:\x00\u202e CONaux", max_size=12),
    st.text(min_size=250, max_size=320),
)
PLAIN = OutputPlan(name="main", folder="", steps=())


def deliverables(originals: list[str], output: OutputPlan = PLAIN) -> list[Deliverable]:
    return [
        Deliverable(
            key=str(i), original_name=name, position=i + 1, output=output, format="jpeg", order_name="Spring",
            is_only_output=True,
        )
        for i, name in enumerate(originals)
    ]  # fmt: skip


def unpackers() -> list[list[str]]:
    known = [["unzip", "-q", "-n", "{zip}", "-d", "{to}"], ["bsdtar", "-x", "-k", "-f", "{zip}", "-C", "{to}"]]
    return [command for command in known if shutil.which(command[0])]


def pack(paths: list[str], target: Path) -> None:
    archiver = ZipArchiver(MemoryBlobStore())
    members = [ArchiveMember(path=path, text=path) for path in paths]
    content = b"".join(archiver.stream(members))
    assert len(content) == archiver.size(members)
    target.write_bytes(content)


def unpacked(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def check_archive(paths: list[str], folder: Path) -> None:
    """Unpack with every tool at hand: as many files as were packed, none of them outside, none overwritten."""
    archive = folder / "order.zip"
    pack(paths, archive)
    inside = folder / "zipfile"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(inside)
    assert unpacked(inside) == set(paths)
    assert {p.name for p in folder.iterdir()} == {"order.zip", "zipfile"}


def clear(folder: Path) -> None:
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@pytest.mark.req("S0-EXP-05")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=1, max_size=20))
@example(HOSTILE)
@example(["a.jpg", "A.jpg", "a.JPG", "a-2.jpg"])
def test_every_file_of_an_archive_lands_inside_under_its_own_name(tmp_path: Path, originals: list[str]) -> None:
    clear(tmp_path)
    paths = list(assign_names(deliverables(originals)).values())
    assert len({p.casefold() for p in paths}) == len(originals)
    check_archive(paths, tmp_path)


@pytest.mark.long
@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=15, max_size=15))
def test_ten_thousand_names_unpack_inside(tmp_path: Path, originals: list[str]) -> None:
    clear(tmp_path)
    check_archive(list(assign_names(deliverables(originals)).values()), tmp_path)


@pytest.mark.parametrize("command", unpackers() or [[]], ids=lambda c: c[0] if c else "none")
def test_other_tools_unpack_the_hostile_names_too(tmp_path: Path, command: list[str]) -> None:
    if not command:
        pytest.skip("neither unzip nor bsdtar is installed")
    paths = list(assign_names(deliverables(HOSTILE)).values())
    archive, target = tmp_path / "order.zip", tmp_path / "out"
    target.mkdir()
    pack(paths, archive)
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    subprocess.run([part.format(zip=archive, to=target) for part in command], check=True, env=environment)
    assert len(unpacked(target)) == len(HOSTILE)
    assert {p.name for p in tmp_path.iterdir()} == {"order.zip", "out"}


def test_a_naming_that_keeps_names_as_they_are_is_caught(tmp_path: Path) -> None:
    """The planted fault: without safe names the same harness must fail."""
    with pytest.raises((AssertionError, OSError, ValueError)):
        check_archive(["../escaped.jpg", "CON.jpg", "a.jpg", "a.jpg"], tmp_path)


def test_later_files_of_one_name_are_numbered() -> None:
    assert list(assign_names(deliverables(["a.jpg", "b/a.png", "A.tif"])).values()) == ["a.jpg", "a-2.jpg", "A-3.jpg"]


def named(pattern: str, **more: str | None) -> OutputPlan:
    params = {"pattern": pattern, "case": "keep", "sku_pattern": None, **more}
    return OutputPlan(name="shop", folder="", steps=(ResolvedStep(op="naming", params=params),))


@pytest.mark.parametrize(
    ("pattern", "more", "expected"),
    [
        ("{original}_{output}", {}, "48213_navy_shop.jpg"),
        ("{index:03d}-{order}", {}, "001-Spring.jpg"),
        ("{sku}", {"sku_pattern": "{sku}_*"}, "48213.jpg"),
        ("{original}", {"case": "upper"}, "48213_NAVY.jpg"),
        ("{original}/{output}", {}, "48213_navy_shop.jpg"),
    ],
)
def test_patterns_name_files_from_tokens(pattern: str, more: dict[str, str], expected: str) -> None:
    assert assign_names(deliverables(["48213_navy.png"], named(pattern, **more)))["0"] == expected


@pytest.mark.parametrize(
    ("shape", "name", "sku"),
    [
        ("{sku}_*", "48213_navy_front", "48213"),
        ("*_{sku}", "front_48213", "48213"),
        ("IMG-{sku}-*", "IMG-9-a", "9"),
        ("{sku}_*", "nothing", None),
    ],
)
def test_a_shape_finds_the_sku(shape: str, name: str, sku: str | None) -> None:
    assert find_sku(shape, name) == sku


@given(st.text(max_size=400))
def test_a_safe_stem_fits_every_file_system(text: str) -> None:
    stem = safe_stem(text)
    assert stem
    assert len(stem.encode()) <= 200
    assert not set(stem) & set('<>:"/\\|?*\x00')
    assert stem.strip(" .") == stem
