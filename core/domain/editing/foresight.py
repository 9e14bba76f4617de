"""What can be told from the sizes of the originals before any work is done."""

from collections.abc import Sequence
from typing import Any

import attrs

from core.domain.editing.operations.geometry import MARGINS, to_pixels
from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, PlanWarning, Question
from core.domain.editing.resolve import OutputPlan, resolve
from core.domain.editing.scope import ImageFacts

SMALL_ORIGINALS = "small_originals"
ENLARGING = ("subject.place", "resize")


@attrs.frozen(kw_only=True)
class Original:
    """An uploaded picture: what scopes see of it, and its size in pixels as displayed."""

    facts: ImageFacts
    width: int
    height: int


def foresee(plan: EditPlan, originals: Sequence[Original]) -> EditPlan:
    """Add a warning and a question with a visible default when originals are too small for what is asked.

    The plan stays as it is: pictures keep their own size and are flagged, unless the customer answers otherwise.
    """
    if plan.open_questions or any(q.key == SMALL_ORIGINALS for q in plan.questions):
        return plan
    small = [o for o in originals if any(_is_short(output, o) for output in resolve(plan, o.facts).outputs)]
    if not small:
        return plan
    who = f"{len(small)} of {len(originals)} originals are" if len(originals) > 1 else "The original is"
    warning = PlanWarning(about=f"{who} smaller than the size that is asked for, such as {small[0].facts.name}.")
    question = Question(
        key=SMALL_ORIGINALS,
        about="What should happen to originals that are too small?",
        options=(
            Option(key="keep", label="Keep their own size and flag them"),
            Option(key="enlarge", label="Enlarge them, which softens the picture", changes=_enlarge(plan)),
        ),
        blocking=False,
        default="keep",
    )
    return attrs.evolve(plan, warnings=(*plan.warnings, warning), questions=(*plan.questions, question))


def _enlarge(plan: EditPlan) -> tuple[Change, ...]:
    places = [(None, plan.steps), *((o.name, o.steps) for o in plan.outputs)]
    return tuple(
        Change(kind=ChangeKind.SET, op=op, params={"enlarge": True}, output=output)
        for output, steps in places
        for op in ENLARGING
        if any(s.op == op for s in steps)
    )


def _is_short(output: OutputPlan, original: Original) -> bool:
    resize, place = output.params("resize"), output.params("subject.place")
    longest = max(original.width, original.height)
    if resize is not None and not resize["enlarge"]:
        wanted = resize["long_edge"] or max(resize["width"] or 0, resize["height"] or 0)
        if longest < wanted:
            return True
    canvas = output.params("canvas")
    if place is None or place["enlarge"] or canvas is None:
        return False
    return longest < _subject_size(place, canvas)


def _subject_size(place: dict[str, Any], canvas: dict[str, Any]) -> float:
    """Return how long the subject's longer side must at least be, in pixels; 0 when that cannot be told."""
    sides = [_side(canvas, name) for name in ("width", "height")]
    if 0 in sides:
        return 0
    if place["fill"] is not None:
        axis = {"width": sides[0], "height": sides[1]}.get(place["fill_axis"], min(sides))
        return float(axis * place["fill"] / 100)
    margins = [place[name] or 0 for name in MARGINS]
    if not any(margins):
        return 0
    top, right, bottom, left = margins
    scale = [side / 100 if place["unit"] == "%" else 1 for side in sides]
    return min(sides[0] - (left + right) * scale[0], sides[1] - (top + bottom) * scale[1])


def _side(canvas: dict[str, Any], name: str) -> int:
    length = canvas[name]
    return to_pixels(length, unit=canvas["unit"], dpi=canvas["dpi"] or 300) if length else 0
