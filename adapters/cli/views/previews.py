"""Previews: documents and text."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from adapters.cli.output import count, print_line
from core.usecases.plans.preview import Preview

if TYPE_CHECKING:
    from rich.console import Console


def preview_document(preview: Preview, paths: Sequence[Path]) -> dict[str, Any]:
    """Describe a preview and where its files were written."""
    return {
        "files": [
            {"output": f.output, "path": str(p), "format": f.format, "width": f.width, "height": f.height}
            for f, p in zip(preview.files, paths, strict=True)
        ],
        "flags": [attrs.asdict(f) for f in preview.flags],
        "confidence": preview.confidence,
        "left": preview.left,
    }


def print_preview(console: "Console", document: dict[str, Any]) -> None:
    """Print where the preview is, and what to look at."""
    for file in document["files"]:
        print_line(console, f"{file['path']}: {file['width']} × {file['height']}.")
    for flag in document["flags"]:
        print_line(console, f"Look at: {flag['message']}", style="yellow")
    print_line(console, f"{count(document['left'], 'free preview')} left for this order.")
