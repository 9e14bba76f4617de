"""From the wishes for canvas, size and place to the layout of the finished picture."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Box, Layout
from adapters.imaging.placement import place_subject
from core.domain.editing.operations.geometry import MM_PER_UNIT, parse_aspect, to_pixels

Size = tuple[int, int]


def lay_out(draft: Draft) -> Layout:
    """Work out the canvas and the place of the picture on it; may narrow the frame, may raise flags."""
    size = _resized(draft) if draft.resize else None
    canvas, bleed = (_canvas(draft, size), _bleed(draft)) if draft.canvas else (size, 0)
    if draft.place:
        return place_subject(draft, canvas or _whole(draft), bleed)
    if canvas is None:
        canvas = _whole(draft)
    inner = size or _fitted(draft, canvas)
    return Layout(
        canvas=canvas,
        left=(canvas[0] - inner[0]) // 2,
        top=(canvas[1] - inner[1]) // 2,
        width=inner[0],
        height=inner[1],
    )


def _whole(draft: Draft) -> Size:
    return max(1, round(draft.framed.width)), max(1, round(draft.framed.height))


def _resized(draft: Draft) -> Size:
    params, frame = draft.resize or {}, draft.framed
    if params["mode"] == "fit":
        wanted = _fit(frame, params)
    else:
        wanted = float(params["width"]), float(params["height"])
        if params["mode"] == "fill":
            draft.frame = frame = _narrowed(frame, wanted[0] / wanted[1])
    factor = min(1.0, frame.width / wanted[0], frame.height / wanted[1])
    if factor < 1.0 and not params["enlarge"]:
        have, asked = max(frame.width, frame.height), max(wanted)
        draft.flag(
            "not_enlarged",
            f"The picture is {have:.0f} px long and {asked:.0f} px were asked for; it was not enlarged.",
            measured=round(have),
            limit=round(asked),
        )
        wanted = wanted[0] * factor, wanted[1] * factor
    return max(1, round(wanted[0])), max(1, round(wanted[1]))


def _fit(frame: Box, params: Mapping[str, Any]) -> tuple[float, float]:
    if params["long_edge"]:
        scale = params["long_edge"] / frame.longest
    else:
        sides = ((params["width"], frame.width), (params["height"], frame.height))
        scale = min(asked / have for asked, have in sides if asked)
    return frame.width * scale, frame.height * scale


def _narrowed(frame: Box, aspect: float) -> Box:
    width, height = min(frame.width, frame.height * aspect), min(frame.height, frame.width / aspect)
    return Box(
        left=frame.left + (frame.width - width) / 2,
        top=frame.top + (frame.height - height) / 2,
        width=width,
        height=height,
    )


def _bleed(draft: Draft) -> int:
    params = draft.canvas or {}
    return to_pixels(params["bleed_mm"], unit="mm", dpi=params["dpi"]) if params["bleed_mm"] else 0


def _canvas(draft: Draft, size: Size | None) -> Size:
    params = draft.canvas or {}
    content = size or _whole(draft)
    aspect = float(parse_aspect(params["aspect"] or "") or content[0] / content[1])
    width, height = (_side(params, name) for name in ("width", "height"))
    if width is None and height is None:
        width = max(content[0], round(content[1] * aspect))
        height = max(content[1], round(content[0] / aspect))
    width = width if width is not None else round((height or 1) * aspect)
    height = height if height is not None else round(width / aspect)
    canvas = max(1, width), max(1, height)
    smallest = params["min_long_edge"]
    if smallest and max(canvas) < smallest:
        draft.flag(
            "canvas_too_small",
            f"The canvas is {max(canvas)} px long; at least {smallest} px are asked for.",
            measured=max(canvas),
            limit=smallest,
        )
    return canvas


def _side(params: Mapping[str, Any], name: str) -> int | None:
    if params[name] is None:
        return None
    unit, bleed = params["unit"], params["bleed_mm"] or 0
    dpi = params["dpi"] or 300
    if unit == "px":
        return to_pixels(params[name], unit=unit, dpi=dpi) + (2 * to_pixels(bleed, unit="mm", dpi=dpi) if bleed else 0)
    # The bleed is added as a length, so that the sum is rounded once.
    return to_pixels(params[name] * MM_PER_UNIT[unit] + 2 * bleed, unit="mm", dpi=dpi)


def _fitted(draft: Draft, canvas: Size) -> Size:
    frame = draft.framed
    needed = min(canvas[0] / frame.width, canvas[1] / frame.height)
    if needed > 1.0 + 1e-9:
        draft.flag(
            "not_enlarged",
            f"The picture is {frame.width:.0f} x {frame.height:.0f} px on a canvas of {canvas[0]} x {canvas[1]} px; "
            "it was not enlarged.",
            measured=round(frame.longest),
            limit=max(canvas),
        )
    scale = min(1.0, needed)
    return max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
