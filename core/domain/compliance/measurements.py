"""What was measured on one finished file; whatever was not measured is None and can never pass a rule."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Self

import attrs

from core.errors import InvalidInputError

FORMAT_NAMES = {"jpg": "jpeg", "tif": "tiff", "heif": "heic"}
Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def _refuse(name: str, value: object, expected: str) -> None:
    raise InvalidInputError(
        f"Measurement {name} is {value!r}; expected {expected}.", code="invalid_measurement", details={"field": name}
    )


def _whole(low: int, high: int | None = None) -> Validator:
    def validate(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if value is None:
            return
        fits = type(value) is int and value >= low and (high is None or value <= high)
        if not fits:
            _refuse(attribute.name, value, f"a whole number from {low}" + ("" if high is None else f" to {high}"))

    return validate


def _share(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and not (type(value) in (int, float) and 0 <= value <= 1):
        _refuse(attribute.name, value, "a share from 0 to 1")


def _positive(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and not (type(value) in (int, float) and math.isfinite(value) and value > 0):
        _refuse(attribute.name, value, "a finite number above 0")


def _flag(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and type(value) is not bool:
        _refuse(attribute.name, value, "true or false")


def _text(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and type(value) is not str:
        _refuse(attribute.name, value, "a text")


def _whole_tuple(length: int, high: int | None) -> Validator:
    def validate(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if value is None:
            return
        fits = type(value) is tuple and len(value) == length
        if not fits or not all(type(v) is int and v >= 0 and (high is None or v <= high) for v in value):
            _refuse(attribute.name, value, f"{length} whole numbers" + ("" if high is None else f" from 0 to {high}"))

    return validate


def _plain_format(value: Any) -> Any:
    return FORMAT_NAMES.get(value.lower(), value.lower()) if isinstance(value, str) else value


def _plain_extension(value: Any) -> Any:
    return value.lower().removeprefix(".") if isinstance(value, str) else value


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@attrs.frozen(kw_only=True)
class Measurements:
    """Measured values of one finished file; None means that nobody measured it.

    Args:
        width, height: pixels as displayed, that is after the orientation tag.
        bytes: size of the file.
        format: jpeg, png, webp, tiff, gif, bmp, heic or avif, read from the content.
        extension: of the file name, with or without its dot.
        icc: name of the embedded profile; "" when the file embeds none.
        icc_space: colour space in the header of that profile: rgb, grey, cmyk or lab.
        colour_space: of the pixels: rgb, grey, cmyk or lab.
        bit_depth: bits per channel.
        has_alpha: whether the file has an alpha channel.
        orientation: EXIF orientation, 1…8; 1 when the file carries no tag.
        background_white_share: share of the pixels outside the subject mask or in the border ring of 2 % of the side
            that are opaque and exactly 255,255,255 after decoding.
        background_transparent_share: share of the same pixels whose alpha is 0; 0 without an alpha channel.
        background_worst_colour: the 8-bit RGB among them that is farthest from white; background_worst_at: its x, y.
        fill_longest_side: longest side of the subject's bounding box / that side of the canvas.
        fill_width, fill_height: bounding box / canvas on one axis; fill_area: mask pixels / canvas pixels.
        dpi: pixels per inch written in the file; None when it holds none.
        animated: whether the file holds more than one frame.
        file_name: name of the file with its extension.

    Raises:
        InvalidInputError: code ``invalid_measurement`` when a value cannot be true.
    """

    width: int | None = attrs.field(default=None, validator=_whole(1))
    height: int | None = attrs.field(default=None, validator=_whole(1))
    bytes: int | None = attrs.field(default=None, validator=_whole(1))
    format: str | None = attrs.field(default=None, converter=_plain_format, validator=_text)
    extension: str | None = attrs.field(default=None, converter=_plain_extension, validator=_text)
    icc: str | None = attrs.field(default=None, validator=_text)
    icc_space: str | None = attrs.field(default=None, validator=_text)
    colour_space: str | None = attrs.field(default=None, validator=_text)
    bit_depth: int | None = attrs.field(default=None, validator=_whole(1, 64))
    has_alpha: bool | None = attrs.field(default=None, validator=_flag)
    orientation: int | None = attrs.field(default=None, validator=_whole(1, 8))
    background_white_share: float | None = attrs.field(default=None, validator=_share)
    background_transparent_share: float | None = attrs.field(default=None, validator=_share)
    background_worst_colour: tuple[int, int, int] | None = attrs.field(
        default=None, converter=_as_tuple, validator=_whole_tuple(3, 255)
    )
    background_worst_at: tuple[int, int] | None = attrs.field(
        default=None, converter=_as_tuple, validator=_whole_tuple(2, None)
    )
    fill_longest_side: float | None = attrs.field(default=None, validator=_share)
    fill_width: float | None = attrs.field(default=None, validator=_share)
    fill_height: float | None = attrs.field(default=None, validator=_share)
    fill_area: float | None = attrs.field(default=None, validator=_share)
    dpi: float | None = attrs.field(default=None, validator=_positive)
    animated: bool | None = attrs.field(default=None, validator=_flag)
    file_name: str | None = attrs.field(default=None, validator=_text)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Take the known figures out of an engine's measures and leave the others alone.

        A name that is not known is not an error: its measure stays unmeasured, which no rule counts as a pass.
        """
        return cls(**{name: values[name] for name in FIELDS if name in values})

    def as_mapping(self) -> dict[str, Any]:
        """Return only what was measured."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


FIELDS = tuple(field.name for field in attrs.fields(Measurements))
