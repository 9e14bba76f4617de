"""From what was said about sizes to crop, canvas and resize steps."""

from fractions import Fraction
from typing import Any

import attrs

from core.domain.editing.operations.geometry import parse_aspect, to_pixels
from core.domain.editing.plan import Change, ChangeKind, Option, Question, Unsupported
from plugins.llm.local.draft import SHARED, Draft, Frame, hull

PRINT_DPI = 300.0
SMALL_EDGE, SMALL_QUALITY = 1600, 82


def settle(draft: Draft) -> None:
    """Turn every frame into steps."""
    _inherit(draft)
    for frame in draft.frames:
        _orient(frame)
        if frame.is_small and not _has_size(frame):
            _shrink(draft, frame)
        elif frame.unit != "px" and frame.width and frame.height:
            _paper(draft, frame)
        elif _is_on_canvas(draft, frame):
            _canvas(draft, frame)
        else:
            _photo(draft, frame)


def _inherit(draft: Draft) -> None:
    """Let an output's frame take what the shared one says and it does not.

    Where one output has a size of its own the shared size moves into the others: a canvas and a resize
    cannot both hold.
    """
    shared = [f for f in draft.frames if f.output == SHARED]
    own = {f.output for f in draft.frames if f.output != SHARED and _has_size(f)}
    for base in [f for f in shared if own and f.scope.is_all]:
        draft.frames.remove(base)
        others = [n for n in range(len(draft.outputs)) if n not in own]
        draft.frames += [attrs.evolve(base, output=n) for n in others]
    for base in [f for f in shared if f in draft.frames and _has_size(f) and not f.aspect]:
        cropped = [f for f in draft.frames if f.output != SHARED and f.scope == base.scope and f.aspect]
        if cropped and len(cropped) == len(draft.outputs) and not any(_has_size(f) for f in cropped):
            # "16:9 and 1:1, both 1080 px wide": each has that side, and another one by its aspect.
            draft.frames.remove(base)
            for frame in cropped:
                frame.width, frame.height, frame.long_edge = base.width, base.height, base.long_edge
                frame.via = frame.via or next((f.via for f in cropped if f.via), base.via)
                frame.cause = hull(frame.cause, base.cause, draft.words)
    for frame in draft.frames:
        for base in shared:
            if frame.output != SHARED and frame.scope == base.scope:
                frame.aspect = frame.aspect or base.aspect
                frame.orientation = frame.orientation or base.orientation


def _has_size(frame: Frame) -> bool:
    return bool(frame.width or frame.height or frame.long_edge or frame.short_edge)


def _orient(frame: Frame) -> None:
    if frame.width and frame.height:
        frame.stated_size = (frame.width, frame.height)
        frame.stated_aspect = "1:1" if frame.is_square else frame.aspect or ""
    if frame.is_square and not frame.stated_size:
        edge = frame.width or frame.height or frame.long_edge
        frame.aspect = "1:1"
        if edge:
            frame.width = frame.height = edge
            frame.long_edge = None
    if frame.orientation and frame.width and frame.height:
        low, high = sorted((frame.width, frame.height))
        # "Landscape, 1200 wide and 1600 high": both sides are named, so one of the two is wrong.
        is_wrong = low < high and (frame.width == high) != (frame.orientation == "landscape")
        frame.is_turned = frame.has_sides and is_wrong
    if frame.orientation and frame.width and frame.height and not frame.is_turned:
        low, high = sorted((frame.width, frame.height))
        frame.width, frame.height = (low, high) if frame.orientation == "portrait" else (high, low)
    ratio = parse_aspect(frame.aspect) if frame.aspect else None
    if ratio is not None:
        _complete(frame, ratio)


def _complete(frame: Frame, ratio: Fraction) -> None:
    """Work out the missing side from the aspect."""
    if frame.long_edge and not (frame.width or frame.height):
        wide = ratio >= 1
        frame.width, frame.height = (frame.long_edge, None) if wide else (None, frame.long_edge)
        frame.long_edge = None
    if frame.width and not frame.height:
        frame.height = float(round(Fraction(frame.width) / ratio))
    elif frame.height and not frame.width:
        frame.width = float(round(Fraction(frame.height) * ratio))


def _is_on_canvas(draft: Draft, frame: Frame) -> bool:
    if frame.via == "canvas":
        return True
    is_cut_out = draft.effective("background.remove", scope=frame.scope, output=frame.output) is not None
    is_placed = draft.effective("subject.place", scope=frame.scope, output=frame.output) is not None
    is_exact = bool(frame.width and frame.height)
    if frame.via == "crop" and not is_cut_out:
        return False
    if is_cut_out or is_placed:
        return is_exact or (bool(frame.aspect) and not _has_size(frame))
    return is_exact and frame.via == "" and frame.aspect in (None, "1:1")


def _canvas(draft: Draft, frame: Frame) -> None:
    params: dict[str, Any] = {"min_long_edge": frame.min_long_edge}
    if frame.width and frame.height:
        params |= {"width": frame.width, "height": frame.height, "unit": "px"}
    elif frame.aspect:
        params["aspect"] = frame.aspect
    else:
        edge = frame.long_edge or frame.width or frame.height
        if edge is None:
            return
        _photo(draft, frame)
        return
    if frame.bleed:
        params |= {"bleed_mm": frame.bleed, "dpi": PRINT_DPI}
    draft.put_at("canvas", params, scope=frame.scope, output=frame.output, cause=frame.cause)
    if frame.enlarge:
        place = draft.effective("subject.place", scope=frame.scope, output=frame.output)
        if place:
            place.params["enlarge"] = True


def _photo(draft: Draft, frame: Frame) -> None:
    """Keep the photo: crop to the aspect, then scale."""
    aspect = frame.aspect
    if frame.via == "crop" and frame.width and frame.height and not aspect:
        ratio = Fraction(frame.width) / Fraction(frame.height)
        aspect = f"{ratio.numerator}:{ratio.denominator}"
    if aspect and parse_aspect(aspect) is not None:
        cut: dict[str, Any] = {"aspect": aspect, "anchor": "subject"}
        draft.put_at("crop", cut, scope=frame.scope, output=frame.output, cause=frame.cause)
    elif frame.via == "crop" and not _has_size(frame):
        draft.put_at("trim", {}, scope=frame.scope, output=frame.output, cause=frame.cause)
        draft.assume("No aspect is given for the crop; the empty border around the product is cut away.", frame.cause)
    params = _scaling(frame, is_cut=aspect is not None)
    if params:
        if frame.enlarge:
            params["enlarge"] = True
        draft.put_at("resize", params, scope=frame.scope, output=frame.output, cause=frame.cause)
    if frame.min_long_edge and not params:
        words = frame.cause.words if frame.cause else ""
        reason = "Pictures are not refused by size here; small originals are flagged, never enlarged on their own."
        draft.unsupported.append(
            Unsupported(words=words, reason=reason, op="check", scope=frame.scope, cause=frame.cause)
        )
    if frame.enlarge and not params:
        options = tuple(_enlarged_option(edge) for edge in (2000, 3000, 4000))
        about = "How large should the pictures become? Enlarging invents no detail."
        draft.ask(Question(key="enlarge_to", about=about, options=options, cause=frame.cause))


def _scaling(frame: Frame, *, is_cut: bool) -> dict[str, Any]:
    unit = frame.unit
    if frame.long_edge:
        return {"long_edge": _pixels(frame.long_edge, unit), "mode": "fit"}
    if frame.width and frame.height:
        mode = "fill" if is_cut else "fit"
        return {"width": _pixels(frame.width, unit), "height": _pixels(frame.height, unit), "mode": mode}
    if frame.width:
        return {"width": _pixels(frame.width, unit), "mode": "fit"}
    if frame.height:
        return {"height": _pixels(frame.height, unit), "mode": "fit"}
    return {}


def _pixels(length: float, unit: str) -> int:
    return max(1, to_pixels(length, unit=unit, dpi=PRINT_DPI))


def _paper(draft: Draft, frame: Frame) -> None:
    export = draft.effective("export", scope=frame.scope, output=frame.output)
    stated = export.params.get("dpi") if export else None
    dpi = float(stated or PRINT_DPI)
    if not stated:
        draft.assume(f"No resolution is given for the printed size; {PRINT_DPI:g} dpi is used.", frame.cause)
    params: dict[str, Any] = {"width": frame.width, "height": frame.height, "unit": frame.unit, "dpi": dpi}
    if frame.bleed:
        params["bleed_mm"] = min(frame.bleed, 50.0)
    draft.put_at("canvas", params, scope=frame.scope, output=frame.output, cause=frame.cause)
    draft.warn(
        f"Pictures with fewer pixels than this size needs at {dpi:g} dpi are flagged, not enlarged.", frame.cause
    )


def _shrink(draft: Draft, frame: Frame) -> None:
    """Give ``make them smaller`` a visible size and quality that can be changed."""
    stated = draft.effective("export", scope=frame.scope, output=frame.output)
    if stated and "max_bytes" in stated.params:
        stated.cause = hull(stated.cause, frame.cause, draft.words)
        draft.assume("The pixel size stays; the quality is lowered until the limit is met.", frame.cause)
        return
    params = {"long_edge": SMALL_EDGE, "mode": "fit"}
    draft.put_at("resize", params, scope=frame.scope, output=frame.output, cause=frame.cause)
    export = draft.put_at("export", {}, scope=frame.scope, output=frame.output, cause=frame.cause)
    has_limit = {"quality", "max_bytes"} & set(export.params)
    export.params.setdefault("format", "jpeg")
    if not has_limit:
        export.params["quality"] = SMALL_QUALITY
    options = tuple(_size_option(edge, quality) for edge, quality in ((1200, 78), (1600, 82), (2048, 85)))
    about = "How small should the pictures become? No size was named."
    draft.ask(
        Question(key="target_size", about=about, options=options, blocking=False, default="1600", cause=frame.cause)
    )


def _enlarged_option(edge: int) -> Option:
    change = Change(kind=ChangeKind.SET, op="resize", params={"long_edge": edge, "enlarge": True})
    return Option(key=str(edge), label=f"{edge} px on the longer side", changes=(change,))


def _size_option(edge: int, quality: int) -> Option:
    return Option(
        key=str(edge),
        label=f"{edge} px on the longer side, quality {quality}",
        changes=(
            Change(kind=ChangeKind.SET, op="resize", params={"long_edge": edge}),
            Change(kind=ChangeKind.SET, op="export", params={"quality": quality}),
        ),
    )
