"""Write a line of text on the picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from adapters.imaging.arrays import parse_colour
from adapters.imaging.draft import Draft, Stamp
from adapters.imaging.lettering import draw_line, missing_letters
from adapters.imaging.stamps import placed

KEY = "overlay.text"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Draw the line in the bundled typeface, shrunk when it would not fit."""
    missing = missing_letters(params["text"])
    if missing:
        draft.flag("letters_missing", f"The typeface has no {missing!r}; these letters are drawn as boxes.")

    def overlay(size: tuple[int, int]) -> Stamp:
        height = max(4, round(params["size"] / 100 * min(size)))
        alpha = draw_line(params["text"], height, widest=round(size[0] * 0.98))
        colours = np.empty((*alpha.shape, 3), np.uint8)
        colours[:] = parse_colour(params["colour"])
        return placed(colours, alpha, size, params)

    draft.overlays.append(overlay)
