"""Keep, strip or write metadata."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "metadata"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set what the encoder writes beside the pixels."""
    draft.metadata = params
