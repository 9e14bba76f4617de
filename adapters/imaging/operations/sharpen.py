"""Sharpen after the last resize."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "sharpen"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set the strength of the 3 by 3 kernel, which runs on the scaled picture before it lies on its canvas."""
    draft.sharpen = params["amount"] / 100
