"""Rendering in a line: a picture, some steps, and out comes the result."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.imaging.pipeline import Settings
from core.ports.image_engine import Rendered, RenderResult
from tests.unit.imaging.pictures import Steps, output, render_here, saved, task

Cook = Callable[..., RenderResult]


@pytest.fixture
def cook(tmp_path: Path) -> Cook:
    """Render a picture (or a file) by the steps of one output."""

    def run(
        source: Image.Image | Path, steps: Steps, *, settings: Settings | None = None, **options: Any
    ) -> RenderResult:
        path = source if isinstance(source, Path) else saved(source, tmp_path / "source.png")
        work_dir = tmp_path / "work"
        work_dir.mkdir(exist_ok=True)
        return render_here(task(path, work_dir, output(steps), **options), settings)

    return run


@pytest.fixture
def cook_file(cook: Cook) -> Callable[..., Rendered]:
    """Render to one file."""

    def run(source: Image.Image | Path, steps: Steps, **options: Any) -> Rendered:
        (file,) = cook(source, steps, **options).files
        return file

    return run
