"""Convert to sRGB or to a named profile."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "colour.convert"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set the profile of the file."""
    draft.profile = params["profile"]
