"""Who does the job: autorotate, to sRGB, fit 1680 px, sharpen 3 by 3, centre on white 2000 x 2000, JPEG q90 4:2:0.

A subject is a function that takes nothing and returns a function of a batch of inputs and a folder, which does the job
for the whole batch with two threads or processes. A subject that is not installed returns None.
"""

import functools
import importlib
import io
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which
from types import MappingProxyType
from typing import Any

FIT, CANVAS, QUALITY = 1680, 2000, 90
THREADS = 2
Job = Callable[[Path, Path], None]
Batch = Callable[[list[Path], Path], None]

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "whole": "bench.pipeline.whole:whole",
        "engine": "bench.pipeline.subjects:engine",
        "bare": "bench.pipeline.subjects:bare",
        "bound": "bench.pipeline.subjects:bound",
        "pillow": "bench.pipeline.subjects:pillow",
        "magick": "bench.pipeline.subjects:magick",
    }
)


def find_subject(place: str) -> Batch | None:
    """Import ``module:function`` and call it."""
    module, _, name = place.partition(":")
    batch: Batch | None = getattr(importlib.import_module(module), name)()
    return batch


def by_threads(job: Job) -> Batch:
    """Do a job of one input and one output path for a batch, with two threads."""
    pool = ThreadPoolExecutor(THREADS)

    def batch(paths: list[Path], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        list(pool.map(job, paths, [folder / p.stem for p in paths]))

    return batch


def engine() -> Batch:
    """Render through the engine's child processes."""
    from adapters.imaging.engine import LocalImageEngine
    from core.domain.editing.catalogue import find_operation
    from core.domain.editing.resolve import ImagePlan, OutputPlan, ResolvedStep
    from core.ports.image_engine import RenderTask

    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("orientation", {}),
        ("resize", {"long_edge": FIT}),
        ("canvas", {"width": CANVAS, "height": CANVAS}),
        ("sharpen", {}),
        ("export", {"format": "jpeg", "quality": QUALITY}),
    )
    steps = tuple(ResolvedStep(op=op, params=find_operation(op).filled(params)) for op, params in wanted)
    plan = ImagePlan(outputs=(OutputPlan(name="main", folder="", steps=steps),))
    local = LocalImageEngine(processes=2)

    def job(source: Path, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        local.render(RenderTask(source=source, plan=plan, work_dir=target))

    return by_threads(job)


def bare() -> Batch:
    """Run the same steps as a script that someone who knows libvips would write."""
    import pyvips

    pyvips.cache_set_max(0)
    kernel = pyvips.Image.new_from_array([[-1, -1, -1], [-1, 16, -1], [-1, -1, -1]], scale=8)

    def job(source: Path, target: Path) -> None:
        image = pyvips.Image.new_from_file(str(source), access="sequential")
        shrink = next(s for s in (8, 4, 2, 1) if max(image.width, image.height) / s >= FIT)
        image = pyvips.Image.new_from_file(str(source), access="sequential", shrink=shrink)
        image = image.resize(FIT / max(image.width, image.height))
        if image.get_typeof("icc-profile-data"):
            image = image.icc_transform("srgb", embedded=True)
        if image.get_typeof("orientation") and image.get("orientation") > 1:
            # Turning reads in another order than the decoder writes.
            image = image.copy_memory().autorot()
        image = image.conv(kernel, precision="integer")
        image = image.gravity("centre", CANVAS, CANVAS, extend="white")
        image.jpegsave(f"{target}.jpg", Q=QUALITY, subsample_mode="on", keep="none")

    return by_threads(job)


def bound() -> Batch:
    """Only decode at the cheapest scale and encode a canvas: nobody can do the job in less."""
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    flags = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 1: cv2.IMREAD_COLOR}

    def job(source: Path, target: Path) -> None:
        data = np.fromfile(source, np.uint8)
        width, height = _jpeg_size(source)
        shrink = next(s for s in (4, 2, 1) if max(width, height) / s >= FIT)
        pixels = cv2.imdecode(data, flags[shrink] | cv2.IMREAD_IGNORE_ORIENTATION)
        assert pixels is not None
        scale = FIT / max(pixels.shape)
        inner = pixels[: round(pixels.shape[0] * scale), : round(pixels.shape[1] * scale)]
        canvas = np.full((CANVAS, CANVAS, 3), 255, np.uint8)
        top, left = (CANVAS - inner.shape[0]) // 2, (CANVAS - inner.shape[1]) // 2
        canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
        _, encoded = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        Path(f"{target}.jpg").write_bytes(encoded.tobytes())

    return by_threads(job)


@functools.cache
def _jpeg_size(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as image:
        return image.size


def pillow() -> Batch:
    """Use Pillow with its draft mode, which decodes at a reduced scale."""
    from PIL import Image, ImageCms, ImageFilter, ImageOps

    srgb = ImageCms.createProfile("sRGB")

    def job(source: Path, target: Path) -> None:
        with Image.open(source) as opened:
            opened.draft("RGB", (FIT, FIT))
            image: Image.Image = ImageOps.exif_transpose(opened)
            profile = opened.info.get("icc_profile")
        image.thumbnail((FIT, FIT), Image.Resampling.LANCZOS)
        if profile:
            there = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ImageCms.profileToProfile(image, there, srgb, inPlace=True)
        image = image.filter(ImageFilter.Kernel((3, 3), (-1, -1, -1, -1, 16, -1, -1, -1, -1), 8))
        canvas = Image.new("RGB", (CANVAS, CANVAS), "white")
        canvas.paste(image, ((CANVAS - image.width) // 2, (CANVAS - image.height) // 2))
        canvas.save(f"{target}.jpg", quality=QUALITY, subsampling=2)

    return by_threads(job)


def magick() -> Batch | None:
    """Call ImageMagick once per picture; None where it is not installed."""
    program = next((p for p in ("magick", "convert") if _is_magick(p)), None)
    if program is None:
        return None

    def job(source: Path, target: Path) -> None:
        options = f"-auto-orient -resize {FIT}x{FIT} -morphology Convolve 3x3:-1,-1,-1,-1,16,-1,-1,-1,-1 "
        options += f"-gravity center -background white -extent {CANVAS}x{CANVAS} -sampling-factor 4:2:0 -strip"
        command = [program, "-define", f"jpeg:size={FIT}x{FIT}", str(source), *options.split()]
        subprocess.run([*command, "-quality", str(QUALITY), f"{target}.jpg"], check=True)

    return by_threads(job)


def _is_magick(program: str) -> bool:
    if which(program) is None:
        return False
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.startswith("Version: ImageMagick")
