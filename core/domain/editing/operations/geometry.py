"""Operations that turn, cut, place and scale."""

import math
from fractions import Fraction

from core.domain.editing.operation import Operation, Params, Stage
from core.domain.editing.parameters import choice, flag, integer, number, text

LENGTH_UNITS = ("px", "mm", "cm", "in")
MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "in": 25.4}
MARGINS = ("margin_top", "margin_right", "margin_bottom", "margin_left")


def parse_aspect(value: str) -> Fraction | None:
    """Read ``4:5``, ``1.91:1`` or ``16/9`` as width over height; None when it is not an aspect."""
    left, _, right = value.replace("/", ":").partition(":")
    try:
        aspect = Fraction(left) / Fraction(right)
    except (ValueError, ZeroDivisionError):
        return None
    return aspect if Fraction(1, 20) <= aspect <= 20 else None


def to_pixels(length: float, *, unit: str, dpi: float) -> int:
    """Convert a length to whole pixels (216 mm at 300 dpi are 2551 px)."""
    return round(length) if unit == "px" else math.floor(length * MM_PER_UNIT[unit] / 25.4 * dpi + 0.5)


def _aspect_rule(params: Params) -> str | None:
    if "aspect" in params and parse_aspect(params["aspect"]) is None:
        return f"{params['aspect']!r} is not an aspect such as 4:5"
    return None


def _crop_rule(params: Params) -> str | None:
    box = [name for name in ("left", "top", "width", "height") if name in params]
    if box and len(box) < 4:
        return "a box needs left, top, width and height"
    if box and "aspect" in params:
        return "give either a box or an aspect"
    return _aspect_rule(params)


def _canvas_rule(params: Params) -> str | None:
    if params.get("unit", "px") == "px":
        if any(params.get(side, 1) != int(params.get(side, 1)) for side in ("width", "height")):
            return "pixels are whole numbers"
        if "bleed_mm" in params and "dpi" not in params:
            return "a bleed needs a dpi"
    elif "dpi" not in params:
        return f"a size in {params['unit']} needs a dpi"
    for side in ("width", "height"):
        pixels = to_pixels(params.get(side, 1), unit=params.get("unit", "px"), dpi=params.get("dpi", 300))
        if not 1 <= pixels <= 30_000:
            return f"{side} is {pixels} px; allowed is 1…30000"
    return _aspect_rule(params)


def _place_rule(params: Params) -> str | None:
    if params.get("unit") == "%" and any(params.get(name, 0) > 49 for name in MARGINS):
        return "a margin is at most 49 % of the side"
    if "fill" in params and any(name in params for name in MARGINS):
        return "give either a fill or margins"
    return None


OPERATIONS = (
    Operation(
        key="orientation",
        title="Turn upright",
        summary="Turn the picture upright as the camera recorded it.",
        stage=Stage.ORIENT,
        parameters=(choice("mode", "Whether the camera's orientation is applied.", "auto", "ignore", default="auto"),),
    ),
    Operation(
        key="rotate",
        title="Rotate",
        summary="Turn by a quarter, a half or three quarters, clockwise.",
        stage=Stage.TURN,
        parameters=(choice("angle", "Degrees clockwise.", "90", "180", "270", required=True),),
    ),
    Operation(
        key="flip",
        title="Mirror",
        summary="Mirror the picture.",
        stage=Stage.TURN,
        parameters=(choice("axis", "Left-right or top-bottom.", "horizontal", "vertical", default="horizontal"),),
    ),
    Operation(
        key="straighten",
        title="Straighten",
        summary="Level a tilted product by a given or a measured angle.",
        stage=Stage.STRAIGHTEN,
        parameters=(
            choice("mode", "Measure the tilt, or use the angle.", "auto", "angle", default="auto"),
            number("angle", "Degrees clockwise.", unit="°", low=-45, high=45),
        ),
        rule=lambda p: "mode angle needs an angle" if p.get("mode") == "angle" and "angle" not in p else None,
    ),
    Operation(
        key="trim",
        title="Trim the border",
        summary="Cut away the empty border around the subject.",
        stage=Stage.FRAME,
        parameters=(
            number("margin", "Space left around the subject.", low=0, high=5000, default=0.0),
            choice("unit", "Unit of the margin; % is of the subject's longer side.", "px", "%", default="px"),
        ),
    ),
    Operation(
        key="crop",
        title="Crop",
        summary="Cut to an aspect around an anchor, or to a box.",
        stage=Stage.FRAME,
        parameters=(
            text("aspect", "Width to height, such as 4:5.", limit=20),
            choice(
                "anchor",
                "What stays in the picture.",
                "subject",
                "center",
                "top",
                "bottom",
                "left",
                "right",
                default="subject",
            ),
            number("left", "Left edge of the box.", low=0, high=30_000),
            number("top", "Top edge of the box.", low=0, high=30_000),
            number("width", "Width of the box.", low=0.01, high=30_000),
            number("height", "Height of the box.", low=0.01, high=30_000),
            choice("unit", "Unit of the box; % is of the picture's side.", "px", "%", default="px"),
        ),
        needs=("aspect", "left"),
        rule=_crop_rule,
    ),
    Operation(
        key="canvas",
        title="Canvas size",
        summary="Put the picture on a canvas of an exact size or aspect.",
        stage=Stage.PLACE,
        parameters=(
            number("width", "Width of the canvas.", low=0.01, high=30_000),
            number("height", "Height of the canvas.", low=0.01, high=30_000),
            choice("unit", "Unit of width and height.", *LENGTH_UNITS, default="px"),
            text("aspect", "Width to height when no exact size is given.", limit=20),
            integer("min_long_edge", "Flag pictures whose canvas would be smaller.", low=1),
            number("dpi", "Pixels per inch.", unit="dpi", low=1, high=2400),
            number("bleed_mm", "Extra on every side for trimming after print.", unit="mm", low=0, high=50),
        ),
        needs=("width", "height", "aspect"),
        rule=_canvas_rule,
    ),
    Operation(
        key="subject.place",
        title="Place the product",
        summary="Scale and align the subject on its canvas by margins or by fill.",
        stage=Stage.PLACE,
        parameters=(
            number("margin_top", "Space above the subject.", low=0, high=15_000),
            number("margin_right", "Space right of the subject.", low=0, high=15_000),
            number("margin_bottom", "Space below the subject.", low=0, high=15_000),
            number("margin_left", "Space left of the subject.", low=0, high=15_000),
            choice("unit", "Unit of the margins; % is of the canvas side.", "px", "%", default="px"),
            number("fill", "Share of the canvas side that the subject takes.", unit="%", low=1, high=100),
            choice("fill_axis", "Which side the fill counts on.", "longest", "width", "height", default="longest"),
            choice("align_x", "Where the subject stands across.", "left", "center", "right", default="center"),
            choice("align_y", "Where the subject stands upright.", "top", "center", "bottom", default="center"),
            flag("enlarge", "Allow scaling above the original size; otherwise a small original is flagged."),
        ),
        rule=_place_rule,
    ),
    Operation(
        key="resize",
        title="Resize",
        summary="Scale to a long edge, a width, a height or an exact size.",
        stage=Stage.PLACE,
        parameters=(
            integer("long_edge", "Length of the longer side.", low=1),
            integer("width", "Width.", low=1),
            integer("height", "Height.", low=1),
            choice("mode", "Fit inside, fill and cut, or stretch to the size.", "fit", "fill", "exact", default="fit"),
            flag("enlarge", "Allow scaling above the original size; otherwise the size stays and is flagged."),
        ),
        needs=("long_edge", "width", "height"),
        rule=lambda p: (
            "give either a long edge or a width and height"
            if "long_edge" in p and ({"width", "height"} & set(p))
            else f"mode {p['mode']} needs width and height"
            if p.get("mode", "fit") != "fit" and not {"width", "height"} <= set(p)
            else None
        ),
    ),
)
