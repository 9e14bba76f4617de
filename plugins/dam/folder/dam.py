"""A connection to a folder: names are versioned, files appear whole, nothing leaves the folder."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import ProviderRejectedError, ProviderUnavailableError
from core.ports.dam import DamItem, DamReceipt
from plugins.dam.folder.files import draft_of, flush_folder, publish_new, translated

MAX_VERSIONS = 10_000


class FolderDam:
    """Copies pictures into a folder that is there already: an absent one may be a share that is not mounted.

    Args:
        folder: absolute path.
        subfolder_pattern: relative folder with tokens; empty for none.
        can_overwrite: replace a file of the same name; otherwise the new one is called ``name-2.jpg``, ``name-3.jpg`` …
        has_sidecar: write ``name.jpg.json`` beside each picture.
    """

    def __init__(
        self, *, folder: str, subfolder_pattern: str = "", can_overwrite: bool = False, has_sidecar: bool = False
    ) -> None:
        self.folder = Path(folder)
        self.subfolder_pattern = subfolder_pattern
        self.can_overwrite = can_overwrite
        self.has_sidecar = has_sidecar

    def verify(self) -> None:
        """Write a hidden file and remove it."""
        self._check_folder()
        with translated(self.folder), draft_of(self.folder, b"i2i looks whether it may write here.\n"):
            pass

    def upload(self, item: DamItem) -> DamReceipt:
        """Copy a picture; one with the same name and the same content is not copied again."""
        self._check_folder()
        with translated(self.folder):
            place = self._place(item)
            known = None if self.can_overwrite else _find(place, item)
            path = known or self._write(place, item)
            if self.has_sidecar:
                self._write_sidecar(path, item)
        name = path.relative_to(self.folder).as_posix()
        return DamReceipt(remote_id=name, remote_url=path.as_uri(), is_new=known is None)

    def finish(self) -> None:
        """Do nothing: each picture is complete on its own."""

    def _check_folder(self) -> None:
        if not self.folder.is_dir():
            raise ProviderUnavailableError(f"There is no folder {self.folder}; is a disk or share not mounted?")

    def _place(self, item: DamItem) -> Path:
        """Return the sub-folder of a picture, made if need be; a link in it must not lead out of the folder."""
        place = self.folder / item.subfolder(self.subfolder_pattern)
        if not place.resolve().is_relative_to(self.folder.resolve()):
            raise ProviderRejectedError(f"{place} leads out of {self.folder}.", code="outside_folder")
        for folder in reversed([place, *place.parents]):
            if folder.is_relative_to(self.folder) and not folder.exists():
                folder.mkdir(exist_ok=True)
                flush_folder(folder.parent)
        return place

    def _write(self, place: Path, item: DamItem) -> Path:
        with draft_of(place, item.path) as draft:
            if self.can_overwrite:
                path = place / item.safe_name
                draft.replace(path)
            else:
                path = next((name for name in _versions(place, item) if publish_new(draft, name)), None) or _too_many()
        flush_folder(place)
        return path

    def _write_sidecar(self, path: Path, item: DamItem) -> None:
        text = json.dumps(_facts(item), ensure_ascii=False, indent=2, sort_keys=True)
        with draft_of(path.parent, f"{text}\n".encode()) as draft:
            draft.replace(path.with_name(f"{path.name}.json"))
        flush_folder(path.parent)


def _versions(place: Path, item: DamItem) -> Iterator[Path]:
    name = Path(item.safe_name)
    yield place / name
    for number in range(2, MAX_VERSIONS):
        yield place / f"{name.stem}-{number}{name.suffix}"


def _too_many() -> Path:
    raise ProviderRejectedError("The folder holds too many versions of one file.", code="too_many_versions")


def _find(place: Path, item: DamItem) -> Path | None:
    """Return the version that has the picture's content: an earlier attempt brought it here."""
    for path in _versions(place, item):
        if not path.exists():
            return None
        if path.is_file() and path.stat().st_size == item.bytes and _sha256(path) == item.sha256:
            return path
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(item: DamItem) -> dict[str, Any]:
    """Return what is known about a picture, without what is empty."""
    facts = {
        "name": item.name,
        "format": item.format,
        "width": item.width,
        "height": item.height,
        "bytes": item.bytes,
        "sha256": item.sha256,
        "exported_on": item.date.isoformat(),
        "order": item.order,
        "sku": item.sku,
        "category": item.category,
        "title": item.title,
        "alt": item.alt,
        "caption": item.caption,
        "tags": list(item.tags),
        "options": dict(item.options),
        "metadata": dict(item.metadata),
    }
    return {name: value for name, value in facts.items() if value not in ("", [], {})}
