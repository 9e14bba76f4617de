"""One plain sentence for each operation, made from its complete parameters."""

from collections.abc import Callable, Mapping
from typing import Any

Params = Mapping[str, Any]
FORMAT_NAMES = {"keep": "the original format", "jpeg": "JPEG", "png": "PNG", "webp": "WebP", "tiff": "TIFF",
                "avif": "AVIF"}  # fmt: skip
PROFILE_NAMES = {"srgb": "sRGB", "adobe-rgb": "Adobe RGB", "display-p3": "Display P3"}
PLAIN_COLOURS = {"#FFFFFF": "pure white", "#000000": "black", "#808080": "mid grey"}
ANCHORS = {"subject": "around the product", "center": "around the middle"}
MARGINS = ("top", "right", "bottom", "left")


def plain_number(value: float) -> str:
    """Write a number without needless digits, with a narrow gap in large ones."""
    text = f"{round(value, 4):,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f") if abs(value) >= 10_000 else text.replace(",", "")


def _measure(value: float, unit: str) -> str:
    if unit == "°":
        return f"{plain_number(value)}°"
    return f"{plain_number(value)} {unit}" if unit else plain_number(value)


def _signed(value: float, unit: str) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{_measure(abs(value), unit)}"


def _colour(value: str) -> str:
    return f"{PLAIN_COLOURS[value]} ({value})" if value in PLAIN_COLOURS else value


def _profile(value: str) -> str:
    return PROFILE_NAMES.get(value.lower(), value)


def _joined(*parts: str) -> str:
    return ", ".join(p for p in parts if p)


def _orientation(p: Params) -> str:
    return "Turn the picture upright" if p["mode"] == "auto" else "Leave the camera's orientation unapplied"


def _rotate(p: Params) -> str:
    return {"90": "Turn 90° clockwise", "180": "Turn upside down (180°)", "270": "Turn 90° anticlockwise"}[p["angle"]]


def _flip(p: Params) -> str:
    return "Mirror left to right" if p["axis"] == "horizontal" else "Mirror top to bottom"


def _straighten(p: Params) -> str:
    if p["mode"] == "auto":
        return "Level the product"
    return f"Turn by {_signed(p['angle'], '°')} to level the product"


def _trim(p: Params) -> str:
    left = f", leaving {_measure(p['margin'], p['unit'])}" if p["margin"] else ""
    return f"Trim the empty border{left}"


def _crop(p: Params) -> str:
    if p["aspect"]:
        return f"Crop to {p['aspect']} {ANCHORS.get(p['anchor'], 'from the ' + p['anchor'])}"
    size = f"{plain_number(p['width'])} x {_measure(p['height'], p['unit'])}"
    left, top = _measure(p["left"], p["unit"]), _measure(p["top"], p["unit"])
    return f"Cut out a box of {size}, {left} from the left and {top} from the top"


def _canvas(p: Params) -> str:
    width, height = p["width"], p["height"]
    if width and height:
        size = f"Canvas of {plain_number(width)} x {_measure(height, p['unit'])}"
    elif width or height:
        size = f"Canvas {_measure(width or height, p['unit'])} {'wide' if width else 'high'}"
        size += f" at {p['aspect']}" if p["aspect"] else ""
    else:
        size = "Square canvas" if p["aspect"] == "1:1" else f"Canvas at {p['aspect']}"
    return _joined(
        size,
        f"{_measure(p['dpi'], 'dpi')}" if p["dpi"] else "",
        f"{_measure(p['bleed_mm'], 'mm')} bleed" if p["bleed_mm"] else "",
        f"longer side at least {_measure(p['min_long_edge'], 'px')}" if p["min_long_edge"] else "",
    )


def _place(p: Params) -> str:
    across = "" if p["align_x"] == "center" else p["align_x"]
    upright = "" if p["align_y"] == "center" else p["align_y"]
    where = " ".join(x for x in (upright, across) if x)
    axis = {"longest": "the canvas", "width": "the width", "height": "the height"}[p["fill_axis"]]
    size = f"fills {_measure(p['fill'], '%')} of {axis}" if p["fill"] else _margins(p)
    stands = f"aligned {where}" if where else "centred"
    return _joined(
        f"Product {size}" if size else f"Product {stands}",
        stands if size else "",
        "small originals are enlarged" if p["enlarge"] else "",
    )


def _margins(p: Params) -> str:
    given = {side: p[f"margin_{side}"] for side in MARGINS if p[f"margin_{side}"] is not None}
    if not given:
        return ""
    if len(given) == len(MARGINS) and len(set(given.values())) == 1:
        return f"with a margin of {_measure(given['top'], p['unit'])} all round"
    sides = " and ".join(f"{_measure(v, p['unit'])} {side}" for side, v in given.items())
    return f"with a margin of {sides}"


def _resize(p: Params) -> str:
    if p["long_edge"]:
        text = f"Scale the longer side to {_measure(p['long_edge'], 'px')}"
    elif p["width"] and p["height"]:
        size = f"{plain_number(p['width'])} x {_measure(p['height'], 'px')}"
        text = {"fit": f"Fit into {size}", "fill": f"Fill {size} and cut the rest", "exact": f"Stretch to {size}"}[
            p["mode"]
        ]
    else:
        side = "width" if p["width"] else "height"
        text = f"Scale to a {side} of {_measure(p[side], 'px')}"
    return _joined(text, "small originals are enlarged" if p["enlarge"] else "")


def _white_balance(p: Params) -> str:
    if p["mode"] == "auto":
        return "Remove the colour cast"
    at = f"{_measure(p['x'], '%')} from the left, {_measure(p['y'], '%')} from the top"
    return f"Remove the colour cast, neutral at {at}"


def _exposure(p: Params) -> str:
    if p["mode"] == "auto":
        return "Adjust the brightness by measurement"
    if p["ev"] == 0:
        return "Leave the brightness as it is (0 EV)"
    return f"{'Brighten' if p['ev'] > 0 else 'Darken'} by {_measure(abs(p['ev']), 'EV')}"


def _levels(p: Params) -> str:
    if p["auto"]:
        return "Set black and white point by measurement"
    return _joined(
        f"Black point {plain_number(p['black'])}",
        f"white point {plain_number(p['white'])}",
        f"mid-tones {plain_number(p['gamma'])}" if p["gamma"] != 1 else "",
    )


def _amount(more: str, less: str, none: str) -> Callable[[Params], str]:
    def phrase(p: Params) -> str:
        amount = p["amount"]
        return none if amount == 0 else f"{more if amount > 0 else less} by {_measure(abs(amount), '%')}"

    return phrase


def _background(p: Params) -> str:
    if p["mode"] == "transparent":
        return "Transparent background"
    plain = PLAIN_COLOURS.get(p["colour"])
    return f"{plain.capitalize()} background ({p['colour']})" if plain else f"Plain background in {p['colour']}"


def _shadow(p: Params) -> str:
    if p["type"] == "none":
        return "No shadow"
    kind = "Soft drop shadow" if p["type"] == "drop" else "Contact shadow"
    shift = (
        f"shifted {_signed(p['offset_x'], '%')} across and {_signed(p['offset_y'], '%')} down" if p["offset_x"] else ""
    )
    return _joined(
        f"{kind} of {_measure(p['opacity'], '%')}",
        f"softness {_measure(p['blur'], '%')}",
        shift,
        "" if p["colour"] == "#000000" else f"in {p['colour']}",
    )


def _overlay(what: str, p: Params, size: str) -> str:
    where = "in the middle" if p["position"] == "center" else f"at the {p['position'].replace('-', ' ')}"
    faint = f"{_measure(p['opacity'], '%')} opaque" if p["opacity"] < 100 else ""
    edge = "" if p["position"] == "center" else f"{_measure(p['margin'], '%')} from the edge"
    return _joined(f"{what} {where}", size, edge, faint)


def _overlay_text(p: Params) -> str:
    return _overlay(f"Text “{p['text']}”", p, f"letters {_measure(p['size'], '%')} high in {_colour(p['colour'])}")


def _overlay_logo(p: Params) -> str:
    return _overlay("Logo", p, f"{_measure(p['width'], '%')} of the width")


def _metadata(p: Params) -> str:
    base = {"keep": "Keep the file information", "strip": "Remove the camera's file information",
            "set": "Write the file information"}[p["mode"]]  # fmt: skip
    written = [f"{name} “{p[name]}”" for name in ("title", "creator", "copyright", "description") if p[name]]
    return _joined(base, *written)


def _export(p: Params) -> str:
    name = FORMAT_NAMES[p["format"]]
    space = {"rgb": "", "cmyk": "CMYK", "grey": "grey scale"}[p["colour_space"]]
    return _joined(
        f"Save as {name}" if p["format"] != "keep" else "Keep the original file format",
        f"quality {p['quality']}" if p["quality"] is not None else "",
        f"at most {_bytes(p['max_bytes'])}" if p["max_bytes"] else "",
        f"{_measure(p['dpi'], 'dpi')}" if p["dpi"] else "",
        space,
        f"profile {_profile(p['icc'])}" if p["icc"] else "",
        "16 bits per channel" if p["bit_depth"] == "16" else "",
        f"{p['compression'].upper()} compression" if p["format"] == "tiff" and p["compression"] != "none" else "",
        "lossless" if p["lossless"] else "",
    )


def _bytes(count: int) -> str:
    if count >= 1_000_000:
        return f"{plain_number(round(count / 1_000_000, 2))} MB"
    return f"{plain_number(round(count / 1000, 1))} kB"


def _naming(p: Params) -> str:
    case = {"keep": "", "lower": "in lower case", "upper": "in upper case"}[p["case"]]
    shape = f"SKU read from {p['sku_pattern']}" if p["sku_pattern"] else ""
    table = "from the table" if p["table"] else ""
    return _joined(f"Name the files {p['pattern']}", table, case, shape)


def _check(p: Params) -> str:
    what = {"flag": "flag what fails", "note": "note what fails", "return": "send back what fails"}[p["on_fail"]]
    if p["rule"]:
        return f"Check that the original has {p['rule'].replace('_', ' ')}, {what}"
    return f"Check against the rules of {p['profile'].replace('_', ' ')}, {what}"


PHRASES: Mapping[str, Callable[[Params], str]] = {
    "orientation": _orientation,
    "rotate": _rotate,
    "flip": _flip,
    "straighten": _straighten,
    "trim": _trim,
    "crop": _crop,
    "canvas": _canvas,
    "subject.place": _place,
    "resize": _resize,
    "white_balance": _white_balance,
    "exposure": _exposure,
    "levels": _levels,
    "contrast": _amount("More contrast", "Less contrast", "Contrast unchanged"),
    "saturation": _amount("Stronger colours", "Paler colours", "Colours unchanged"),
    "denoise": lambda p: f"Remove grain ({_measure(p['strength'], '%')})",
    "sharpen": lambda p: f"Sharpen ({_measure(p['amount'], '%')})",
    "background.remove": lambda p: "Cut out the product",
    "background.set": _background,
    "shadow": _shadow,
    "overlay.text": _overlay_text,
    "overlay.logo": _overlay_logo,
    "colour.convert": lambda p: f"Convert colours to {_profile(p['profile'])}",
    "metadata": _metadata,
    "export": _export,
    "naming": _naming,
    "check": _check,
}
