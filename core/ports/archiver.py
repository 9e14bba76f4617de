"""Port: packing files into one archive as a stream."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import attrs


@attrs.frozen(kw_only=True)
class ArchiveMember:
    """One file of an archive: its relative path, and either a blob or a text.

    Args:
        path: unique, relative, with ``/`` between folders.
        storage_key: key of a stored blob; empty for a text.
        bytes: size of the blob.
        text: content when there is no blob.
    """

    path: str
    storage_key: str = ""
    bytes: int = 0
    text: str = ""


class Archiver(Protocol):
    """Packs members while they are read, without a temporary archive."""

    def stream(self, members: Iterable[ArchiveMember]) -> Iterator[bytes]:
        """Return the chunks of a ZIP archive, in the order of the members."""
        ...

    def size(self, members: Iterable[ArchiveMember]) -> int:
        """Return how many bytes ``stream`` will give."""
        ...
