"""ICC profiles: the named ones, those of a folder, and whether an embedded one is sRGB in effect."""

import functools
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyvips

from core.errors import InvalidInputError

SRGB = "srgb"
_D50 = (0.9642, 1.0, 0.8249)
# Chromaticities adapted to D50 (Bradford): Adobe RGB (1998) Colour Image Encoding, annex B.
_ADOBE_COLORANTS = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_ADOBE_GAMMA = 563 / 256
_DATE = (2024, 1, 1, 0, 0, 0)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(v) for v in values)


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def _text(kind: bytes, text: str) -> bytes:
    data = text.encode("ascii") + b"\0"
    if kind == b"desc":
        return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (4 + 4 + 2 + 1 + 67)
    return b"text\0\0\0\0" + data


def _assemble(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Build a version 2.4 display profile (ICC.1:2001-04) from its tags."""
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    places: dict[bytes, tuple[int, int]] = {}
    for name, data in tags.items():
        if data not in places:
            places[data] = (start + len(body), len(data))
            body += data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", *places[data])
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4s", size, b"\0" * 4, 0x02400000, b"mntr", space, b"XYZ ", *_DATE, b"acsp", b"\0" * 4
    )
    header += b"\0" * 24 + b"".join(_fixed(v) for v in _D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


@functools.cache
def adobe_rgb() -> bytes:
    """Return a profile of the Adobe RGB (1998) colour space."""
    red, green, blue = _ADOBE_COLORANTS
    curve = _curve(_ADOBE_GAMMA)
    return _assemble(
        b"RGB ",
        {
            b"desc": _text(b"desc", "Compatible with Adobe RGB (1998)"),
            b"cprt": _text(b"text", "No copyright, use freely"),
            b"wtpt": _xyz(_D50),
            b"rXYZ": _xyz(red),
            b"gXYZ": _xyz(green),
            b"bXYZ": _xyz(blue),
            b"rTRC": curve,
            b"gTRC": curve,
            b"bTRC": curve,
        },
    )


@functools.cache
def grey() -> bytes:
    """Return a profile of grey with gamma 2.2."""
    return _assemble(
        b"GRAY",
        {
            b"desc": _text(b"desc", "Grey gamma 2.2"),
            b"cprt": _text(b"text", "No copyright, use freely"),
            b"wtpt": _xyz(_D50),
            b"kTRC": _curve(2.2),
        },
    )


@functools.cache
def built_in(name: str) -> bytes:
    """Return a profile that libvips carries: ``srgb``, ``p3`` or ``cmyk``."""
    pixel = pyvips.Image.black(1, 1, bands=3).copy(interpretation="srgb")
    other = "p3" if name == SRGB else SRGB
    return bytes(pixel.icc_transform(name, input_profile=other).get("icc-profile-data"))


@functools.cache
def find_profile(name: str, folder: Path | None) -> bytes:
    """Return the bytes of a profile by name.

    Raises:
        InvalidInputError: code ``unknown_profile``, with the name and what is installed.
    """
    if name == "adobe-rgb":
        return adobe_rgb()
    known = {SRGB: SRGB, "display-p3": "p3"}
    if name in known:
        return built_in(known[name])
    installed = _installed(folder)
    if name.lower() in installed:
        return installed[name.lower()].read_bytes()
    names = ", ".join(["srgb", "adobe-rgb", "display-p3", *sorted(installed)])
    raise InvalidInputError(
        f"There is no ICC profile {name!r}; installed are {names}.", code="unknown_profile", details={"profile": name}
    )


@contextmanager
def as_file(profile: bytes) -> Iterator[str]:
    """Lend a profile a file name, because libvips reads profiles from files only (at the call, so briefly)."""
    with tempfile.NamedTemporaryFile(suffix=".icc") as file:
        file.write(profile)
        file.flush()
        yield file.name


def _installed(folder: Path | None) -> dict[str, Path]:
    if folder is None or not folder.is_dir():
        return {}
    return {p.stem.lower(): p for p in sorted(folder.iterdir()) if p.suffix.lower() in (".icc", ".icm") and p.is_file()}


def colour_model(profile: bytes) -> str:
    """Return the colour model of a profile's device side: ``rgb``, ``cmyk``, ``grey`` or ``other``."""
    return {b"RGB ": "rgb", b"CMYK": "cmyk", b"GRAY": "grey"}.get(profile[16:20], "other")


@functools.lru_cache(maxsize=64)
def profile_name(profile: bytes) -> str:
    """Return the description inside a profile, or ``unnamed``."""
    for index in range(min(int.from_bytes(profile[128:132], "big"), 100)):
        entry = profile[132 + 12 * index : 144 + 12 * index]
        if entry[:4] == b"desc":
            offset, size = int.from_bytes(entry[4:8], "big"), int.from_bytes(entry[8:12], "big")
            return _description(profile[offset : offset + min(size, 2000)]) or "unnamed"
    return "unnamed"


def _description(data: bytes) -> str:
    if data[:4] == b"mluc":
        length, offset = int.from_bytes(data[20:24], "big"), int.from_bytes(data[24:28], "big")
        text = data[offset : offset + length].decode("utf-16-be", "replace")
    else:
        text = data[12 : 12 + int.from_bytes(data[8:12], "big")].decode("latin-1")
    return "".join(c for c in text if c.isprintable()).strip()[:80]


@functools.lru_cache(maxsize=64)
def is_srgb(profile: bytes) -> bool:
    """Whether a profile gives the same colours as sRGB, within one of 255 steps over a grid of colours."""
    if colour_model(profile) != "rgb":
        return False
    steps = bytes(range(0, 256, 15))
    grid = bytes(v for r in steps for g in steps for b in steps for v in (r, g, b))
    image = pyvips.Image.new_from_memory(grid, len(steps) ** 2, len(steps), 3, "uchar").copy(interpretation="srgb")
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    try:
        there = image.icc_transform(SRGB, embedded=True, intent="relative", black_point_compensation=True)
        return bool((there - image).abs().max() <= 1)
    except pyvips.Error:
        return False
