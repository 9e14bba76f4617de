"""Which kind of document a file is, by its content."""

from pathlib import Path

from core.errors import InvalidInputError, UnsupportedTypeError

ACCEPTED = ("PDF", "DOC", "DOCX", "TXT")
PDF_HEAD = 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN = {
    b"{\\rtf": "RTF", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"RIFF": "WebP", b"II*\0": "TIFF",
    b"MM\0*": "TIFF", b"\x1f\x8b": "GZIP", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"MZ": "a program",
    b"\x7fELF": "a program", b"%!PS": "PostScript",
}  # fmt: skip


def detect_format(path: Path) -> str:
    """Return pdf, zip, ole or text.

    Raises:
        InvalidInputError: code ``empty_file``.
        UnsupportedTypeError: code ``unsupported_type``: another known kind of file.
    """
    with path.open("rb") as file:
        head = file.read(PDF_HEAD)
    if not head:
        raise InvalidInputError("the file is empty.", code="empty_file")
    # Readers of PDF look for the header in the first kilobyte (ISO 32000-1, annex H.3); text may hold the same
    # letters, so that it counts only at the beginning or after bytes that are no text.
    if head.startswith(b"%PDF-") or (b"%PDF-" in head and b"\0" in head):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    for signature, name in _KNOWN.items():
        if head.startswith(signature):
            raise unsupported(name)
    return "text"


def unsupported(kind: str) -> UnsupportedTypeError:
    """Return the refusal of a kind of file."""
    return UnsupportedTypeError(
        f"this is {kind}; a brief is a document ({', '.join(ACCEPTED)}).", details={"accepted": list(ACCEPTED)}
    )
