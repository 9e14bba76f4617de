"""Small pictures made on the spot, and plans to render them with."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from adapters.imaging.loaders import configure
from adapters.imaging.pipeline import Settings, render
from core.domain.editing.catalogue import find_operation
from core.domain.editing.resolve import ImagePlan, OutputPlan, ResolvedStep
from core.ports.image_engine import Rendered, RenderResult, RenderTask

Steps = list[tuple[str, dict[str, Any]]]
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 220, 40)


def product(size: tuple[int, int] = (600, 400), *, backdrop: tuple[int, int, int] = (240, 240, 240)) -> Image.Image:
    """A dark blue box with a lighter lid, in the middle of an even backdrop; the box takes 50 x 60 %."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = backdrop
    left, right, top, bottom = width // 4, width - width // 4, height // 5, height - height // 5
    pixels[top:bottom, left:right] = (30, 50, 120)
    pixels[top : top + (bottom - top) // 4, left:right] = (120, 150, 200)
    return Image.fromarray(pixels)


def corners(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Four colours, so that every way of turning can be told: red, green over blue, yellow."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = BLUE, YELLOW
    return Image.fromarray(pixels)


def grain(size: tuple[int, int] = (400, 300), *, seed: int = 1) -> Image.Image:
    """A soft gradient with noise: something that compresses like a photograph."""
    width, height = size
    ramp = np.linspace(60, 180, width)[np.newaxis, :, np.newaxis] + np.zeros((height, 1, 3))
    noisy = ramp + np.random.default_rng(seed).normal(0, 12, (height, width, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def saved(image: Image.Image, path: Path, **options: Any) -> Path:
    """Write a picture; JPEG without loss of colour resolution."""
    if path.suffix == ".jpg":
        options = {"quality": 95, "subsampling": 0} | options
    image.save(path, **options)
    return path


def oriented(image: Image.Image, path: Path, orientation: int) -> Path:
    """Write a JPEG with an orientation tag."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, path, exif=exif)


def output(steps: Steps, name: str = "main") -> OutputPlan:
    """Steps with every default filled in, in the order of the stages."""
    ordered = sorted(steps, key=lambda s: find_operation(s[0]).stage)
    resolved = (ResolvedStep(op=op, params=_filled(op, params)) for op, params in ordered)
    return OutputPlan(name=name, folder="", steps=tuple(resolved))


def _filled(op: str, params: Mapping[str, Any]) -> dict[str, Any]:
    operation = find_operation(op)
    return operation.filled(operation.clean(params))


def task(source: Path, work_dir: Path, *outputs: OutputPlan, **options: Any) -> RenderTask:
    """A task for the engine."""
    return RenderTask(source=source, plan=ImagePlan(outputs=outputs), work_dir=work_dir, **options)


def render_here(job: RenderTask, settings: Settings | None = None) -> RenderResult:
    """Render in this process: what a child does, without the child."""
    configure()
    return render(job, settings or Settings())


def pixels_of(file: Rendered, mode: str = "RGB") -> np.ndarray[Any, Any]:
    """Decode a finished file."""
    with Image.open(file.path) as image:
        return np.asarray(image.convert(mode))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return an encoded picture."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
