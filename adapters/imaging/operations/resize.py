"""Scale to a long edge, a width, a height or an exact size."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "resize"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Ask for a size; beside a canvas it is the size of the picture on the canvas."""
    draft.resize = params
