"""What the steps of one output add up to, before any full-size pixel is touched."""

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, cast

import attrs
import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels
from adapters.imaging.geometry import Box, Turn
from adapters.imaging.source import Patch, Source
from core.ports.image_engine import Flag, Severity

Adjustment = Callable[[Pixels], Pixels]


@attrs.frozen(kw_only=True, eq=False)
class Stamp:
    """Something drawn on top: its colours and opacity, and where its corner lies."""

    colours: Pixels
    alpha: Alpha
    left: int
    top: int


Overlay = Callable[[tuple[int, int]], Stamp]


@attrs.frozen(kw_only=True, eq=False)
class Matte:
    """A cut-out at the size of the look.

    Args:
        alpha: opacity, 8 bits.
        colours: the subject's colours, free of background at the rim.
        box: the subject in the look.
        background: colour behind the subject.
        confidence: 0…1 that the cut-out is good.
        doubts: why it should be looked at, one sentence each.
    """

    alpha: Alpha
    colours: Pixels
    box: Box
    background: tuple[int, int, int]
    confidence: float
    doubts: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Background:
    """What lies behind the subject: a colour, or nothing when ``colour`` is None."""

    colour: tuple[int, int, int] | None


@attrs.define(eq=False)
class Draft:
    """The state that operations fill in, in the order in which they run.

    Args:
        source: the picture.
        output: name of the deliverable.
        files: local paths of other assets by id.
        icc_folder: folder of named profiles.
    """

    source: Source
    output: str
    files: Mapping[str, Path] = attrs.field(factory=dict)
    icc_folder: Path | None = None
    onnx_model: Path | None = None
    turn: Turn = attrs.field(factory=Turn)
    adjustments: list[tuple[Hashable, Adjustment]] = attrs.field(factory=list)
    matte: Matte | None = None
    angle: float = 0.0
    frame: Box | None = None
    canvas: Mapping[str, Any] | None = None
    place: Mapping[str, Any] | None = None
    resize: Mapping[str, Any] | None = None
    background: Background | None = None
    shadow: Mapping[str, Any] | None = None
    sharpen: float = 0.0
    overlays: list[Overlay] = attrs.field(factory=list)
    profile: str = "srgb"
    metadata: Mapping[str, Any] = attrs.field(factory=dict)
    export: Mapping[str, Any] = attrs.field(factory=dict)
    dpi: float | None = None
    is_judged: bool = False
    flags: list[Flag] = attrs.field(factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture after the turn, in full-size pixels."""
        return self.turn.size(self.source.size)

    @property
    def framed(self) -> Box:
        """The part of the turned and straightened picture that is used."""
        width, height = self.size
        return self.frame or Box(left=0, top=0, width=width, height=height)

    @property
    def look_scale(self) -> float:
        """Pixels of the look per full-size pixel."""
        return int(self.look().shape[1]) / self.size[0]

    @property
    def _history(self) -> Hashable:
        return (self.turn, tuple(key for key, _ in self.adjustments))

    def adjust(self, key: Hashable, adjustment: Adjustment) -> None:
        """Add a change of light, colour or grain; ``key`` names it with its figures."""
        self.adjustments.append((key, adjustment))

    def look(self) -> Pixels:
        """Return the picture at about 1000 px in 8 bits: turned, adjusted and straightened as far as steps have run."""
        return self.source.memo(("look", self._history, self.angle), self._make_look)

    def _make_look(self) -> Pixels:
        pixels = self.turn.apply(self.source.look().colours)
        for _, adjustment in self.adjustments:
            pixels = adjustment(pixels)
        return tilted(pixels, self.angle)

    def look_alpha(self) -> Alpha | None:
        """Return the transparency at the size of the look: of the cut-out, or else of the file."""
        if self.matte is not None:
            return tilted(self.matte.alpha, self.angle, fill=0)
        alpha = self.source.look().alpha
        return None if alpha is None else tilted(self.turn.apply(alpha), self.angle, fill=0)

    def shared(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return what an earlier output computed from the same look, or compute it."""
        return self.source.memo((key, self._history, self.angle, self.matte is not None), compute)

    def flag(self, code: str, message: str, *, measured: float | None = None, limit: float | None = None) -> None:
        """Ask for a look at this output."""
        self._add(Flag(code=code, message=message, measured=measured, limit=limit, output=self.output))

    def note(self, code: str, message: str) -> None:
        """Record something worth knowing that needs no look."""
        self._add(Flag(code=code, message=message, severity=Severity.NOTE, output=self.output))

    def _add(self, flag: Flag) -> None:
        if flag not in self.flags:
            self.flags.append(flag)

    def finished(self, patch: Patch) -> Patch:
        """Turn, straighten and adjust decoded pixels."""
        colours = self.turn.apply(patch.colours)
        for _, adjustment in self.adjustments:
            colours = adjustment(colours)
        alpha = None if patch.alpha is None else self.turn.apply(patch.alpha)
        return Patch(np.ascontiguousarray(colours), alpha)


def tilted(pixels: Pixels, angle: float, *, fill: int | None = None) -> Pixels:
    """Turn around the centre by degrees clockwise, in the same frame.

    Args:
        fill: value of the corners that open up; None repeats the edge.
    """
    if not angle:
        return pixels
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -angle, 1.0)
    border = cv2.BORDER_REPLICATE if fill is None else cv2.BORDER_CONSTANT
    return cast(
        "Pixels",
        cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=border, borderValue=fill or 0
        ),
    )
