"""Opening pictures: the loaders that are allowed, the format by content, the first frame only."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyvips

from core.errors import InvalidInputError, UnsupportedTypeError

ALLOWED = MappingProxyType(
    {"jpeg": "Jpeg", "png": "Png", "webp": "Webp", "tiff": "Tiff", "gif": "Nsgif", "avif": "Heif", "heic": "Heif"}
)
ACCEPTED_NAMES = "JPEG, PNG, WebP, TIFF, GIF and AVIF"
_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis")
_KNOWN: Mapping[bytes, str] = MappingProxyType(
    {
        b"<svg": "SVG",
        b"<?xml": "XML",
        b"%PDF": "PDF",
        b"8BPS": "PSD",
        b"BM": "BMP",
        b"\x00\x00\x01\x00": "ICO",
        b"\x00\x00\x00\x0cjP": "JPEG 2000",
        b"\xff\x0a": "JPEG XL",
        b"\x00\x00\x00\x0cJXL": "JPEG XL",
        b"v/1\x01": "EXR",
        b"PK\x03\x04": "ZIP",
    }
)


def configure() -> None:
    """Set libvips up for a child process: no cache, one thread, every loader blocked but the accepted ones."""
    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in sorted(set(ALLOWED.values())):
        pyvips.operation_block_set(f"VipsForeignLoad{name}File", False)


def detect_format(path: Path) -> str:
    """Tell the format by the first bytes; the name of the file plays no part.

    Raises:
        InvalidInputError: code ``empty_file``.
        UnsupportedTypeError: code ``unsupported_type`` for other picture and document formats, ``not_an_image``
            for anything else.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise InvalidInputError("The file is empty.", code="empty_file")
    found = _by_signature(head)
    if found:
        return found
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    known = next((name for signature, name in _KNOWN.items() if text.startswith(signature)), None)
    if known:
        raise UnsupportedTypeError(
            f"The file is {known}; {ACCEPTED_NAMES} are accepted.", code="unsupported_type", details={"type": known}
        )
    raise UnsupportedTypeError(f"The file is not a picture; {ACCEPTED_NAMES} are accepted.", code="not_an_image")


def _by_signature(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "tiff"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    return _by_brand(head) if head[4:8] == b"ftyp" else None


def _by_brand(head: bytes) -> str | None:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, size - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "avif"
    return "heic" if any(brand in _HEIC_BRANDS for brand in brands) else None


def open_picture(path: Path, *, shrink: int = 1, random_access: bool = False) -> pyvips.Image:
    """Open the first frame; a JPEG is decoded at 1/``shrink`` (1, 2, 4 or 8) of its size.

    Raises:
        pyvips.Error: the header cannot be read.
    """
    options = {"shrink": shrink} if shrink > 1 else {}
    access = "random" if random_access else "sequential"
    return pyvips.Image.new_from_file(str(path), access=access, fail_on="truncated", **options)
