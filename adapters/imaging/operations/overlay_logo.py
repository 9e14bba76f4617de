"""Put a logo on the picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from adapters.imaging.arrays import resized
from adapters.imaging.draft import Draft, Stamp
from adapters.imaging.geometry import Box
from adapters.imaging.limits import Limits
from adapters.imaging.source import Reading, Source
from adapters.imaging.stamps import placed
from core.errors import InvalidInputError

KEY = "overlay.logo"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Scale the logo to a share of the picture's width and lay it on."""
    path = draft.files.get(params["asset"])
    if path is None:
        raise InvalidInputError(
            "The logo of the plan is not among the files.", code="logo_missing", details={"asset": params["asset"]}
        )
    logo = draft.source.memo(("logo", params["asset"]), lambda: Source.open(path, Limits()))

    def overlay(size: tuple[int, int]) -> Stamp:
        width, height = logo.size
        scale = min(params["width"] / 100 * size[0] / width, size[1] / height)
        wanted = max(1, round(width * scale)), max(1, round(height * scale))
        smaller = min(width, wanted[0]), min(height, wanted[1])
        whole = Box(left=0, top=0, width=width, height=height)
        patch = logo.pixels(whole, smaller, Reading(shrink=logo.shrink_for(scale)))
        alpha = patch.alpha if patch.alpha is not None else np.full(patch.colours.shape[:2], 255, np.uint8)
        return placed(resized(patch.colours, wanted), resized(alpha, wanted), size, params)

    draft.overlays.append(overlay)
