"""Stored files survive a killed writer, a full disk and a read-only one; nobody ever reads half a file."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.blobs.filesystem import UNFINISHED, FilesystemBlobStore
from core.errors import InvalidInputError, ProviderUnavailableError
from core.ports.blob_store import StorageFullError

ROOT = Path(__file__).resolve().parents[2]
CHUNK = 1 << 20
OLD = b"earlier content"
FUTURE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

# A process that stores what comes through a pipe: it is killed when half of it has arrived.
WRITER = """
import sys
from pathlib import Path
from {module} import {name} as Store
getattr(Store(Path(sys.argv[1])), sys.argv[2])(sys.argv[3], Path(sys.argv[4]))
"""


class InPlaceStore(FilesystemBlobStore):
    """The fault that these tests exist to catch: it writes under the key itself."""

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reader, target.open("wb") as writer:
            shutil.copyfileobj(reader, writer, CHUNK)


def kill_during(method: str, kind: type[FilesystemBlobStore], root: Path, pipe: Path) -> None:
    """Have another process store under ``a/b`` what comes through a pipe, and kill it -9 after two chunks."""
    os.mkfifo(pipe)
    program = WRITER.format(module=kind.__module__, name=kind.__name__)
    child = subprocess.Popen([sys.executable, "-c", program, str(root), method, "a/b", str(pipe)], cwd=ROOT)
    try:
        with pipe.open("wb", buffering=0) as writer:
            for _ in range(3):  # the third chunk is only taken after the first was written
                writer.write(b"n" * CHUNK)
            child.send_signal(signal.SIGKILL)
            assert child.wait() == -signal.SIGKILL
    finally:
        child.kill()
        child.wait()


def half_files(store: FilesystemBlobStore, before: bytes | None) -> list[str]:
    """Return what is readable in the store and is not the content from before."""
    readable = {blob.key: (store.root / blob.key).read_bytes() for blob in store.list("")}
    expected = {} if before is None else {"a/b": before}
    return [key for key, content in readable.items() if expected.get(key) != content] + [
        f"lost {key}" for key in expected.keys() - readable.keys()
    ]


@pytest.mark.parametrize("before", [None, OLD])
@pytest.mark.parametrize("method", ["put", "ingest"])
def test_a_killed_writer_leaves_no_readable_half_file(tmp_path: Path, method: str, before: bytes | None) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "old").write_bytes(OLD)
    if before is not None:
        store.put("a/b", tmp_path / "old")
    kill_during(method, FilesystemBlobStore, store.root, tmp_path / "pipe")
    assert half_files(store, before) == []
    left = list((store.root / UNFINISHED).iterdir())
    assert len(left) == 1, "the kill came in the middle"
    assert store.sweep(dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) == 0
    assert store.sweep(FUTURE) == 1
    assert list((store.root / UNFINISHED).iterdir()) == []
    store.put("a/b", tmp_path / "old")
    assert half_files(store, OLD) == []


@pytest.mark.parametrize("before", [None, OLD])
def test_a_store_that_writes_in_place_is_caught(tmp_path: Path, before: bytes | None) -> None:
    store = InPlaceStore(tmp_path / "blobs")
    (tmp_path / "old").write_bytes(OLD)
    if before is not None:
        store.put("a/b", tmp_path / "old")
    kill_during("put", InPlaceStore, store.root, tmp_path / "pipe")
    assert half_files(store, before) == ["a/b"]


def test_what_a_killed_process_staged_is_swept(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    staging = store.staging()
    folder = staging.__enter__()
    (folder / "half.jpg").write_bytes(b"x")
    assert list(store.list("")) == []
    assert store.sweep(FUTURE) == 1
    assert not folder.exists()
    staging.__exit__(None, None, None)


def flushing_faults(store: FilesystemBlobStore, patch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[str]:
    """Return what a crash could lose: a rename before its file was flushed, or a name that was never flushed."""
    flushed: set[int] = set()
    dirty: set[Path] = set()
    faults: list[str] = []
    fsync, replace, mkdir = os.fsync, Path.replace, Path.mkdir

    def watch_fsync(descriptor: int) -> None:
        fsync(descriptor)
        flushed.add(os.fstat(descriptor).st_ino)
        dirty.difference_update({path for path in dirty if path.stat().st_ino == os.fstat(descriptor).st_ino})

    def watch_replace(self: Path, target: Path) -> Path:
        if self.stat().st_ino not in flushed:
            faults.append("renamed before it was flushed")
        dirty.add(target.parent)
        return replace(self, target)

    def watch_mkdir(self: Path, *arguments: Any, **options: Any) -> None:
        if not self.exists() and self.parent.name != UNFINISHED:
            dirty.add(self.parent)
        mkdir(self, *arguments, **options)

    patch.setattr(os, "fsync", watch_fsync)
    patch.setattr(Path, "replace", watch_replace)
    patch.setattr(Path, "mkdir", watch_mkdir)
    act()
    return [*faults, *(f"{path.relative_to(store.root.parent)} was never flushed" for path in sorted(dirty))]


def test_content_is_flushed_before_its_name_and_every_new_name_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "source").write_bytes(b"x" * 100)

    def act() -> None:
        store.put("a/b/c", tmp_path / "source")
        store.ingest("originals", tmp_path / "source")
        with store.staging() as folder:
            (folder / "result").write_bytes(b"y")
            store.put("results/1", folder / "result", move=True)

    assert flushing_faults(store, monkeypatch, act) == []


def test_a_store_that_does_not_flush_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "source").write_bytes(b"x" * 100)
    monkeypatch.setattr("adapters.storage.blobs.filesystem.flush_folder", lambda _path: None)
    faults = flushing_faults(store, monkeypatch, lambda: store.put("a/c", tmp_path / "source"))
    assert faults == [
        ". was never flushed",
        "blobs was never flushed",
        "blobs/a was never flushed",
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a file system of 4 MiB of this test's own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount program")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def check_full(store: FilesystemBlobStore, source: Path) -> None:
    """Check that nothing of a file that does not fit is left, and that what was there stays."""
    for store_it in (
        lambda: store.put("a/new", source),
        lambda: store.put("a/old", source),
        lambda: store.ingest("originals", source),
    ):
        with pytest.raises(StorageFullError):
            store_it()
    assert [(blob.key, blob.bytes) for blob in store.list("")] == [("a/old", len(OLD))]
    assert (store.root / "a/old").read_bytes() == OLD
    assert list((store.root / UNFINISHED).iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing_half_written(small_disk: Path, tmp_path: Path) -> None:
    store = FilesystemBlobStore(small_disk / "blobs")
    (tmp_path / "old").write_bytes(OLD)
    (tmp_path / "large").write_bytes(b"x" * (8 << 20))
    store.put("a/old", tmp_path / "old")
    check_full(store, tmp_path / "large")
    (tmp_path / "fits").write_bytes(b"x" * CHUNK)
    store.put("a/new", tmp_path / "fits")
    assert store.exists("a/new")


def test_a_file_from_another_file_system_is_copied_when_it_is_moved_in(small_disk: Path, tmp_path: Path) -> None:
    store = FilesystemBlobStore(small_disk / "blobs")
    (tmp_path / "result").write_bytes(b"rendered")
    store.put("a/b", tmp_path / "result", move=True)
    assert (store.root / "a/b").read_bytes() == b"rendered"
    (tmp_path / "large").write_bytes(b"x" * (8 << 20))
    with pytest.raises(StorageFullError):
        store.put("a/large", tmp_path / "large", move=True)


LIMITED = """
import resource, sys
from pathlib import Path
from adapters.storage.blobs.filesystem import FilesystemBlobStore
from tests.faults.test_blob_files import check_full
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
check_full(FilesystemBlobStore(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_a_limit_on_file_sizes_is_like_a_full_disk(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "old").write_bytes(OLD)
    (tmp_path / "large").write_bytes(b"x" * (8 << 20))
    store.put("a/old", tmp_path / "old")
    command = [sys.executable, "-c", LIMITED, str(store.root), str(tmp_path / "large")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def check_read_only(store: FilesystemBlobStore, source: Path) -> None:
    """Check that writing fails as something worth another try, and that reading still works."""
    for write in (
        lambda: store.put("a/new", source),
        lambda: store.put("a/old", source),
        lambda: store.delete("a/old"),
        lambda: store.staging().__enter__(),
    ):
        with pytest.raises(ProviderUnavailableError):
            write()
    assert not store.exists("a/new")
    with store.open("a/old") as file:
        assert file.read() == OLD


def test_a_disk_that_became_read_only_can_still_be_read(small_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(OLD)
    FilesystemBlobStore(small_disk / "blobs").put("a/old", tmp_path / "old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    check_read_only(FilesystemBlobStore(small_disk / "blobs"), tmp_path / "old")


def test_a_folder_of_somebody_else_can_still_be_read(tmp_path: Path) -> None:
    root = tmp_path / "blobs"
    (tmp_path / "old").write_bytes(OLD)
    FilesystemBlobStore(root).put("a/old", tmp_path / "old")
    for folder in (root / UNFINISHED, root / "a", root):
        folder.chmod(0o500)
    try:
        if os.access(root, os.W_OK):
            pytest.skip("this user (root) may write everywhere")
        check_read_only(FilesystemBlobStore(root), tmp_path / "old")
    finally:
        for folder in (root, root / "a", root / UNFINISHED):
            folder.chmod(0o700)


def test_a_link_below_the_root_does_not_lead_out(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_bytes(b"secret")
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs/a").symlink_to(tmp_path / "outside")
    for act in (lambda: store.exists("a/secret"), lambda: store.put("a/b", tmp_path / "outside/secret")):
        with pytest.raises(InvalidInputError):
            act()
    assert list(store.list("")) == []


def test_a_link_is_not_moved_in_but_its_content_copied(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "real").write_bytes(b"content")
    (tmp_path / "soft").symlink_to(tmp_path / "real")
    (tmp_path / "hard").hardlink_to(tmp_path / "real")
    for name in ("soft", "hard"):
        store.put(f"a/{name}", tmp_path / name, move=True)
    (tmp_path / "real").write_bytes(b"changed")
    for name in ("soft", "hard"):
        assert not (store.root / f"a/{name}").is_symlink()
        assert (store.root / f"a/{name}").read_bytes() == b"content"


def test_stored_files_are_private(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "source").write_bytes(b"x")
    (tmp_path / "source").chmod(0o644)
    store.put("a/copied", tmp_path / "source")
    store.put("a/moved", tmp_path / "source", move=True)
    assert {path.stat().st_mode & 0o077 for path in [store.root, *store.root.rglob("*")]} == {0}


def test_a_store_that_was_emptied_under_its_feet_works_on(tmp_path: Path) -> None:
    store = FilesystemBlobStore(tmp_path / "blobs")
    (tmp_path / "source").write_bytes(b"x")
    store.put("a/b", tmp_path / "source")
    shutil.rmtree(store.root)
    store.put("a/b", tmp_path / "source")
    assert store.exists("a/b")
