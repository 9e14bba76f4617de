"""Contradictions and impossible inputs: they become blocking questions, before anything is spent."""

from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.operations.geometry import parse_aspect
from core.domain.editing.plan import Cause, Change, ChangeKind, Constraint, Option, Question
from core.ports.planner import PlanRequest
from plugins.llm.local.draft import SHARED, Draft, StepDraft, hull

READABLE = frozenset(("jpeg", "png", "webp", "tiff", "avif", "heic", ""))
UNREADABLE_NAMES = {"psd": "psd", "psb": "psd", "gif": "gif", "cr2": "raw", "nef": "raw", "arw": "raw", "dng": "raw"}
# A constraint on more operations than any one thing has is about everything.
GENERAL = 5
# Below this many bits per pixel JPEG shows artefacts in every photo; below the second, no photo fits at all.
CLEAN_BITS, LEAST_BITS = 0.6, 0.12


def find(draft: Draft, request: PlanRequest) -> None:
    """Look for everything that cannot all hold."""
    _two_values(draft)
    _impossible_encodings(draft)
    _mismatched_shapes(draft)
    _too_long(draft)
    _turned(draft)
    _transparent_jpeg(draft)
    _too_few_bytes(draft)
    _unreadable(draft, request)
    _missing_references(draft, request)
    _small_originals(draft)
    _forbidden(draft)


def _set(op: str, output: str | None, **params: Any) -> Change:
    return Change(kind=ChangeKind.SET, op=op, params=params, output=output)


def _name(draft: Draft, output: int) -> str | None:
    return None if output == SHARED else draft.outputs[output].name


def _two_values(draft: Draft) -> None:
    for clash in draft.clashes:
        step = clash.step
        if not any(step is s for s in draft.steps):
            continue
        if step.op == "shadow" or (step.op == "background.set" and draft.outputs):
            # Two of them are rather for two kinds of product or two deliverables than a contradiction.
            values = f"{clash.values[0]} and {clash.values[1]}"
            draft.assume(f"Of two values for {step.op} {clash.name} ({values}) the later one is taken.", clash.cause)
            continue
        if step.op == "background.set" and clash.name == "colour" and step.params.get("mode") == "transparent":
            step.params.pop("colour", None)
        output = _name(draft, step.output)
        options = tuple(
            Option(key=f"value_{number}", label=str(value), changes=(_value_change(step, clash.name, value, output),))
            for number, value in enumerate(clash.values, 1)
        )
        about = f"The instruction gives two values for {step.op} {clash.name}: {clash.values[0]} and {clash.values[1]}."
        key = f"two_values_{step.op.replace('.', '_')}"
        draft.ask(Question(key=key, about=f"{about} Which holds?", options=options, cause=clash.cause))


def _value_change(step: StepDraft, name: str, value: Any, output: str | None) -> Change:
    params = {name: value}
    if step.op == "background.set":
        is_clear = value == "transparent"
        params = {"mode": "transparent", "colour": None} if is_clear else {"mode": "colour"} | params
        if value == "colour":
            params = {"mode": "colour", "colour": step.params.get("colour", "#FFFFFF")}
    return Change(kind=ChangeKind.SET, op=step.op, params=params, output=output)


def _impossible_encodings(draft: Draft) -> None:
    """Ask about JPEG with 16 bits, CMYK in PNG and the like."""
    for export in draft.having("export"):
        chosen, to = export.params.get("format", "keep"), _name(draft, export.output)
        if export.params.get("bit_depth") == "16" and chosen in ("jpeg", "webp", "avif"):
            del export.params["bit_depth"]
            tiff = Option(key="tiff", label="16-bit TIFF", changes=(_set("export", to, format="tiff", bit_depth="16"),))
            keep = Option(key="keep", label=f"8-bit {chosen.upper()}")
            about = f"{chosen.upper()} holds 8 bits per channel, not 16. Which should give way?"
            draft.ask(Question(key="bits_or_format", about=about, options=(tiff, keep), cause=export.cause))
        if export.params.get("colour_space") == "cmyk" and chosen in ("png", "webp", "avif"):
            del export.params["colour_space"]
            profile = {"icc": export.params.pop("icc", "ISOcoated_v2"), "colour_space": "cmyk"}
            tiff = Option(key="tiff", label="CMYK TIFF", changes=(_set("export", to, format="tiff", **profile),))
            keep = Option(key="keep", label=f"RGB {chosen.upper()}")
            about = f"{chosen.upper()} cannot hold CMYK. Which should give way?"
            draft.ask(Question(key="cmyk_or_format", about=about, options=(tiff, keep), cause=export.cause))
        if export.params.get("lossless") and chosen == "jpeg":
            del export.params["lossless"]
            png = Option(key="png", label="Lossless PNG", changes=(_set("export", to, format="png"),))
            best = Option(key="best", label="JPEG of quality 100", changes=(_set("export", to, quality=100),))
            about = "JPEG always loses a little. Which should give way?"
            draft.ask(Question(key="lossless_or_jpeg", about=about, options=(png, best), cause=export.cause))


def _mismatched_shapes(draft: Draft) -> None:
    """Ask when an exact size has not the aspect that is asked for as well."""
    for frame in draft.frames:
        if not (frame.stated_aspect and frame.stated_size):
            continue
        ratio, (width, height) = parse_aspect(frame.stated_aspect), frame.stated_size
        if ratio is None or abs(float(ratio) * height - width) <= max(2.0, 0.02 * width):
            continue
        step = next((s for s in draft.steps if s.op in ("canvas", "resize") and s.output == frame.output), None)
        if step is None:
            continue
        fitted = {"width": float(round(float(ratio) * height)), "height": height}
        if step.op == "resize":
            fitted = {side: int(value) for side, value in fitted.items()}
        options = (
            Option(key="size", label=f"{width:g} x {height:g}"),
            Option(
                key="aspect", label=frame.stated_aspect, changes=(_set(step.op, _name(draft, frame.output), **fitted),)
            ),
        )
        about = f"{width:g} x {height:g} is not {frame.stated_aspect}. Which holds?"
        draft.ask(Question(key="size_or_aspect", about=about, options=options, cause=frame.cause))


def _turned(draft: Draft) -> None:
    """Ask when the sides that are named do not make the shape that is asked for."""
    for frame in (f for f in draft.frames if f.is_turned and f.width and f.height):
        op = next((s.op for s in draft.steps if s.op in ("canvas", "resize") and s.output == frame.output), None)
        if op is None:
            continue
        turned = {"width": int(frame.height or 0), "height": int(frame.width or 0)}
        options = (
            Option(key="size", label=f"{frame.width:g} x {frame.height:g}"),
            Option(
                key="shape", label=str(frame.orientation), changes=(_set(op, _name(draft, frame.output), **turned),)
            ),
        )
        about = f"{frame.width:g} wide and {frame.height:g} high is not {frame.orientation}. Which holds?"
        draft.ask(Question(key="size_or_shape", about=about, options=options, cause=frame.cause))


def _too_long(draft: Draft) -> None:
    """Ask when an exact size is beyond the longest edge that the instruction allows."""
    for frame in draft.frames:
        longest = max(frame.width or 0, frame.height or 0)
        if not (frame.width and frame.height and frame.most) or longest <= frame.most * 1.02 or frame.unit != "px":
            continue
        op = next((s.op for s in draft.steps if s.op in ("canvas", "resize") and s.output == frame.output), None)
        if op is None:
            continue
        share = frame.most / longest
        smaller = {"width": int(frame.width * share), "height": int(frame.height * share)}
        options = (
            Option(key="size", label=f"{frame.width:g} x {frame.height:g}"),
            Option(
                key="limit",
                label=f"{frame.most} px at most",
                changes=(_set(op, _name(draft, frame.output), **smaller),),
            ),
        )
        about = f"{frame.width:g} x {frame.height:g} is beyond the {frame.most} px that are allowed. Which holds?"
        draft.ask(Question(key="size_or_limit", about=about, options=options, cause=frame.cause))


def _transparent_jpeg(draft: Draft) -> None:
    for ground in draft.having("background.set"):
        if ground.params.get("mode") != "transparent":
            continue
        for output in (ground.output,) if ground.output != SHARED or not draft.outputs else range(len(draft.outputs)):
            export = draft.effective("export", scope=ground.scope, output=output)
            if export is not None and export.params.get("format") == "jpeg":
                _ask_transparent(draft, ground=ground, export=export)


def _ask_transparent(draft: Draft, *, ground: StepDraft, export: StepDraft) -> None:
    to, under = _name(draft, export.output), _name(draft, ground.output)
    white = _set("background.set", under, mode="colour", colour="#FFFFFF")
    draft.ask(
        Question(
            key="transparency_format",
            about="JPEG cannot store transparency. Which should give way?",
            options=(
                Option(
                    key="png", label="PNG with transparency", changes=(_set("export", to, format="png", quality=None),)
                ),
                Option(key="webp", label="WebP with transparency", changes=(_set("export", to, format="webp"),)),
                Option(key="white", label="JPEG on white", changes=(white,)),
            ),
            cause=hull(ground.cause, export.cause, draft.words),
        )
    )


def _pixels(draft: Draft, export: StepDraft) -> tuple[int, StepDraft] | None:
    for op in ("canvas", "resize"):
        step = draft.effective(op, scope=export.scope, output=export.output)
        if step is None or step.params.get("unit", "px") != "px":
            continue
        edge = step.params.get("long_edge")
        width, height = step.params.get("width"), step.params.get("height")
        stated = edge or width or height
        if width and height:
            return int(width * height), step
        if stated and op == "resize":
            # Of a photo of which one side is known, the other one is hardly shorter than two thirds of it.
            return int(stated * stated * 2 / 3), step
    return None


def _too_few_bytes(draft: Draft) -> None:
    for export in draft.having("export"):
        limit, found = export.params.get("max_bytes"), _pixels(draft, export)
        if not limit or found is None or export.params.get("format") in ("png", "tiff"):
            continue
        pixels, step = found
        bits = limit * 8 / pixels
        if bits < LEAST_BITS or (bits < CLEAN_BITS and draft.is_artless):
            _ask_bytes(draft, export=export, size=step, limit=limit)
        elif bits < CLEAN_BITS / 2:
            draft.warn(f"{limit / 1000:g} KB are little for this size; compression will be visible.", export.cause)


def _ask_bytes(draft: Draft, *, export: StepDraft, size: StepDraft, limit: int) -> None:
    to, of = _name(draft, export.output), _name(draft, size.output)
    edge = max(100, round((limit * 8 / CLEAN_BITS) ** 0.5 / 10) * 10)
    smaller: dict[str, Any] = {"long_edge": edge, "width": None, "height": None, "mode": "fit"}
    if size.op == "canvas":
        share = edge / max(size.params["width"], size.params["height"])
        smaller = {side: float(max(1, round(size.params[side] * share))) for side in ("width", "height")}
    draft.ask(
        Question(
            key="size_or_bytes",
            about=f"The size, the limit of {limit / 1000:g} KB and freedom from artefacts cannot all hold.",
            options=(
                Option(
                    key="keep_size",
                    label="Keep the size, drop the limit",
                    changes=(_set("export", to, max_bytes=None),),
                ),
                Option(
                    key="keep_limit",
                    label=f"Keep the limit, reduce to {edge} px",
                    changes=(_set(size.op, of, **smaller),),
                ),
                Option(key="accept", label="Keep both, accept visible compression"),
            ),
            cause=hull(hull(export.cause, size.cause, draft.words), draft.is_artless, draft.words),
        )
    )


def _small_originals(draft: Draft) -> None:
    """Ask when the originals are said to be smaller than what is wanted and must not be enlarged either."""
    if not draft.source_edge or not any("upscale" in c.ops for c in draft.constraints):
        return
    for step in draft.having("resize"):
        wanted = max(step.params.get(side) or 0 for side in ("long_edge", "width", "height"))
        if wanted <= draft.source_edge:
            continue
        enlarged = _set("resize", _name(draft, step.output), enlarge=True)
        options = (
            Option(key="keep", label=f"Stay at {draft.source_edge:g} px"),
            Option(key="enlarge", label=f"Enlarge to {wanted:g} px", changes=(enlarged,)),
        )
        about = f"{wanted:g} px cannot be reached from {draft.source_edge:g} px without enlarging. Which holds?"
        draft.ask(Question(key="size_or_enlarging", about=about, options=options, cause=step.cause))


def _unreadable(draft: Draft, request: PlanRequest) -> None:
    found: dict[str, Cause | None] = dict(draft.sources)
    for name, kind in zip(request.names, request.formats or [""] * len(request.names), strict=False):
        extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
        if kind not in READABLE or (not kind and extension in UNREADABLE_NAMES):
            found.setdefault(kind or UNREADABLE_NAMES[extension], None)
    for kind, cause in found.items():
        about = f"{kind.upper()} is not an accepted upload type; accepted are JPEG, PNG, WebP and TIFF."
        draft.ask(
            Question(
                key=f"input_{kind}",
                about=f"{about} Can you send exports in one of these?",
                options=(Option(key="exports", label="I upload exports instead"),),
                cause=cause,
            )
        )


def _missing_references(draft: Draft, request: PlanRequest) -> None:
    known = {n.casefold() for n in request.names} | {n.rsplit(".", 1)[0].casefold() for n in request.names}
    for item in draft.references:
        if request.names and str(item.value).casefold() not in known:
            draft.warn(
                f"{item.value} is not among the uploaded pictures.",
                Cause(start=item.start, end=item.end, words=draft.words[item.start : item.end]),
            )
    if not known:
        return
    for step in draft.steps:
        missing = [f for f in step.scope.files if f.casefold() not in known]
        if missing:
            draft.warn(f"Not among the uploaded pictures: {', '.join(missing)}.", step.cause)


def _forbidden(draft: Draft) -> None:
    """Ask when one sentence wants for all pictures what another rules out; until then nothing of it is done."""
    kept = []
    for stated in draft.constraints:
        constraint = stated
        clashing = [
            s for s in draft.steps if _is_absolute(constraint) and s.op in constraint.ops and s.cause is not None
        ]
        implied = [s for s in draft.steps if _is_absolute(constraint) and s.op in constraint.ops and s.cause is None]
        if len(constraint.ops) > GENERAL:
            # "The rest stays as it is" rules out nothing that follows from what was asked.
            followed = {s.op for s in implied}
            constraint = attrs.evolve(constraint, ops=tuple(op for op in constraint.ops if op not in followed))
            implied = []
        for step in implied:
            draft.drop(step)
        for step in clashing:
            _ask_forbidden(draft, step, constraint.cause)
        if constraint.scope.is_all and clashing:
            ruled = {s.op for s in clashing}
            constraint = attrs.evolve(constraint, ops=tuple(op for op in constraint.ops if op not in ruled))
        if constraint.ops:
            kept.append(constraint)
    draft.constraints = kept


def _is_absolute(constraint: Constraint) -> bool:
    return constraint.scope.is_all and not constraint.region


def _ask_forbidden(draft: Draft, step: StepDraft, cause: Cause | None) -> None:
    ruled, output = step.op, _name(draft, step.output)
    title = find_operation(ruled).title
    draft.drop(step)
    do = Change(kind=ChangeKind.SET, op=ruled, params=dict(step.params), output=output)
    draft.ask(
        Question(
            key=f"ruled_out_{ruled.replace('.', '_')}",
            about=f"The instruction asks for “{title}” and also rules it out. Which holds?",
            options=(
                Option(key="do", label=f"Do it ({title})", changes=(do,)),
                Option(key="leave", label="Leave it out"),
            ),
            cause=hull(step.cause, cause, draft.words),
        )
    )
