"""From whatever colour a file is in to the RGB space that is worked in."""

import pyvips

from adapters.imaging import profiles


def to_space(image: pyvips.Image, space: str, *, is_deep: bool) -> pyvips.Image:
    """Convert to an RGB space of 8 or 16 bits with the transparency, if any, as fourth band.

    A file without a profile is taken as sRGB, grey or (by libvips' generic profile) CMYK; a profile that does not
    fit the pixels is ignored, as every viewer does.

    Args:
        space: ``srgb``, ``adobe-rgb`` or ``display-p3``.
        is_deep: keep 16 bits.
    """
    alpha = None
    if image.hasalpha():
        alpha = _alpha(image, is_deep=is_deep)
        image = image.extract_band(0, n=image.bands - 1)
    colours = _colours(image, space, is_deep=is_deep)
    return colours if alpha is None else colours.bandjoin(alpha)


def _alpha(image: pyvips.Image, *, is_deep: bool) -> pyvips.Image:
    band = image.extract_band(image.bands - 1)
    return _to_depth(band.copy(interpretation="grey16" if image.format == "ushort" else "b-w"), is_deep=is_deep)


def _to_depth(image: pyvips.Image, *, is_deep: bool) -> pyvips.Image:
    if image.format in ("uchar", "char"):
        return (image.cast("ushort") * 257).cast("ushort") if is_deep else image.cast("uchar")
    if image.format == "ushort":
        return image if is_deep else (image >> 8).cast("uchar")
    scaled = image.cast("float")
    return (scaled * 257).cast("ushort") if is_deep else scaled.cast("uchar")


def _colours(image: pyvips.Image, space: str, *, is_deep: bool) -> pyvips.Image:
    embedded = bytes(image.get("icc-profile-data")) if image.get_typeof("icc-profile-data") else None
    if embedded and _fits(image, embedded) and not (space == profiles.SRGB and profiles.is_srgb(embedded)):
        try:
            return _transformed(image, space, is_deep=is_deep, options={"embedded": True})
        except pyvips.Error:
            pass
    if image.interpretation == "cmyk" and not (embedded and _fits(image, embedded)):
        return _transformed(image, space, is_deep=is_deep, options={"input_profile": "cmyk"})
    rgb = _as_srgb(image, is_deep=is_deep)
    if space == profiles.SRGB:
        return rgb
    return _transformed(rgb, space, is_deep=is_deep, options={"input_profile": profiles.SRGB})


def _fits(image: pyvips.Image, profile: bytes) -> bool:
    bands = {"rgb": 3, "cmyk": 4, "grey": 1}.get(profiles.colour_model(profile))
    return bool(image.bands == bands and image.format in ("uchar", "ushort"))


def _as_srgb(image: pyvips.Image, *, is_deep: bool) -> pyvips.Image:
    if image.interpretation in ("srgb", "rgb16", "rgb") and image.format in ("uchar", "ushort") and image.bands == 3:
        return _to_depth(image, is_deep=is_deep)
    return image.colourspace("rgb16" if is_deep else "srgb").extract_band(0, n=3)


def _transformed(image: pyvips.Image, space: str, *, is_deep: bool, options: dict[str, str | bool]) -> pyvips.Image:
    with profiles.as_file(profiles.find_profile(space, None)) as name:
        return image.icc_transform(
            name, depth=16 if is_deep else 8, intent="relative", black_point_compensation=True, **options
        )


def in_space(colour: tuple[int, int, int], space: str) -> tuple[int, int, int]:
    """Convert one sRGB colour of 8 bits to another space."""
    if space == profiles.SRGB:
        return colour
    pixel = pyvips.Image.black(1, 1, bands=3).copy(interpretation="srgb") + list(colour)
    pixel = pixel.cast("uchar").copy(interpretation="srgb")
    red, green, blue = _transformed(pixel, space, is_deep=False, options={"input_profile": profiles.SRGB})(0, 0)
    return int(red), int(green), int(blue)
