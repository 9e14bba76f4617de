"""ZIP archives that are packed while they are read."""

from collections.abc import Iterable, Iterator

from zipstream import ZIP_STORED, ZipStream

from core.ports.archiver import ArchiveMember
from core.ports.blob_store import BlobStore

CHUNK = 1 << 20


class ZipArchiver:
    """Streams stored (not compressed) members: pictures are compressed already, and the size is known up front."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def stream(self, members: Iterable[ArchiveMember]) -> Iterator[bytes]:
        """Return the chunks of the archive; each blob is opened when its turn comes."""
        return iter(self._packed(members))

    def size(self, members: Iterable[ArchiveMember]) -> int:
        """Return the length of the archive without reading any blob."""
        return len(self._packed(members))

    def _packed(self, members: Iterable[ArchiveMember]) -> ZipStream:
        archive = ZipStream(compress_type=ZIP_STORED, sized=True)
        for member in members:
            if member.storage_key:
                archive.add(self._read(member.storage_key), member.path, size=member.bytes)
            else:
                archive.add(member.text.encode(), member.path)
        return archive

    def _read(self, key: str) -> Iterator[bytes]:
        with self._blobs.open(key) as file:
            while chunk := file.read(CHUNK):
                yield chunk
