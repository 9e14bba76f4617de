"""Remove file contents that nothing points at."""

import datetime as dt

import attrs

from core.ports.blob_store import Blob, BlobStore
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading
from core.usecases.delivery.thumbnail import PREFIX as THUMBNAILS

PREFIXES = ("originals/", "results/", "previews/")
AGE = dt.timedelta(hours=24)
# A thumbnail can be made again: one that was needed this month is worth its room.
THUMBNAIL_AGE = dt.timedelta(days=30)
BATCH = 500


@attrs.frozen(kw_only=True)
class Swept:
    """What a sweep did."""

    looked_at: int
    removed: int
    freed_bytes: int


@attrs.frozen(kw_only=True)
class SweepFiles:
    """Remove stored contents that no asset uses and that are older than a day."""

    new_reading: NewReading
    blobs: BlobStore
    clock: Clock

    def __call__(self, *, age: dt.timedelta = AGE) -> Swept:
        """Walk over the store and remove what is unreferenced and old enough.

        Args:
            age: younger contents are left alone, because a transaction may be about to point at them.

        Thumbnails go after a month, and sooner when the file that they show is gone.
        """
        before = self.clock.now() - age
        old = [b for p in PREFIXES for b in self.blobs.list(p) if b.modified_at <= before]
        removed = freed = 0
        for start in range(0, len(old), BATCH):
            part = old[start : start + BATCH]
            with self.new_reading() as work:
                used = work.assets.referenced_keys(b.key for b in part)
            for blob in part:
                if blob.key not in used and self._is_still_old(blob, before):
                    self.blobs.delete(blob.key)
                    removed += 1
                    freed += blob.bytes
        shown = self._sweep_thumbnails(before)
        return Swept(
            looked_at=len(old) + shown.looked_at, removed=removed + shown.removed,
            freed_bytes=freed + shown.freed_bytes,
        )  # fmt: skip

    def _sweep_thumbnails(self, before: dt.datetime) -> Swept:
        old = [b for b in self.blobs.list(f"{THUMBNAILS}/") if b.modified_at <= before]
        worn, gone = self.clock.now() - THUMBNAIL_AGE, []
        for start in range(0, len(old), BATCH):
            part = old[start : start + BATCH]
            with self.new_reading() as work:
                used = work.assets.referenced_keys(key for blob in part for key in _sources(blob))
            gone += [b for b in part if b.modified_at <= worn or used.isdisjoint(_sources(b))]
        for blob in gone:
            self.blobs.delete(blob.key)
        return Swept(looked_at=len(old), removed=len(gone), freed_bytes=sum(b.bytes for b in gone))

    def _is_still_old(self, blob: Blob, before: dt.datetime) -> bool:
        """Look once more: the same content may have been stored again since, and is about to be pointed at."""
        return any(b.key == blob.key and b.modified_at <= before for b in self.blobs.list(blob.key))


def _sources(thumbnail: Blob) -> tuple[str, ...]:
    """Return where the file that a thumbnail shows may be."""
    folder, name = thumbnail.key.split("/")[1:]
    sha256 = name.partition("-")[0]
    return tuple(f"{prefix}/{folder}/{sha256}" for prefix in ("originals", "results"))
