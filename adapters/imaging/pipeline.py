"""Rendering one picture: write down what every output asks, decode once, finish each, encode each once."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import attrs
import cv2
import numpy as np

from adapters.imaging import profiles
from adapters.imaging.arrays import Alpha, Pixels, parse_colour, writeable
from adapters.imaging.colour import in_space
from adapters.imaging.compose import WHITE, Composed, compose, sharpened, stamp_on
from adapters.imaging.draft import Draft, tilted
from adapters.imaging.encode import WITH_ALPHA, encode, file_format, is_deep, written_resolution
from adapters.imaging.geometry import Box, Layout
from adapters.imaging.layouts import lay_out
from adapters.imaging.limits import Limits
from adapters.imaging.matting import cleaned, refined
from adapters.imaging.measure import measure
from adapters.imaging.operations import operations
from adapters.imaging.shadows import draw_shadow
from adapters.imaging.source import Patch, Reading, Source
from core.domain.editing.resolve import OutputPlan
from core.errors import InvalidInputError
from core.ports.image_engine import Flag, Rendered, RenderResult, RenderTask

NAME = "local"
# RGB spaces in which a picture can be worked, so that wide colours are not squeezed through sRGB.
WIDE = ("adobe-rgb", "display-p3")
EXTENSIONS = {"jpeg": "jpg", "tiff": "tif"}


@attrs.frozen(kw_only=True)
class Settings:
    """What the worker was started with: limits, folder of named profiles, optional cut-out model."""

    limits: Limits = attrs.field(factory=Limits)
    icc_folder: Path | None = None
    onnx_model: Path | None = None


def render(task: RenderTask, settings: Settings) -> RenderResult:
    """Carry out a plan on one picture.

    Raises:
        InvalidInputError: the picture is refused, or the plan names what is not there.
        pyvips.Error: the picture is damaged.
    """
    source = Source.open(task.source, settings.limits)
    source.is_shared = len(task.plan.outputs) > 1
    drafts = [describe(source, output, task.files, settings) for output in task.plan.outputs]
    layouts = [lay_out(draft).shrunk_to(task.max_edge) for draft in drafts]
    scale = max(_scale(draft, layout) for draft, layout in zip(drafts, layouts, strict=True))
    shrink = source.shrink_for(scale)
    files = tuple(
        _finish(draft, layout, shrink=shrink, target=task.work_dir / f"{number:02d}")
        for number, (draft, layout) in enumerate(zip(drafts, layouts, strict=True))
    )
    confidences = [draft.matte.confidence for draft in drafts if draft.matte is not None]
    return RenderResult(
        files=files,
        flags=_flags(drafts),
        confidence=min(confidences) if confidences else None,
        engine=NAME,
    )


def describe(source: Source, output: OutputPlan, files: Mapping[str, Path], settings: Settings) -> Draft:
    """Run the steps of one output, which write down what they ask.

    Raises:
        InvalidInputError: code ``unknown_operation``.
    """
    draft = Draft(
        source=source,
        output=output.name,
        files=files,
        icc_folder=settings.icc_folder,
        onnx_model=settings.onnx_model,
    )
    if output.params("orientation") is None:
        draft.turn = source.header.turn
    for step in output.steps:
        apply = operations().get(step.op)
        if apply is None:
            raise InvalidInputError(f"There is no operation {step.op!r} here.", code="unknown_operation")
        apply(draft, step.params)
    return draft


def _flags(drafts: list[Draft]) -> tuple[Flag, ...]:
    """Return the flags of all outputs; one that every output raises is about the picture as a whole."""
    merged: dict[Flag, None] = {}
    for draft in drafts:
        for flag in draft.flags:
            general = attrs.evolve(flag, output="")
            is_shared = all(any(attrs.evolve(f, output="") == general for f in other.flags) for other in drafts)
            merged[general if is_shared else flag] = None
    return tuple(merged)


def _scale(draft: Draft, layout: Layout) -> float:
    return max(layout.width / draft.framed.width, layout.height / draft.framed.height)


def _finish(draft: Draft, layout: Layout, *, shrink: int, target: Path) -> Rendered:
    kind = file_format(draft, is_transparent=_is_clear(draft))
    space = draft.profile if draft.profile in WIDE and _is_rgb(draft) else profiles.SRGB
    part = _visible(draft, layout, Reading(space=space, is_deep=is_deep(draft, kind), shrink=shrink))
    sharp = Patch(sharpened(part.colours, draft.sharpen), part.alpha)
    picture = _composed(draft, layout, sharp, space=space, can_be_clear=kind in WITH_ALPHA)
    for overlay in draft.overlays:
        picture = stamp_on(picture, overlay(layout.canvas))
    encoded = encode(draft, picture, kind=kind, space=space)
    figures = measure(picture, encoded, dpi=written_resolution(draft, kind), is_judged=draft.is_judged)
    path = target.with_name(f"{target.name}.{EXTENSIONS.get(kind, kind)}")
    write_whole(path, encoded.data)
    return Rendered(
        output=draft.output,
        path=path,
        format=kind,
        width=layout.canvas[0],
        height=layout.canvas[1],
        bytes=len(encoded.data),
        sha256=hashlib.sha256(encoded.data).hexdigest(),
        measures=figures,
    )


def _is_clear(draft: Draft) -> bool:
    """Whether the picture is to be transparent somewhere, if its format can."""
    if draft.background is not None:
        return draft.background.colour is None
    return draft.matte is not None or bool(draft.source.header.image.hasalpha())


def _is_rgb(draft: Draft) -> bool:
    return (draft.export.get("colour_space") or "rgb") == "rgb"


def _visible(draft: Draft, layout: Layout, reading: Reading) -> Patch:
    """Return the part of the picture that shows on the canvas, scaled and adjusted, with its opacity."""
    left, top, right, bottom = layout.visible
    if right <= left or bottom <= top:
        raise InvalidInputError("Nothing of the picture would lie on the canvas.", code="picture_off_canvas")
    size = right - left, bottom - top
    across, down = draft.framed.width / layout.width, draft.framed.height / layout.height
    region = Box(
        left=draft.framed.left + (left - layout.left) * across,
        top=draft.framed.top + (top - layout.top) * down,
        width=size[0] * across,
        height=size[1] * down,
    )
    if draft.angle:
        part = _tilted_part(draft, region, size, reading)
    else:
        stored = draft.turn.to_stored(region, draft.source.size)
        part = draft.finished(draft.source.pixels(stored, draft.turn.size(size), reading))
    if draft.matte is None:
        return part
    alpha = refined(_look_part(draft, tilted(draft.matte.alpha, draft.angle, fill=0), region), part.colours)
    if reading.space != profiles.SRGB:
        return Patch(part.colours, alpha)
    rim = _look_part(draft, tilted(draft.matte.colours, draft.angle), region)
    colours = writeable(part.colours)
    cleaned(colours, alpha, rim)
    return Patch(colours, alpha)


def _tilted_part(draft: Draft, region: Box, size: tuple[int, int], reading: Reading) -> Patch:
    """Scale the whole picture, tilt it, and cut the region out: tilting needs what lies around the region."""
    across, down = size[0] / region.width, size[1] / region.height
    whole = max(1, round(draft.size[0] * across)), max(1, round(draft.size[1] * down))
    stored = Box(left=0, top=0, width=draft.source.size[0], height=draft.source.size[1])
    patch = draft.finished(draft.source.pixels(stored, draft.turn.size(whole), reading))
    left = min(max(0, round(region.left * across)), max(0, whole[0] - size[0]))
    top = min(max(0, round(region.top * down)), max(0, whole[1] - size[1]))
    part = np.s_[top : top + size[1], left : left + size[0]]
    colours = np.ascontiguousarray(tilted(patch.colours, draft.angle)[part])
    if patch.alpha is None:
        return Patch(colours)
    return Patch(colours, np.ascontiguousarray(tilted(patch.alpha, draft.angle, fill=0)[part]))


def _look_part(draft: Draft, pixels: Pixels, region: Box) -> Pixels:
    """Cut the same region out of something that has the size of the look, to a fraction of a pixel."""
    scale = draft.look_scale
    box = region.scaled(scale)
    size = max(1, round(box.width)), max(1, round(box.height))
    matrix = np.array([[box.width / size[0], 0, box.left], [0, box.height / size[1], box.top]], np.float64)
    matrix[:, 2] += (matrix[[0, 1], [0, 1]] - 1) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _composed(draft: Draft, layout: Layout, part: Patch, *, space: str, can_be_clear: bool) -> Composed:
    colour = _background(draft, part.alpha, can_be_clear=can_be_clear)
    shadow = None
    if draft.shadow is not None and part.alpha is not None:
        left, top, right, bottom = layout.visible
        placed = np.zeros((layout.canvas[1], layout.canvas[0]), np.uint8)
        placed[top:bottom, left:right] = part.alpha
        drawn = draw_shadow(placed, draft.shadow)
        shadow = None if drawn is None else (drawn, in_space(parse_colour(draft.shadow["colour"]), space))
    colour = None if colour is None else in_space(colour, space)
    return compose(part.colours, part.alpha, layout=layout, colour=colour, shadow=shadow)


def _background(draft: Draft, alpha: Alpha | None, *, can_be_clear: bool) -> tuple[int, int, int] | None:
    """Return the colour behind the picture; None for transparency, where the file can hold it."""
    if draft.background is not None:
        return draft.background.colour or (None if can_be_clear else WHITE)
    return None if alpha is not None and can_be_clear else WHITE


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is complete and on disk, or not there."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
