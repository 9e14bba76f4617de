"""Cut away the empty border around the subject."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Box
from adapters.imaging.subject import find_subject

KEY = "trim"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Frame the subject with its margin; the picture stays whole when no plain border is found."""
    subject = find_subject(draft)
    if subject is None:
        draft.note("nothing_to_trim", "No plain border was found around the subject.")
        return
    margin = params["margin"] if params["unit"] == "px" else params["margin"] / 100 * subject.longest
    grown = Box(
        left=subject.left - margin,
        top=subject.top - margin,
        width=subject.width + 2 * margin,
        height=subject.height + 2 * margin,
    )
    draft.frame = grown.within(draft.framed)
