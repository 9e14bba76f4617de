"""Steps that follow from others without being said: white below JPEG cut-outs, centring on a canvas, sRGB."""

from core.domain.editing.plan import Change, ChangeKind, Option, Question
from core.domain.editing.scope import ALL
from plugins.llm.local.draft import SHARED, Draft, StepDraft

WHITE = "The background colour is not stated; white is assumed because JPEG has no transparency."

NEAR = 3  # characters between a wish and what explains it: a sign and a space or two


def settle(draft: Draft) -> None:
    """Add what the named steps need."""
    _jpeg_scale(draft)
    _drop_described_casts(draft)
    for cut in draft.having("background.remove"):
        _centre(draft, cut)
        _fill_background(draft, cut)
    _share_cut_out(draft)
    _join_cut_outs(draft)
    for export in draft.having("export"):
        _colour(draft, export)
    _ask_canvas(draft)
    _settle_enlarging(draft)


def _drop_described_casts(draft: Draft) -> None:
    """Take out a correction that only says what is wrong: ``it came out yellowish; the real colour is …``.

    Nor is one meant beside the reference that the colours are to match: ``colour correction: match the swatch``.
    """
    recoloured = [u.scope for u in draft.unsupported if u.op == "colour.replace" and not u.scope.is_all]
    matched = [u.cause for u in draft.unsupported if u.op == "colour.match" and u.cause]
    for step in draft.having("white_balance"):
        cause = step.cause
        if step.scope in recoloured or (cause and any(0 <= m.start - cause.end <= NEAR for m in matched)):
            draft.drop(step)


def _jpeg_scale(draft: Draft) -> None:
    """Read a quality on the scale of 0…12 as JPEG: no other format has that scale."""
    if draft.jpeg_scale is None or any("format" in s.params for s in draft.having("export")):
        return
    for export in draft.having("export"):
        if "quality" in export.params:
            export.params["format"] = "jpeg"
    draft.assume("A quality of 0…12 is the JPEG scale, so JPEG is delivered.", draft.jpeg_scale)


def _outputs(draft: Draft, step: StepDraft) -> tuple[int, ...]:
    if step.output != SHARED or not draft.outputs:
        return (step.output,)
    return tuple(range(len(draft.outputs)))


def _centre(draft: Draft, cut: StepDraft) -> None:
    """Centre a cut-out on each canvas of an exact size."""
    for canvas in draft.having("canvas"):
        is_same = canvas.scope in (cut.scope, ALL) and cut.output in (canvas.output, SHARED)
        placed = draft.effective("subject.place", scope=canvas.scope, output=canvas.output)
        has_size = "width" in canvas.params or "aspect" in canvas.params
        if is_same and placed is None and has_size:
            params = {"align_x": "center", "align_y": "center"}
            draft.put_at("subject.place", params, scope=canvas.scope, output=canvas.output)
            draft.assume("The product is centred on the canvas.")


def _fill_background(draft: Draft, cut: StepDraft) -> None:
    """Decide what stands behind a cut-out when the instruction does not say."""
    if draft.is_repeat is not None:
        return
    for output in _outputs(draft, cut):
        if draft.effective("background.set", scope=cut.scope, output=output):
            continue
        export = draft.effective("export", scope=cut.scope, output=output)
        stated = export.params.get("format") if export else None
        if stated == "jpeg":
            params = {"mode": "colour", "colour": "#FFFFFF"}
            draft.put_at("background.set", params, scope=cut.scope, output=output)
            draft.assume(WHITE)
            draft.warn(WHITE)
        elif stated is not None and stated != "keep":
            draft.put_at("background.set", {"mode": "transparent"}, scope=cut.scope, output=output)
            draft.assume("The background colour is not stated; it stays transparent.")
        else:
            _ask_background(draft, cut)


def _ask_background(draft: Draft, cut: StepDraft) -> None:
    white = (Change(kind=ChangeKind.SET, op="background.set", params={"mode": "colour", "colour": "#FFFFFF"}),)
    clear = (
        Change(kind=ChangeKind.SET, op="background.set", params={"mode": "transparent", "colour": None}),
        Change(kind=ChangeKind.SET, op="export", params={"format": "png"}),
    )
    kept = Option(key="kept", label="Nothing: transparent where the format of the original allows it, else white")
    draft.ask(
        Question(
            key="behind_the_product",
            about="What should stand behind the product? The instruction only removes the background.",
            options=(
                kept,
                Option(key="white", label="White", changes=white),
                Option(key="transparent", label="Transparent, as PNG", changes=clear),
            ),
            blocking=False,
            default="kept",
            cause=cut.cause,
        )
    )


def _share_cut_out(draft: Draft) -> None:
    """Move a cut-out that outputs need into the shared steps: it is made and billed once."""
    own = [s for s in draft.having("background.remove") if s.output != SHARED]
    if {s.output for s in own} != set(range(len(draft.outputs))) and not draft.step("background.remove"):
        return
    for step in own:
        draft.drop(step)
        if draft.step("background.remove", scope=step.scope) is None:
            draft.put_at("background.remove", {}, scope=step.scope, cause=step.cause)


def _join_cut_outs(draft: Draft) -> None:
    """Cut out every picture when several groups of them get backgrounds of their own and none is to keep its own."""
    own = [s for s in draft.having("background.remove") if not s.scope.is_all and s.output == SHARED]
    is_kept = any("background.remove" in c.ops for c in draft.constraints)
    is_all = any(s.scope.is_all and s.op in ("canvas", "subject.place") for s in draft.steps)
    if len(own) > 1 and is_all and not is_kept and not draft.is_cut_out and not any(s.scope.rest for s in own):
        for step in own:
            draft.drop(step)
        draft.put_at("background.remove", {}, cause=own[0].cause)
        draft.assume("All pictures are cut out.", own[0].cause)


def _colour(draft: Draft, export: StepDraft) -> None:
    params = export.params
    if params.get("colour_space") == "cmyk":
        if "icc" not in params:
            params["icc"] = "ISOcoated_v2"
            draft.assume("No CMYK profile is named; ISO Coated v2 is used.", export.cause)
        if params.get("format", "keep") == "keep":
            params["format"] = "tiff"
            draft.assume("CMYK is delivered as TIFF.", export.cause)
    elif params.get("format") == "jpeg" and "icc" not in params:
        params["icc"] = "srgb"
        draft.assume("JPEG files are delivered in sRGB.", export.cause)
    if params.get("bit_depth") == "16":
        draft.warn("16 bits from an 8-bit original add no tonal information.", export.cause)


def _ask_canvas(draft: Draft) -> None:
    """Say that a canvas keeps the photo's background when nothing was said about it."""
    for canvas in draft.having("canvas"):
        if draft.effective("background.remove", scope=canvas.scope, output=canvas.output) is None:
            cut = (
                Change(kind=ChangeKind.SET, op="background.remove"),
                Change(kind=ChangeKind.SET, op="background.set"),
            )
            keep = Option(key="keep", label="Keep the background of the photo")
            draft.ask(
                Question(
                    key="cut_out",
                    about="Keep the background of the photo, or cut the product out?",
                    options=(keep, Option(key="cut", label="Cut out, on white", changes=cut)),
                    blocking=False,
                    default="keep",
                    cause=canvas.cause,
                )
            )


def _settle_enlarging(draft: Draft) -> None:
    """Never enlarge what the instruction says must not be."""
    if any("upscale" in c.ops and c.scope.is_all for c in draft.constraints):
        for step in draft.steps:
            if step.op in ("resize", "subject.place") and step.params.pop("enlarge", None):
                go = Change(kind=ChangeKind.SET, op=step.op, params={"enlarge": True})
                draft.ask(
                    Question(
                        key="enlarge",
                        about="The instruction asks to enlarge and also rules it out. Which holds?",
                        options=(
                            Option(key="never", label="Never enlarge"),
                            Option(key="enlarge", label="Enlarge", changes=(go,)),
                        ),
                        cause=step.cause,
                    )
                )
