"""Turn by quarters."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "rotate"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Turn clockwise by 90, 180 or 270 degrees."""
    draft.turn = draft.turn.then_rotated(int(params["angle"]) // 90)
