"""Mirror the picture."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "flip"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Mirror left to right (horizontal) or top to bottom (vertical)."""
    draft.turn = draft.turn.then_flipped(params["axis"])
