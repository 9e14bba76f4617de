"""The folder DAM: the contract, names and versions, metadata beside the picture, and what a disk can do wrong."""

import errno
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.domain.integrations import InvalidSettingsError
from core.errors import ProviderRejectedError, ProviderUnavailableError
from core.ports.dam import Dam, DamDescriptor, DamFullError
from i2i.testing import Arrived, DamContract, make_item, make_png
from plugins.dam.folder.plugin import i2i_dams

DESCRIPTOR = i2i_dams()[0]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    path = tmp_path / "share"
    path.mkdir()
    return path


def names(share: Path) -> list[str]:
    """Return all files below the folder, hidden ones too."""
    return sorted(path.relative_to(share).as_posix() for path in share.rglob("*") if path.is_file())


class TestFolderContract(DamContract):
    @pytest.fixture
    def descriptor(self) -> DamDescriptor:
        return DESCRIPTOR

    @pytest.fixture
    def settings(self, share: Path) -> Mapping[str, Any]:
        return {"folder": str(share), "subfolder_pattern": "{order}/{sku}", "has_sidecar": "yes"}

    @pytest.fixture
    def arrived(self, share: Path) -> Callable[[], Sequence[Arrived]]:
        def arrived() -> list[Arrived]:
            paths = [share / name for name in names(share)]
            return [
                Arrived(
                    name=path.name,
                    content=path.read_bytes(),
                    folder=path.parent.relative_to(share).as_posix(),
                    metadata=json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8")),
                )
                for path in paths
                if path.suffix != ".json"
            ]

        return arrived

    @pytest.fixture
    def unreachable_settings(self, tmp_path: Path) -> Mapping[str, Any]:
        return {"folder": str(tmp_path / "not-mounted")}


def connect(share: Path, **settings: Any) -> Dam:
    return DESCRIPTOR.connect({"folder": str(share), **settings})


@pytest.mark.req("S0-DAM-15")
@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("", "shoe.png"),
        ("{order}", "Autumn shoes/shoe.png"),
        ("by-day/{date}/{category}-{sku}", "by-day/2026-11-21/shoes-SKU-1/shoe.png"),
    ],
)
def test_sub_folders_follow_the_pattern(share: Path, tmp_path: Path, pattern: str, place: str) -> None:
    receipt = connect(share, subfolder_pattern=pattern).upload(make_item(tmp_path))
    assert receipt.remote_id == place
    assert names(share) == [place]
    assert receipt.remote_url == (share / place).as_uri()


def test_what_is_unknown_has_a_folder_of_its_own(share: Path, tmp_path: Path) -> None:
    connect(share, subfolder_pattern="{sku}/{category}").upload(make_item(tmp_path, sku="", category=" "))
    assert names(share) == ["unknown/unknown/shoe.png"]


@pytest.mark.req("S0-DAM-15")
@pytest.mark.parametrize(
    "pattern", ["../{order}", "/abs", "{order}/..", "{order.x}", "{price}", "{order", "a//b", "{}"]
)
def test_a_pattern_that_leads_elsewhere_or_asks_for_more_is_refused(share: Path, pattern: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        connect(share, subfolder_pattern=pattern)
    assert caught.value.fields.keys() == {"subfolder_pattern"}


@pytest.mark.req("S0-DAM-19")
def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(share: Path, tmp_path: Path) -> None:
    (share / "shoe.png").write_bytes(b"of somebody else")
    contents = [make_png(colour=(red, 0, 0)) for red in range(3)]
    for content in contents:
        connect(share).upload(make_item(tmp_path, content=content))
    assert names(share) == ["shoe-2.png", "shoe-3.png", "shoe-4.png", "shoe.png"]
    assert (share / "shoe.png").read_bytes() == b"of somebody else"
    assert (share / "shoe-3.png").read_bytes() == contents[1]


def test_the_same_picture_is_found_again_among_its_versions(share: Path, tmp_path: Path) -> None:
    first, second = (make_item(tmp_path, content=make_png(colour=(red, 0, 0))) for red in range(2))
    for item in (first, second):
        connect(share).upload(item)
    receipt = connect(share).upload(second)
    assert (receipt.remote_id, receipt.is_new) == ("shoe-2.png", False)
    assert names(share) == ["shoe-2.png", "shoe.png"]


def test_overwriting_is_done_only_when_asked(share: Path, tmp_path: Path) -> None:
    (share / "shoe.png").write_bytes(b"old")
    connect(share, can_overwrite=True).upload(make_item(tmp_path))
    assert names(share) == ["shoe.png"]
    assert (share / "shoe.png").read_bytes() == make_png()


@pytest.mark.req("S0-DAM-16")
def test_the_metadata_file_says_what_is_known(share: Path, tmp_path: Path) -> None:
    item = make_item(tmp_path, title="", tags=("red", "autumn"), caption="Größe 42")
    connect(share, has_sidecar=True).upload(item)
    facts = json.loads((share / "shoe.png.json").read_text(encoding="utf-8"))
    assert facts["tags"] == ["red", "autumn"]
    assert facts["caption"] == "Größe 42"
    assert (facts["sku"], facts["exported_on"], facts["sha256"]) == ("SKU-1", "2026-11-21", item.sha256)
    assert facts["metadata"] == {"operations": ["background", "crop"]}
    assert "title" not in facts


def test_exporters_at_the_same_time_do_not_overwrite_one_another(share: Path, tmp_path: Path) -> None:
    assert overwritten(share, tmp_path) == 0
    assert len(names(share)) == 16


def test_an_exporter_that_looks_before_it_writes_is_caught(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Barrier(16)

    def publish_new(draft: Path, path: Path) -> bool:
        if path.exists():
            return False
        looked.wait(timeout=30)
        draft.replace(path)
        return True

    monkeypatch.setattr("plugins.dam.folder.dam.publish_new", publish_new)
    assert overwritten(share, tmp_path) == 15


def overwritten(share: Path, tmp_path: Path) -> int:
    """Have 16 threads export different pictures of one name, and return how many were lost."""
    items = [make_item(tmp_path, content=make_png(colour=(red, 0, 0))) for red in range(16)]
    start = threading.Barrier(16)

    def export(number: int) -> str:
        start.wait(timeout=30)
        return connect(share).upload(items[number]).remote_id

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(export, range(16)))
    there = {path.read_bytes() for path in share.iterdir()}
    return sum(item.path.read_bytes() not in there for item in items)


def test_where_there_are_no_hard_links_names_are_still_never_taken_twice(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    assert overwritten(share, tmp_path) == 0
    assert len(names(share)) == 16


def test_a_folder_that_is_not_mounted_is_not_made(tmp_path: Path) -> None:
    dam = connect(tmp_path / "share")
    for act in (dam.verify, lambda: dam.upload(make_item(tmp_path))):
        with pytest.raises(ProviderUnavailableError, match="not mounted"):
            act()
    assert not (tmp_path / "share").exists()


def test_a_link_below_the_folder_does_not_lead_out(share: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (share / "Autumn shoes").symlink_to(tmp_path / "outside")
    with pytest.raises(ProviderRejectedError, match="leads out"):
        connect(share, subfolder_pattern="{order}/{sku}").upload(make_item(tmp_path))
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DamFullError), (errno.EDQUOT, DamFullError), (errno.EROFS, ProviderUnavailableError)],
)
def test_a_disk_that_fails_leaves_nothing_behind(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    dam = connect(share)
    for act in (dam.verify, lambda: dam.upload(make_item(tmp_path))):
        with pytest.raises(ProviderUnavailableError) as caught:
            act()
        assert type(caught.value) is error
    assert names(share) == []


def test_the_folder_is_named_by_its_absolute_path() -> None:
    with pytest.raises(InvalidSettingsError, match="absolute path"):
        DESCRIPTOR.connect({"folder": "exports"})
