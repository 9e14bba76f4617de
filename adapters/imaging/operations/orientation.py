"""Turn the picture upright as the camera recorded it."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Turn

KEY = "orientation"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Use the recorded orientation, or ignore it; every draft starts upright."""
    draft.turn = draft.source.header.turn if params["mode"] == "auto" else Turn()
