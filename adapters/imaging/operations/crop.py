"""Cut to an aspect around an anchor, or to a box."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Box
from adapters.imaging.subject import find_subject
from core.domain.editing.operations.geometry import parse_aspect

KEY = "crop"
_ANCHORS = {"center": (0.5, 0.5), "top": (0.5, 0.0), "bottom": (0.5, 1.0), "left": (0.0, 0.5), "right": (1.0, 0.5)}


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Frame a part of the picture."""
    frame = draft.framed
    if params["aspect"] is None:
        draft.frame = _box(frame, params).within(frame)
        return
    aspect = float(parse_aspect(params["aspect"]) or 1)
    width = min(frame.width, frame.height * aspect)
    height = min(frame.height, frame.width / aspect)
    across, down = _centre(draft, params["anchor"], frame)
    draft.frame = Box(
        left=frame.left + min(max(across - width / 2, 0.0), frame.width - width),
        top=frame.top + min(max(down - height / 2, 0.0), frame.height - height),
        width=width,
        height=height,
    )


def _box(frame: Box, params: Mapping[str, Any]) -> Box:
    across, down = (frame.width / 100, frame.height / 100) if params["unit"] == "%" else (1.0, 1.0)
    return Box(
        left=frame.left + params["left"] * across,
        top=frame.top + params["top"] * down,
        width=params["width"] * across,
        height=params["height"] * down,
    )


def _centre(draft: Draft, anchor: str, frame: Box) -> tuple[float, float]:
    if anchor == "subject":
        subject = find_subject(draft)
        if subject is not None:
            return subject.left + subject.width / 2 - frame.left, subject.top + subject.height / 2 - frame.top
    share = _ANCHORS.get(anchor, (0.5, 0.5))
    return share[0] * frame.width, share[1] * frame.height
