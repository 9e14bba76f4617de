"""Encoding: format, quality, profile, resolution, and the search for a quality that keeps a size limit."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import attrs
import cv2
import numpy as np
import pyvips

from adapters.imaging import profiles
from adapters.imaging.arrays import Pixels, to_vips
from adapters.imaging.compose import Composed
from adapters.imaging.draft import Draft
from adapters.imaging.jpeg import with_density
from adapters.imaging.metadata import attach, tiff_texts
from adapters.imaging.tiff_tags import with_texts

DEFAULT_QUALITY: Mapping[str, int] = MappingProxyType({"jpeg": 90, "webp": 85, "avif": 65})
LOWEST_QUALITY = 5
ENCODABLE = frozenset({"jpeg", "png", "webp", "tiff", "avif"})
DEEP = frozenset({"png", "tiff"})
WITH_RESOLUTION = frozenset({"jpeg", "png", "tiff"})
MM_PER_INCH = 25.4
DEFAULT_DPI = 72.0
WITH_ALPHA = frozenset({"png", "webp", "tiff", "avif"})
# At this quality and below, colour is stored at half resolution (4:2:0); above it at full.
SUBSAMPLED_UP_TO = 90
AVIF: Mapping[str, Any] = MappingProxyType({"compression": "av1", "effort": 2, "bitdepth": 8})


@attrs.frozen(kw_only=True, eq=False)
class Encoded:
    """A file in memory, and how it was encoded."""

    data: bytes
    format: str
    colour_space: str
    bit_depth: int
    profile: bytes
    has_alpha: bool


def file_format(draft: Draft, *, is_transparent: bool) -> str:
    """Return the format of the file; ``keep`` is that of the original where it can be written and holds the picture."""
    wanted = draft.export.get("format") or "keep"
    if wanted != "keep":
        return str(wanted)
    kept = draft.source.header.format
    kept = {"gif": "png", "heic": "jpeg"}.get(kept, kept)
    return "png" if is_transparent and kept not in WITH_ALPHA else kept


def resolution(draft: Draft) -> float:
    """Return pixels per inch of the file: what was asked, else those of the original, else 72."""
    original = float(draft.source.header.image.xres)
    # libvips reads one pixel per millimetre where a file says nothing.
    found = original * MM_PER_INCH if original > 0 and original != 1.0 else DEFAULT_DPI
    # PNG stores pixels per metre, so that 72 dpi come back as 71.98.
    return float(draft.dpi or (round(found) if abs(found - round(found)) < 0.05 else found))


def _has_field(draft: Draft, kind: str) -> bool:
    return kind in WITH_RESOLUTION and not (kind == "jpeg" and draft.export.get("colour_space") == "cmyk")


def written_resolution(draft: Draft, kind: str) -> float | None:
    """Return the pixels per inch that a file of this kind holds; None when it holds none."""
    return resolution(draft) if draft.dpi or _has_field(draft, kind) else None


def is_deep(draft: Draft, kind: str) -> bool:
    """Whether the file gets 16 bits per channel; notes when that cannot be or adds nothing."""
    if draft.export.get("bit_depth") != "16":
        return False
    if kind not in DEEP:
        draft.note("depth_not_possible", f"{kind.upper()} holds 8 bits per channel; 16 were asked for.")
        return False
    if not draft.source.is_deep:
        draft.note("no_extra_depth", "The original has 8 bits per channel; 16 hold no more detail.")
    return True


def encode(draft: Draft, picture: Composed, *, kind: str, space: str) -> Encoded:
    """Encode a finished picture, searching the quality when a size limit is set.

    Args:
        kind: the format.
        space: RGB space of the pixels.
    """
    image, profile = _delivered(draft, picture, kind=kind, space=space)
    image = image.copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    dpi = resolution(draft)
    image = image.copy(xres=dpi / MM_PER_INCH, yres=dpi / MM_PER_INCH)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")
    has_metadata = attach(image, draft.metadata, kept_from=draft.source.header.image, dpi=dpi)
    # Without a field of its own a format keeps the resolution in EXIF, which is written only when it was asked for.
    is_bare = not has_metadata and not (draft.dpi and not _has_field(draft, kind))
    has_limit = bool(draft.export.get("max_bytes"))
    if has_limit:
        image = image.copy_memory()
    save = _saver(draft, image, kind, {"is_cut_out": picture.subject is not None, "is_bare": is_bare})
    data = _within(draft, save, kind) if has_limit else save(_quality(draft, kind))
    if kind == "tiff":
        data = with_texts(data, tiff_texts(draft.metadata, kept_from=draft.source.header.image))
    return Encoded(
        data=data,
        format=kind,
        colour_space=profiles.colour_model(profile),
        bit_depth=16 if image.format == "ushort" else 8,
        profile=profile,
        has_alpha=bool(image.hasalpha()),
    )


def white_quality(quality: int) -> int:
    """Return the JPEG quality itself, or the next one above it at which white stays exactly white.

    An even block of 255 is stored as one coefficient of 1016 in steps of the first entry of the quantisation table
    (ITU-T T.81, annex K, scaled as libjpeg does); at some qualities up to 45 the nearest step decodes to 254 or less.
    """
    return next(q for q in range(max(1, quality), 101) if _is_white_kept(q))


def _is_white_kept(quality: int) -> bool:
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    step = min(255, max(1, (16 * scale + 50) // 100))
    return int(1016 / step + 0.5) * step / 8 + 128 >= 254.5


def _quality(draft: Draft, kind: str) -> int:
    asked = draft.export.get("quality")
    return int(asked) if asked is not None else DEFAULT_QUALITY.get(kind, 0)


def _delivered(draft: Draft, picture: Composed, *, kind: str, space: str) -> tuple[pyvips.Image, bytes]:
    """Return the image in the file's colour space and depth, and its profile."""
    model = draft.export.get("colour_space") or "rgb"
    wanted = profiles.find_profile(draft.profile, draft.icc_folder)
    alpha = picture.alpha if kind in WITH_ALPHA and model != "cmyk" else None
    image = to_vips(_joined(picture.pixels, alpha) if model == "rgb" and draft.profile == space else picture.pixels)
    if model == "rgb" and draft.profile == space:
        return image, wanted
    if model == "grey":
        image, wanted = image.colourspace("grey16" if image.format == "ushort" else "b-w"), profiles.grey()
    else:
        _check_model(draft.profile, wanted, model)
        image = _converted(image, space, wanted)
    return (image if alpha is None else image.bandjoin(_alpha_band(alpha, image))), wanted


def _check_model(name: str, profile: bytes, model: str) -> None:
    from core.errors import InvalidInputError

    found = profiles.colour_model(profile)
    if found != model:
        raise InvalidInputError(
            f"The profile {name!r} is for {found.upper()}, the file is to be {model.upper()}.",
            code="profile_mismatch",
            details={"profile": name},
        )


def _converted(image: pyvips.Image, space: str, profile: bytes) -> pyvips.Image:
    with (
        profiles.as_file(profiles.find_profile(space, None)) as source,
        profiles.as_file(profile) as target,
    ):
        return image.icc_transform(
            target,
            input_profile=source,
            depth=16 if image.format == "ushort" else 8,
            intent="relative",
            black_point_compensation=True,
        )


def _alpha_band(alpha: Pixels, like: pyvips.Image) -> pyvips.Image:
    return to_vips(alpha.astype(np.uint16) * np.uint16(257) if like.format == "ushort" else alpha)


def _joined(pixels: Pixels, alpha: Pixels | None) -> Pixels:
    if alpha is None:
        return pixels
    if pixels.dtype == np.uint16:
        alpha = alpha.astype(np.uint16) * np.uint16(257)
    joined = np.empty((*pixels.shape[:2], 4), pixels.dtype)
    cv2.mixChannels([pixels, alpha], [joined], [0, 0, 1, 1, 2, 2, 3, 3])
    return joined


def _saver(draft: Draft, image: pyvips.Image, kind: str, how: Mapping[str, bool]) -> Callable[[int], bytes]:
    """Return the function that encodes at a quality."""
    savers: dict[str, tuple[str, dict[str, Any]]] = {
        "jpeg": ("jpegsave_buffer", {}),
        "png": ("pngsave_buffer", {"compression": 6}),
        "webp": ("webpsave_buffer", {"effort": 4, "lossless": bool(draft.export.get("lossless"))}),
        "avif": ("heifsave_buffer", {**AVIF, "lossless": bool(draft.export.get("lossless"))}),
        "tiff": ("tiffsave_buffer", _tiff_options(draft)),
    }
    method, fixed = savers[kind]
    options: dict[str, Any] = {**fixed, **({"keep": "icc"} if how["is_bare"] else {})}

    def save(quality: int) -> bytes:
        if kind == "jpeg":
            is_coarse = quality <= SUBSAMPLED_UP_TO and not how["is_cut_out"]
            options.update(Q=white_quality(quality), subsample_mode="on" if is_coarse else "off")
        elif kind in DEFAULT_QUALITY:
            options.update(Q=max(1, quality))
        data = getattr(image, method)(**options)
        return with_density(data, round(resolution(draft))) if kind == "jpeg" else bytes(data)

    return save


def _tiff_options(draft: Draft) -> dict[str, Any]:
    packing = {"none": "none", "lzw": "lzw", "zip": "deflate"}[draft.export.get("compression") or "lzw"]
    predictor = {} if packing == "none" else {"predictor": "horizontal"}
    return {"compression": packing, "resunit": "inch", **predictor}


def _within(draft: Draft, save: Callable[[int], bytes], kind: str) -> bytes:
    """Return the best file within the size limit by bisection of the quality, at most eight encodings."""
    limit = int(draft.export["max_bytes"])
    best = save(_quality(draft, kind))
    if len(best) <= limit:
        return best
    if kind in DEFAULT_QUALITY and not draft.export.get("lossless"):
        low, high = LOWEST_QUALITY, _quality(draft, kind) - 1
        smallest = save(low)
        best = smallest
        while len(smallest) <= limit and low < high:
            middle = (low + high + 1) // 2
            data = save(middle)
            if len(data) <= limit:
                best, low = data, middle
            else:
                high = middle - 1
    if len(best) > limit:
        draft.flag(
            "max_bytes_unreachable",
            f"The smallest file is {len(best):,} bytes; at most {limit:,} were asked for.",
            measured=len(best),
            limit=limit,
        )
    return best
