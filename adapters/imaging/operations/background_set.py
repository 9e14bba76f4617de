"""Put a plain colour behind the product, or leave it transparent."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.arrays import parse_colour
from adapters.imaging.draft import Background, Draft

KEY = "background.set"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set what shows where the subject does not."""
    is_plain = params["mode"] == "colour"
    draft.background = Background(colour=parse_colour(params["colour"]) if is_plain else None)
