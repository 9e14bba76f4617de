"""Port: the engine that decodes, edits, measures and encodes pictures."""

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import attrs

from core.domain.editing.resolve import ImagePlan


@attrs.frozen(kw_only=True)
class Probe:
    """What the header and the decoder say of a file.

    Args:
        format: jpeg, png, webp, tiff, gif, avif or heic, from the content.
        width, height: pixels as stored; ``is_turned`` says that upright display swaps them.
        frames: pictures in the file; only the first is used.
        icc: name of the embedded profile, or None.
        has_alpha: whether there is transparency.
        bit_depth: bits per channel.
    """

    format: str
    width: int
    height: int
    is_turned: bool = False
    frames: int = 1
    icc: str | None = None
    has_alpha: bool = False
    bit_depth: int = 8


class Severity(enum.StrEnum):
    """How much a flag matters: a note is shown, a review flag sends the picture to the customer's retouch list."""

    NOTE = "note"
    REVIEW = "review"


@attrs.frozen(kw_only=True)
class Flag:
    """A reason to look at a finished picture.

    Args:
        code: stable snake_case name, e.g. ``uncertain_mask``.
        message: one sentence with the measured value.
        measured, limit: the figures behind it, when there are any.
        output: the deliverable it is about; empty for the picture as a whole.
    """

    code: str
    message: str
    severity: Severity = Severity.REVIEW
    measured: float | None = None
    limit: float | None = None
    output: str = ""


@attrs.frozen(kw_only=True)
class RenderTask:
    """One picture to render.

    Args:
        source: local file to read.
        plan: steps of every output.
        work_dir: existing folder in which the engine leaves its files.
        files: local paths of other assets by id (logos).
        max_edge: render small for a preview: no output side is longer than this; None for the real thing.
    """

    source: Path
    plan: ImagePlan
    work_dir: Path
    files: Mapping[str, Path] = attrs.field(factory=dict)
    max_edge: int | None = None


@attrs.frozen(kw_only=True)
class Rendered:
    """One finished file.

    Args:
        output: name of the deliverable.
        path: local file in the task's work folder, complete and flushed.
        format: jpeg, png, webp, tiff or avif.
        width, height: pixels as displayed.
        bytes: file size.
        sha256: lowercase hex digest of the file.
        measures: JSON-ready figures (sharpness, clipping, fill, background …), see ``docs/reference/measures.md``.
    """

    output: str
    path: Path
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    measures: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class RenderResult:
    """All files of one picture, with the reasons to look at them.

    Args:
        confidence: 0…1 that the cut-out is good; None when nothing was cut out.
    """

    files: tuple[Rendered, ...]
    flags: tuple[Flag, ...] = ()
    confidence: float | None = None
    engine: str = ""


class ImageEngine(Protocol):
    """Renders pictures; safe to call from several threads at once.

    Every method raises ``UnsupportedTypeError``, ``TooLargeError`` or ``InvalidInputError`` for a picture that is
    refused, ``ProviderUnavailableError`` when the engine died or ran out of time (worth another try) and
    ``ProviderRejectedError`` when this picture cannot be rendered.
    """

    name: str

    def probe(self, path: Path) -> Probe:
        """Read a file's facts and prove that it decodes to the end."""
        ...

    def can(self, op: str) -> bool:
        """Whether this engine carries out an operation."""
        ...

    def render(self, task: RenderTask) -> RenderResult:
        """Carry out a plan on one picture: same input and same plan give the same bytes."""
        ...

    def thumbnail(self, path: Path, *, edge: int, target: Path) -> Rendered:
        """Write a picture small: WebP in sRGB, upright, transparency kept, no metadata; never enlarged.

        Same input gives the same bytes.

        Args:
            edge: longest side at most, in pixels.
            target: file to write, in an existing folder.
        """
        ...

    def close(self) -> None:
        """Stop the engine's processes."""
        ...
