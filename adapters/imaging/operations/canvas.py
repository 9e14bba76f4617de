"""Put the picture on a canvas of an exact size or aspect."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "canvas"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Ask for a canvas, on which the picture is centred: scaled down to fit, never enlarged."""
    draft.canvas = params
    draft.dpi = params["dpi"] or draft.dpi
