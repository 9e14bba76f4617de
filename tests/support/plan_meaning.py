"""What a plan does, written so that two plans with the same effect compare equal."""

import unicodedata
from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.operations.geometry import MM_PER_UNIT, to_pixels
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.scope import Scope

# Soft is soft: languages differ in how many words they have for it.
OPEN = {"shadow": ("blur", "opacity", "offset_y", "offset_x")}


def selected(scope: Scope) -> dict[str, Any]:
    """The parts of a scope that select anything."""
    return {name: value for name, value in attrs.asdict(scope).items() if value}


def canonical(step: Step) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A step with all its parameters, a canvas in pixels."""
    params = find_operation(step.op).clean(step.params)
    if step.op == "canvas" and {"width", "height"} <= params.keys():
        params |= dict(zip(("width", "height"), canvas_pixels(params), strict=True))
        params = {k: v for k, v in params.items() if k not in ("unit", "bleed_mm", "dpi")}
    kept = {k: v for k, v in params.items() if v is not None and k not in OPEN.get(step.op, ())}
    return step.op, dict(sorted(kept.items())), selected(step.scope)


def canvas_pixels(params: dict[str, Any]) -> tuple[int, int]:
    """Width and height of a canvas with its bleed, in pixels."""
    unit, dpi, bleed = params.get("unit") or "px", params.get("dpi") or 300, params.get("bleed_mm") or 0
    if unit == "px":
        extra = 2 * to_pixels(bleed, unit="mm", dpi=dpi)
        return params["width"] + extra, params["height"] + extra
    lengths = [params[side] * MM_PER_UNIT[unit] + 2 * bleed for side in ("width", "height")]
    return to_pixels(lengths[0], unit="mm", dpi=dpi), to_pixels(lengths[1], unit="mm", dpi=dpi)


def meaning(plan: EditPlan) -> dict[str, Any]:
    """What a plan does, whatever words it uses to say so."""
    outputs = [(sorted(map(canonical, o.steps), key=repr), o.folder) for o in plan.outputs]
    return {
        "steps": sorted(map(canonical, plan.steps), key=repr),
        "outputs": sorted(outputs, key=repr),
        "constraints": sorted({(op, repr(selected(c.scope))) for c in plan.constraints for op in c.ops}),
        "questions": sorted(q.key for q in plan.open_questions),
        "left_undone": sorted({u.op or _plain(u.words) for u in plan.unsupported}),
    }


def _plain(words: str) -> str:
    """Words without the differences that nobody sees: spaces, forms of the same letter, invisible signs."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", words) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split())
