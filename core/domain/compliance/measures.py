"""The measures that a rule may name: fields of the measurements and figures that follow from them."""

import enum
import re
from collections.abc import Callable
from typing import Any

import attrs

from core.domain.compliance.measurements import Measurements

EXTENSIONS = {
    "jpeg": frozenset({"jpg", "jpeg", "jpe"}),
    "tiff": frozenset({"tif", "tiff"}),
    "heic": frozenset({"heic", "heif"}),
    "bmp": frozenset({"bmp", "dib"}),
}
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?")
Value = int | float | bool | str


class Kind(enum.StrEnum):
    """What sort of value a measure yields."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"


@attrs.frozen(kw_only=True)
class Measure:
    """One thing that can be held against a limit.

    Args:
        label: what a message calls it, e.g. "Longest side".
        needs: fields of the measurements without which nothing is known.
        compute: the value; None when the fields do not settle it.
        words: for a flag, what a picture is like when it is false and when it is true.
    """

    name: str
    label: str
    kind: Kind
    unit: str
    needs: tuple[str, ...]
    compute: Callable[[Measurements], Value | None]
    words: tuple[str, str] = ("", "")

    def read(self, measurements: Measurements) -> Value | None:
        """Return the value, or None when a field that it needs was not measured."""
        if any(getattr(measurements, field) is None for field in self.needs):
            return None
        return self.compute(measurements)


def _number(name: str, label: str, unit: str, *, needs: tuple[str, ...] = (), compute: Any = None) -> Measure:
    return _measure(Kind.NUMBER, name, label=label, unit=unit, needs=needs, compute=compute)


def _text(name: str, label: str) -> Measure:
    return _measure(Kind.TEXT, name, label=label)


def _flag(
    name: str, label: str, *, words: tuple[str, str], needs: tuple[str, ...] = (), compute: Any = None
) -> Measure:
    return _measure(Kind.FLAG, name, label=label, words=words, needs=needs, compute=compute)


def _measure(kind: Kind, name: str, **given: Any) -> Measure:
    """A measure without needs of its own is the field of the same name."""
    needs = given.pop("needs", ()) or (name,)
    compute = given.pop("compute", None) or (lambda m: getattr(m, name))
    unit = given.pop("unit", "")
    return Measure(name=name, kind=kind, unit=unit, needs=needs, compute=compute, **given)


def _extension_fits(m: Measurements) -> bool:
    image_format = m.format or ""
    return m.extension in EXTENSIONS.get(image_format, {image_format})


def _is_srgb(m: Measurements) -> bool:
    """A file without a profile counts as sRGB, which is how browsers show it."""
    return m.colour_space == "rgb" and (not m.icc or "srgb" in m.icc.lower().replace(" ", ""))


def _profile_fits(m: Measurements) -> bool | None:
    if not m.icc:
        return True
    return None if m.icc_space is None else m.icc_space == m.colour_space


def _is_gtin14(m: Measurements) -> bool:
    """Check digit: weights 3 and 1 from the left, sum a multiple of ten (GS1 General Specifications, 7.9)."""
    stem = (m.file_name or "").rpartition(".")[0] or (m.file_name or "")
    if not re.fullmatch(r"[0-9]{14}", stem):
        return False
    return sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(stem)) % 10 == 0


SIDES = ("width", "height")
_ALL = (
    _number("width", "Width", "px"),
    _number("height", "Height", "px"),
    _number("longest_side", "Longest side", "px", needs=SIDES, compute=lambda m: max(m.width, m.height)),
    _number("shortest_side", "Shortest side", "px", needs=SIDES, compute=lambda m: min(m.width, m.height)),
    _number("pixel_count", "Picture area", "pixels", needs=SIDES, compute=lambda m: m.width * m.height),
    _number("aspect", "Aspect ratio (width / height)", "ratio", needs=SIDES, compute=lambda m: m.width / m.height),
    _number("bytes", "File size", "bytes"),
    _number("bit_depth", "Bit depth", "bits"),
    _number("dpi", "Resolution tag", "dpi"),
    _number("orientation", "Orientation tag", ""),
    _number("background_white_share", "Pure white share of the background", "share"),
    _number(
        "background_plain_share",
        "Pure white or transparent share of the background",
        "share",
        needs=("background_white_share", "background_transparent_share"),
        # Opaque white and transparent pixels are disjoint; only rounding could carry their sum over 1.
        compute=lambda m: min(1.0, m.background_white_share + m.background_transparent_share),
    ),
    _number("fill_longest_side", "Fill on the longest side", "share"),
    _number("fill_width", "Fill of the width", "share"),
    _number("fill_height", "Fill of the height", "share"),
    _number("fill_area", "Fill of the area", "share"),
    _text("format", "Format"),
    _text("colour_space", "Colour space"),
    _text("icc", "Colour profile"),
    _flag("has_alpha", "Transparency", words=("no transparency", "transparency")),
    _flag("animated", "Animation", words=("a still picture", "an animated picture")),
    _flag(
        "extension_fits",
        "Extension against content",
        words=("an extension that contradicts the content", "an extension that matches the content"),
        needs=("format", "extension"),
        compute=_extension_fits,
    ),
    _flag(
        "is_srgb",
        "Colours in sRGB",
        words=("a picture outside sRGB", "a picture in sRGB"),
        needs=("icc", "colour_space"),
        compute=_is_srgb,
    ),
    _flag(
        "profile_fits",
        "Colour profile against pixels",
        words=("a colour profile that contradicts the pixels", "no colour profile that contradicts the pixels"),
        needs=("icc", "colour_space"),
        compute=_profile_fits,
    ),
    _flag(
        "file_name_is_plain",
        "File name",
        words=(
            "spaces or special characters in the file name",
            "a file name of plain letters, digits, hyphens and underscores",
        ),
        needs=("file_name",),
        compute=lambda m: PLAIN_NAME.fullmatch(m.file_name) is not None,
    ),
    _flag(
        "file_name_is_gtin14",
        "File name",
        words=("a file name that is not a GTIN-14", "a file name that is a GTIN-14"),
        needs=("file_name",),
        compute=_is_gtin14,
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
