"""Encode the picture as a file."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "export"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set format, quality, profile, resolution and size limit of the file."""
    draft.export = params
    draft.profile = params["icc"] or draft.profile
    draft.dpi = params["dpi"] or draft.dpi
