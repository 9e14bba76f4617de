"""Scaling and aligning the subject on its canvas."""

import attrs

from adapters.imaging.draft import Draft
from adapters.imaging.geometry import Box, Layout
from adapters.imaging.subject import find_subject

_SHARES = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}
_SIDES = ("margin_left", "margin_top", "margin_right", "margin_bottom")


def place_subject(draft: Draft, canvas: tuple[int, int], bleed: int) -> Layout:
    """Lay the subject out by fill or margins; both count on the trimmed format, inside the bleed.

    Without a subject the whole frame is placed, with a note.
    """
    params = draft.place or {}
    subject = find_subject(draft)
    if subject is None:
        draft.note("no_subject_found", "No subject was told from the background, so the whole picture was placed.")
        subject = draft.framed
    inner = _inner(draft, canvas, bleed)
    wanted = _wanted_scale(draft, subject, inner)
    scale = wanted if params["enlarge"] else min(1.0, wanted)
    if scale < wanted - 1e-6:
        _flag_small(draft, subject, (scale, wanted), inner)
    left = inner.left + _SHARES[params["align_x"]] * (inner.width - subject.width * scale)
    top = inner.top + _SHARES[params["align_y"]] * (inner.height - subject.height * scale)
    frame = draft.framed
    return Layout(
        canvas=canvas,
        left=round(left - (subject.left - frame.left) * scale),
        top=round(top - (subject.top - frame.top) * scale),
        width=max(1, round(frame.width * scale)),
        height=max(1, round(frame.height * scale)),
    )


def _inner(draft: Draft, canvas: tuple[int, int], bleed: int) -> Box:
    params = draft.place or {}
    sheet = Box(left=bleed, top=bleed, width=canvas[0] - 2 * bleed, height=canvas[1] - 2 * bleed)
    margins = [params[name] or 0.0 for name in _SIDES]
    if params["unit"] == "%":
        sides = (sheet.width, sheet.height, sheet.width, sheet.height)
        margins = [margin / 100 * side for margin, side in zip(margins, sides, strict=True)]
    return attrs.evolve(
        sheet,
        left=sheet.left + margins[0],
        top=sheet.top + margins[1],
        width=max(1.0, sheet.width - margins[0] - margins[2]),
        height=max(1.0, sheet.height - margins[1] - margins[3]),
    )


def _wanted_scale(draft: Draft, subject: Box, inner: Box) -> float:
    params = draft.place or {}
    across, down = inner.width / subject.width, inner.height / subject.height
    if params["fill"] is None:
        has_margins = any(params[name] is not None for name in _SIDES)
        frame = draft.framed
        return min(across, down) if has_margins else min(1.0, inner.width / frame.width, inner.height / frame.height)
    share = float(params["fill"]) / 100
    along = {"longest": min(across, down), "width": across, "height": down}[params["fill_axis"]]
    scale = min(share * along, across, down)
    if scale < share * along - 1e-6:
        draft.flag(
            "fill_not_reached",
            f"The subject fills {100 * scale / along:.1f} % instead of {params['fill']:g} %, or it would not fit.",
            measured=round(100 * scale / along, 1),
            limit=params["fill"],
        )
    return scale


def _flag_small(draft: Draft, subject: Box, scales: tuple[float, float], inner: Box) -> None:
    scale, wanted = scales
    have = 100 * max(subject.width * scale / inner.width, subject.height * scale / inner.height)
    asked = 100 * max(subject.width * wanted / inner.width, subject.height * wanted / inner.height)
    draft.flag(
        "fill_not_reached",
        f"The subject fills {have:.0f} % instead of {asked:.0f} %: the original is too small by {wanted:.1f} times.",
        measured=round(have, 1),
        limit=round(asked, 1),
    )
