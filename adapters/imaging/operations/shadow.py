"""Draw a shadow below the product."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "shadow"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Set the shadow, which needs the outline of the subject."""
    if params["type"] == "none":
        return
    if draft.look_alpha() is None:
        draft.note("shadow_needs_cutout", "No shadow was drawn because the product was not cut out.")
        return
    draft.shadow = params
