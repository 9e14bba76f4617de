"""The one table between i2i's operations and the vocabulary in which expected readings are written."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import attrs

from core.domain.editing.conditions import Condition, read_condition
from core.domain.editing.operations.geometry import MM_PER_UNIT, to_pixels
from core.domain.editing.plan import EditPlan, Step, Unsupported
from core.domain.editing.scope import Scope, split_number
from core.domain.editing.tags import ATTRIBUTES
from core.errors import InvalidInputError

Params = Mapping[str, Any]
ScopeKey = tuple[Any, ...]
ALL_KEY: ScopeKey = ("all",)
ICC = {"srgb": "sRGB", "adobe-rgb": "AdobeRGB"}
SOFT_BLUR = 2.0
UNLISTED = frozenset(("sharpen", "saturation", "denoise", "generate.scene", "reshape", "perspective", "blur", "video"))
CENTRED = {"align_x": "center", "align_y": "center"}


@attrs.frozen(kw_only=True)
class Reading:
    """One operation as the vocabulary names it.

    Args:
        params: in the vocabulary's names and units.
        is_done: whether it will be carried out; a wish that is listed as not possible was still understood.
        output: name of its deliverable; empty when shared.
    """

    op: str
    params: dict[str, Any]
    scope: ScopeKey = ALL_KEY
    is_done: bool = True
    output: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether the vocabulary has a word for it; what has none cannot be expected, so it is not too much."""
        return self.op not in UNLISTED


def _background(params: Params) -> dict[str, Any]:
    if params.get("mode") == "transparent":
        return {"mode": "transparent"}
    return {"color": params.get("colour", "#FFFFFF")}


def _shadow(params: Params) -> dict[str, Any]:
    soft = "soft" if params.get("blur", 1.5) >= SOFT_BLUR else "hard"
    below = "below" if params.get("offset_y", 2.5) >= 0 else "above"
    return {
        "type": params.get("type", "drop"),
        "opacity": params.get("opacity", 30.0) / 100,
        "softness": soft,
        "position": below,
    }


def _canvas(params: Params) -> dict[str, Any]:
    unit, dpi, bleed = params.get("unit", "px"), params.get("dpi", 300.0), params.get("bleed_mm", 0.0)
    named = {"aspect": params.get("aspect"), "min_long_edge_px": params.get("min_long_edge"), "dpi": params.get("dpi")}
    sides = [params[s] for s in ("width", "height") if s in params]
    if len(sides) == 2:
        if unit == "px":
            pixels = [s + 2 * to_pixels(bleed, unit="mm", dpi=dpi) for s in sides]
        else:
            lengths = [s * MM_PER_UNIT[unit] + 2 * bleed for s in sides]
            pixels = [to_pixels(n, unit="mm", dpi=dpi) for n in lengths]
            named["from_mm"] = lengths
        named |= {"width": pixels[0], "height": pixels[1], "unit": "px", "min_long_edge_px": max(pixels)}
        named["aspect"] = "1:1" if pixels[0] == pixels[1] else None
    return {"unit": "px"} | {k: v for k, v in named.items() if v is not None}


def _place(params: Params) -> dict[str, Any]:
    margin = {
        side: params[f"margin_{side}"] for side in ("top", "right", "bottom", "left") if f"margin_{side}" in params
    }
    named: dict[str, Any] = {
        "align": {"x": (CENTRED | dict(params))["align_x"], "y": (CENTRED | dict(params))["align_y"]}
    }
    if margin:
        named["margin"] = margin | {"unit": params.get("unit", "px")}
    if "fill" in params:
        named |= {"fill": params["fill"] / 100, "fill_axis": params.get("fill_axis", "longest")}
    return named


def _resize(params: Params) -> dict[str, Any]:
    return (
        {"mode": "fit"}
        | {k: v for k, v in params.items() if k != "enlarge"}
        | {"upscale": params.get("enlarge", False)}
    )


def _export(params: Params) -> dict[str, Any]:
    named = dict(params)
    if "icc" in named:
        named["icc"] = ICC.get(named["icc"], named["icc"])
    if "bit_depth" in named:
        named["bit_depth"] = int(named["bit_depth"])
    if "colour_space" in named:
        named["colour_space"] = named["colour_space"].upper()
    return named


def _overlay(params: Params) -> dict[str, Any]:
    return dict(params) | {
        "opacity": params.get("opacity", 100.0) / 100,
        "position": params.get("position", "bottom-right"),
    }


def _check(params: Params) -> dict[str, Any]:
    named = {"on_fail": "flag"} | dict(params)
    if named["on_fail"] == "return":
        named["on_fail"] = "return_to_client"
    if "rule" in named:
        named["rule"] = f"source_{named['rule']}"
    return named


def _turned(params: Params) -> dict[str, Any]:
    return {"mode": "angle", "angle": float(params.get("angle", 0))}


def _same(params: Params) -> dict[str, Any]:
    return dict(params)


def _with(**defaults: Any) -> Callable[[Params], dict[str, Any]]:
    return lambda params: defaults | dict(params)


TABLE: dict[str, tuple[str, Callable[[Params], dict[str, Any]]]] = {
    "background.remove": ("background.remove", _same),
    "background.set": ("background.set", _background),
    "shadow": ("shadow", _shadow),
    "crop": ("crop", _with(anchor="subject")),
    "trim": ("trim", _with(unit="px")),
    "canvas": ("canvas", _canvas),
    "subject.place": ("subject.place", _place),
    "resize": ("resize", _resize),
    "straighten": ("straighten", _with(mode="auto")),
    "rotate": ("straighten", _turned),
    "flip": ("flip", _with(axis="horizontal")),
    "exposure": ("exposure", _same),
    "white_balance": ("white_balance", _same),
    "levels": ("levels", _same),
    "contrast": ("levels", _same),
    "saturation": ("saturation", _same),
    "denoise": ("denoise", _same),
    "sharpen": ("sharpen", _same),
    "overlay.text": ("overlay.text", _overlay),
    "overlay.logo": ("overlay.logo", _overlay),
    "naming": ("naming", _same),
    "metadata": ("metadata", _with(mode="strip")),
    "colour.convert": ("export", _export),
    "export": ("export", _export),
    "check": ("check", _check),
}
# What a plan says outside its steps: assumptions by how they begin, questions by their key.
ASSUMED = {"Delivery: ": ("deliver", {"target": "zip"}), "Repeats the plan": ("reuse_plan", {"ref": "previous_order"})}
# Wishes that the vocabulary writes as parameters of an export.
ON_EXPORT = frozenset(("clipping_path", "layers"))
ASKED = {"previous_order": ("reuse_plan", {"ref": "previous_order"})}


def readings(plan: EditPlan) -> list[Reading]:
    """Write a plan in the vocabulary: steps, outputs, and the wishes that it lists as not possible."""
    found = [_reading(step, "") for step in plan.steps]
    for output in plan.outputs:
        found.append(Reading(op="output", params={"name": output.name, "folder": output.folder}))
        found.extend(_reading(step, output.name) for step in output.steps)
    found = _cut_out_once(found)
    wishes = [w for w in plan.unsupported if not w.refused and w.op is not None]
    found.extend(_wish(w) for w in wishes if w.op not in ON_EXPORT)
    for wish in wishes:
        if wish.op in ON_EXPORT:
            _note_on_export(found, wish)
    for assumption in plan.assumptions:
        for start, (op, params) in ASSUMED.items():
            if assumption.about.startswith(start):
                found.append(Reading(op=op, params=params))
    found.extend(
        Reading(op=op, params=params) for q in plan.questions for key, (op, params) in ASKED.items() if q.key == key
    )
    return found


def _cut_out_once(found: list[Reading]) -> list[Reading]:
    """Count the same cut-out in several deliverables once: the vocabulary writes it outside them, as it is billed."""
    kept: list[Reading] = []
    for reading in found:
        is_known = any((r.op, r.scope) == (reading.op, reading.scope) for r in kept)
        if reading.op != "background.remove" or not is_known:
            kept.append(reading)
    return kept


def _wish(wish: Unsupported) -> Reading:
    return Reading(
        op=wish.op or "",
        params=dict(wish.params),
        scope=scope_key(wish.scope),
        is_done=False,
        output=wish.output or "",
    )


def _note_on_export(found: list[Reading], wish: Unsupported) -> None:
    """Write a clipping path or layers, which i2i lists apart, onto the export of the same deliverable."""
    for reading in found:
        if reading.op == "export" and reading.output == (wish.output or reading.output):
            reading.params.setdefault(wish.op or "", wish.params.get("name", True))


def _reading(step: Step, output: str) -> Reading:
    op, convert = TABLE[step.op]
    return Reading(op=op, params=convert(step.params), scope=scope_key(step.scope), output=output)


def scope_key(scope: Scope) -> ScopeKey:
    """Write a scope so that two selections of the same pictures compare equal."""
    if scope.is_all:
        return ALL_KEY
    if scope.rest:
        return ("rest",)
    traits = {t for t in scope.tags if t in ATTRIBUTES}
    parts: tuple[tuple[str, Iterable[Any]], ...] = (
        ("files", {_stem(f) for f in scope.files} | {n for pair in scope.ranges for n in expand(*pair)}),
        ("match", {_stem(g) for g in scope.globs}),
        ("not_match", {_stem(g) for g in scope.not_globs}),
        ("tag", set(scope.tags) - traits),
        ("facing", {t.removeprefix("facing_") for t in traits}),
        ("not_tag", scope.not_tags),
        ("role", scope.roles),
        ("group_index", {n for first, last in scope.group_indexes for n in range(first, last + 1)}),
        ("when", {_condition_key(c) for c in scope.conditions}),
        ("index", _positions(scope.indexes)),
    )
    return tuple((name, frozenset(values)) for name, values in parts if values)


def expected_scope(scope: Any) -> ScopeKey:
    """Write the scope of an expected reading the same way; a part that nobody knows only equals itself."""
    if scope in (None, "all", {}):
        return ALL_KEY
    if not isinstance(scope, dict):
        return (str(scope),)
    if "rest" in scope or "other" in scope:
        return ("rest",)
    readers: Mapping[str, Callable[[Any], Iterable[Any]]] = {
        "files": lambda v: {_stem(str(n)) for n in v},
        "match": lambda v: {_stem(str(n)) for n in v},
        "not_match": lambda v: {_stem(str(n)) for n in v},
        "tag": set,
        "facing": set,
        "not_tag": set,
        "role": set,
        "group_index": set,
        "when": lambda v: {_when(c) for c in v},
        "index": lambda v: _positions(_pairs(v)),
    }
    key = [
        (name, frozenset(read(scope[name] if isinstance(scope[name], list) else [scope[name]])))
        for name, read in readers.items()
        if name in scope
    ]
    return (*key, *sorted((k, str(v)) for k, v in scope.items() if k not in readers))


SHAPES = {"landscape": ">", "portrait": "<", "square": "=="}


def _condition_key(condition: Condition) -> tuple[str, str, str]:
    return (condition.property, condition.operator, condition.value)


def _when(text: Any) -> Any:
    """Read ``source_long_edge < 3000`` and ``landscape`` as conditions; anything else stays as it is written."""
    words = str(text).strip().lower().removeprefix("source_").removeprefix("image_")
    if words in SHAPES:
        return ("orientation", "==", words)
    for shape, sign in SHAPES.items():
        if words.replace(" ", "") in (f"width{sign}height", f"aspect{sign}1"):
            return ("orientation", "==", shape)
    try:
        return _condition_key(read_condition(words))
    except InvalidInputError:
        return words


def _positions(pairs: Iterable[tuple[int, int]]) -> set[int]:
    return {n for first, last in pairs for n in range(min(first, last), min(max(first, last), 10_000) + 1) if n}


def _pairs(index: Iterable[Any]) -> list[tuple[int, int]]:
    """Read positions: one, the first and the last, a list of three and more, or pairs; what is none is left out."""
    index = list(index)
    if len(index) == 2 and all(isinstance(n, int) for n in index):
        return [(index[0], index[1])]
    found: list[tuple[int, int]] = []
    for entry in index:
        if isinstance(entry, int):
            found.append((entry, entry))
        elif isinstance(entry, list) and len(entry) == 2 and all(isinstance(n, int) for n in entry):
            found.append((entry[0], entry[1]))
        elif isinstance(entry, str) and (ends := re.fullmatch(r"(-?\d+)\s*(?:-|\.\.|to)\s*(-?\d+)", entry)):
            found.append((int(ends[1]), int(ends[2])))
    return found


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()


def expand(first: str, last: str) -> list[str]:
    """Write out a range of names, both ends included."""
    low, high = split_number(first), split_number(last)
    if low is None or high is None or not 0 <= high[1] - low[1] <= 1000:
        return [_stem(first), _stem(last)]
    digits = len(_stem(first)) - len(low[0])
    return [f"{low[0]}{n:0{digits}d}" for n in range(low[1], high[1] + 1)]
