"""What a document may cost."""

import attrs

MIB = 1024 * 1024


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds of the reader (source: decision C07, reliability 3.3).

    Args:
        max_pages: of a PDF.
        max_characters: of the text, which is cut there.
        max_entries, max_unpacked_bytes, max_ratio: of the archive that a DOCX is.
        memory_bytes: address space of a child.
        cpu_s: processor seconds for one document, besides the wall clock in the parent.
        wall_s: seconds after which the parent ends the child.
        tasks_per_child: documents after which a child is replaced.
        idle_memory_bytes: a child that still holds more than this between two documents is replaced.
    """

    max_pages: int = 50
    max_characters: int = 200_000
    max_entries: int = 500
    max_unpacked_bytes: int = 20 * MIB
    max_ratio: int = 50
    memory_bytes: int = 300 * MIB
    cpu_s: int = 2
    wall_s: float = 2.0
    tasks_per_child: int = 200
    idle_memory_bytes: int = 120 * MIB
