"""The archive that a DOCX is, looked at before anything in it is parsed."""

import zipfile
from pathlib import Path

from adapters.documents.formats import unsupported
from adapters.documents.limits import Limits
from core.errors import InvalidInputError, TooLargeError

DOCUMENT_TYPE = "<!DOCTYPE"
DOCUMENT_TYPES = tuple(DOCUMENT_TYPE.encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
PIECE = 1 << 16


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse an archive that is no DOCX or costs too much to unpack, before anything is parsed.

    Raises:
        UnsupportedTypeError: it is another kind of archive.
        TooLargeError: code ``too_many_parts`` or ``unpacks_too_large``.
        InvalidInputError: code ``document_type``, ``protected_document`` or ``damaged_document``.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > limits.max_entries:
            raise TooLargeError(
                f"it has {len(entries)} parts; at most {limits.max_entries} are read.", code="too_many_parts"
            )
        _check_unpacked(entries, limits)
        names = {entry.filename for entry in entries}
        if not {"[Content_Types].xml", "word/document.xml"} <= names:
            raise unsupported("an archive without a Word document in it")
        for entry in entries:
            _check_entry(archive, entry)


def _check_unpacked(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if unpacked > limits.max_unpacked_bytes or unpacked > limits.max_ratio * max(1, packed):
        raise TooLargeError(
            f"it unpacks to {unpacked / 1e6:.1f} MB from {packed / 1e6:.2f} MB, which is more than is read.",
            code="unpacks_too_large",
            details={"bytes": unpacked, "max_bytes": limits.max_unpacked_bytes, "max_ratio": limits.max_ratio},
        )


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise InvalidInputError("it is protected; save it without a password.", code="protected_document")
    if entry.compress_type not in STORED_OR_DEFLATED:
        raise InvalidInputError("it is packed in a way that Word does not use.", code="damaged_document")
    content = _unpacked(archive, entry)
    if entry.filename.endswith((".xml", ".rels")) and any(word in content for word in DOCUMENT_TYPES):
        raise InvalidInputError("it declares a document type, which no Word document does.", code="document_type")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part, unpacked piece by piece up to the size that it declares.

    Raises:
        zipfile.BadZipFile: it holds more, or something else, than it declares.
    """
    with archive.open(entry) as part:
        return b"".join(iter(lambda: part.read(PIECE), b""))
