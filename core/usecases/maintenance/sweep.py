"""Remove file contents that nothing points at."""

import datetime as dt

import attrs

from core.ports.blob_store import Blob, BlobStore
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading

PREFIXES = ("originals/", "results/", "previews/")
AGE = dt.timedelta(hours=24)
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
        return Swept(looked_at=len(old), removed=removed, freed_bytes=freed)

    def _is_still_old(self, blob: Blob, before: dt.datetime) -> bool:
        """Look once more: the same content may have been stored again since, and is about to be pointed at."""
        return any(b.key == blob.key and b.modified_at <= before for b in self.blobs.list(blob.key))
