"""Facts of a file and the limits it must keep, before and while it is decoded."""

from pathlib import Path

import attrs
import pyvips

from adapters.imaging import heif
from adapters.imaging.containers import check_container
from adapters.imaging.geometry import Turn
from adapters.imaging.jpeg import has_end
from adapters.imaging.limits import MIB, Limits
from adapters.imaging.loaders import ACCEPTED_NAMES, detect_format, open_picture
from adapters.imaging.profiles import profile_name
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError
from core.ports.image_engine import Probe

_BYTES_PER_BAND = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}


@attrs.frozen(kw_only=True, eq=False)
class Header:
    """An opened picture whose pixels have not been read yet."""

    path: Path
    format: str
    image: pyvips.Image
    turn: Turn

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored."""
        return self.image.width, self.image.height


def read_header(path: Path, limits: Limits) -> Header:
    """Open a picture and check its declared size.

    Raises:
        InvalidInputError: the file is empty, is no picture, or its header is damaged.
        UnsupportedTypeError: the format is not accepted here.
        TooLargeError: code ``side_too_long``, ``too_many_pixels`` or ``too_large``.
    """
    kind = detect_format(path)
    if kind == "heic" and not heif.is_available():
        raise UnsupportedTypeError(
            f"HEIC cannot be decoded here; {ACCEPTED_NAMES} are accepted.",
            code="unsupported_type",
            details={"type": "HEIC"},
        )
    check_container(path, kind)
    try:
        image = heif.open_picture(path, limits) if kind == "heic" else open_picture(path)
    except (pyvips.Error, OSError, ValueError) as error:
        raise _damaged(kind, error) from error
    check_size(image, kind, limits)
    frames = int(image.get("n-pages")) if image.get_typeof("n-pages") else 1
    if frames > limits.max_frames:
        raise _too_many("frames", frames, limits.max_frames)
    upright = image.get("orientation") if kind != "heic" and image.get_typeof("orientation") else 1
    return Header(path=path, format=kind, image=image, turn=Turn.of_orientation(upright))


def check_size(image: pyvips.Image, kind: str, limits: Limits) -> None:
    """Refuse a picture whose declared size is over a limit.

    Raises:
        TooLargeError: naming the measured value and the limit.
    """
    width, height = image.width, image.height
    if max(width, height) > limits.max_side:
        raise TooLargeError(
            f"The picture is {width} x {height} px; the longest side allowed is {limits.max_side} px.",
            code="side_too_long",
            details={"width": width, "height": height, "limit": limits.max_side},
        )
    if width * height > limits.max_pixels:
        raise TooLargeError(
            f"The picture has {width * height / 1e6:.1f} million pixels; {limits.max_pixels / 1e6:g} million are "
            "allowed.",
            code="too_many_pixels",
            details={"pixels": width * height, "limit": limits.max_pixels},
        )
    decoded = width * height * image.bands * _held_bytes(image, kind)
    if decoded > limits.max_decoded_bytes:
        raise TooLargeError(
            f"The picture needs {decoded / MIB:.0f} MiB to decode; {limits.max_decoded_bytes / MIB:.0f} MiB are "
            "allowed.",
            code="too_large",
            details={"bytes": decoded, "limit": limits.max_decoded_bytes},
        )


def _held_bytes(image: pyvips.Image, kind: str) -> int:
    # Interlaced PNG and progressive JPEG are held whole, the latter as 16-bit coefficients.
    is_interlaced = any(
        image.get_typeof(name) and image.get(name) for name in ("interlaced", "png-interlaced", "jpeg-multiscan")
    )
    return _BYTES_PER_BAND.get(image.format, 8) * (2 if is_interlaced and kind in ("png", "jpeg") else 1)


def probe(path: Path, limits: Limits) -> Probe:
    """Read a file's facts, and prove that it is complete.

    A JPEG is searched for its end-of-image marker, which costs a millisecond; decoding errors inside the picture
    are found when it is rendered. Other formats are decoded once.

    Raises:
        InvalidInputError, UnsupportedTypeError, TooLargeError: the picture is refused.
    """
    header = read_header(path, limits)
    is_complete = _has_jpeg_end(header, limits) if header.format == "jpeg" else _decodes(header)
    if not is_complete:
        raise InvalidInputError(
            f"The {header.format.upper()} picture is damaged or cut off before its end.", code="truncated_image"
        )
    return _facts(header)


def _facts(header: Header) -> Probe:
    image = header.image
    width, height = header.size
    profile = image.get("icc-profile-data") if image.get_typeof("icc-profile-data") else None
    return Probe(
        format=header.format,
        width=width,
        height=height,
        is_turned=header.turn.swaps_sides,
        frames=int(image.get("n-pages")) if image.get_typeof("n-pages") else 1,
        icc=profile_name(profile) if profile else None,
        has_alpha=bool(image.hasalpha()),
        bit_depth=8 * _BYTES_PER_BAND.get(image.format, 8),
    )


def _has_jpeg_end(header: Header, limits: Limits) -> bool:
    data = header.path.read_bytes()
    if header.image.get_typeof("jpeg-multiscan") and header.image.get("jpeg-multiscan"):
        scans = data.count(b"\xff\xda")
        if scans > limits.max_scans:
            raise _too_many("passes", scans, limits.max_scans)
    return has_end(data)


def _too_many(what: str, count: int, limit: int) -> TooLargeError:
    return TooLargeError(
        f"The picture has {count} {what}; {limit} are allowed.",
        code=f"too_many_{what}",
        details={what: count, "limit": limit},
    )


def _decodes(header: Header) -> bool:
    try:
        header.image.avg()
    except pyvips.Error:
        return False
    return True


def _damaged(kind: str, error: Exception) -> InvalidInputError:
    text = str(error)
    if "too large" in text or "exceeds" in text or "limit" in text:
        return TooLargeError(f"The {kind.upper()} file declares more than can be decoded.", code="too_large")
    return InvalidInputError(f"The {kind.upper()} file is damaged: its header cannot be read.", code="truncated_image")
