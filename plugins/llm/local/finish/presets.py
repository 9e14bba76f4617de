"""Marketplace profiles: what they add to a plan."""

from typing import Any

import attrs

from core.domain.compliance import MarketplaceProfile, Preset
from core.domain.editing.plan import Cause
from core.domain.editing.scope import Scope
from core.ports.profiles import ProfileCatalogue
from plugins.llm.local.draft import SHARED, Draft, Frame, hull

# Social feeds publish any picture of the right shape: there is no listing that a check could save.
SOCIAL = frozenset(("instagram_feed", "instagram_ads", "facebook_page", "pinterest_pin"))


@attrs.frozen(kw_only=True)
class Target:
    """What a marketplace was named for: a deliverable, some pictures, and the words."""

    output: int
    scope: Scope
    cause: Cause


def expand(draft: Draft, profiles: ProfileCatalogue | None) -> None:
    """Add the steps of every platform that was named; what the instruction says itself stays."""
    for name, output, scope, cause in draft.platforms:
        profile = profiles.find(name) if profiles else None
        if profile is None:
            draft.warn(f"There is no profile for {name}; its rules are not applied or checked.", cause)
        else:
            _apply(draft, profile, at=Target(output=output, scope=scope, cause=cause))


def _apply(draft: Draft, profile: MarketplaceProfile, *, at: Target) -> None:
    cause = at.cause
    ruled_out = {op for c in draft.constraints if c.scope.is_all for op in c.ops}
    is_general = "resize" in ruled_out and "flip" in ruled_out
    kept = "background.set" in ruled_out and not is_general
    if draft.is_audit is not None:
        whole = hull(draft.is_audit, cause, draft.words)
        draft.put_at("check", {"profile": profile.id, "on_fail": "flag"}, output=at.output, scope=at.scope, cause=whole)
        draft.assume(f"{profile.title}: only checked against profile {profile.id}; nothing is edited for it.", whole)
        return
    _export(draft, profile.preset, at=at)
    if profile.id not in SOCIAL:
        if not kept:
            _background(draft, profile.preset, at=at)
        if "canvas" not in ruled_out or is_general:
            _frame(draft, profile.preset, at=at)
        draft.put_at("check", {"profile": profile.id, "on_fail": "flag"}, output=at.output, scope=at.scope, cause=cause)
    trust = " Some of its rules are unverified." if profile.is_unverified else ""
    draft.assume(f"{profile.title}: profile {profile.id}, version {profile.version.isoformat()}.{trust}", cause)


def _background(draft: Draft, preset: Preset, *, at: Target) -> None:
    if preset.background is None or draft.effective("background.set", scope=at.scope, output=at.output):
        return
    if draft.effective("background.remove", scope=at.scope, output=at.output) is None:
        draft.put_at("background.remove", {}, output=at.output, scope=at.scope, cause=at.cause)
    draft.put_at(
        "background.set",
        {"mode": "colour", "colour": preset.background},
        output=at.output,
        scope=at.scope,
        cause=at.cause,
    )


def _frame(draft: Draft, preset: Preset, *, at: Target) -> None:
    shape = preset.aspect
    if preset.canvas_width and preset.canvas_height and preset.canvas_width == preset.canvas_height:
        shape = "1:1"
    for frame in draft.frames:
        is_bare = frame.long_edge and not (frame.aspect or frame.width or frame.height or frame.via)
        if frame.output in (at.output, SHARED) and frame.scope == at.scope and is_bare:
            frame.aspect = shape
    has_frame = any(f.output in (at.output, SHARED) and f.scope == at.scope for f in draft.frames)
    is_cut_out = draft.effective("background.remove", scope=at.scope, output=at.output) is not None
    if not has_frame:
        frame = Frame(scope=at.scope, output=at.output, cause=at.cause)
        if preset.canvas_width and preset.canvas_height:
            frame.width, frame.height = float(preset.canvas_width), float(preset.canvas_height)
        elif preset.aspect:
            frame.aspect, frame.min_long_edge = preset.aspect, preset.min_long_edge_px
        frame.via = "canvas" if is_cut_out else ""
        if frame.width or frame.aspect:
            draft.frames.append(frame)
    if preset.fill_min and is_cut_out and not draft.effective("subject.place", scope=at.scope, output=at.output):
        fill = round(100 * (preset.fill_min + (preset.fill_max or 1.0)) / 2, 1)
        fill = min(fill, 100 * preset.fill_min + 5)
        params = {"fill": fill, "fill_axis": "longest", "align_x": "center", "align_y": "center"}
        draft.put_at("subject.place", params, output=at.output, scope=at.scope, cause=at.cause)


def _export(draft: Draft, preset: Preset, *, at: Target) -> None:
    stated = draft.effective("export", scope=at.scope, output=at.output)
    known = stated.params if stated else {}
    params: dict[str, Any] = {}
    if preset.formats and "format" not in known:
        params["format"] = preset.formats[0]
    if preset.icc and "icc" not in known and known.get("colour_space") != "cmyk":
        params["icc"] = preset.icc
    if preset.max_bytes and "max_bytes" not in known:
        params["max_bytes"] = preset.max_bytes
    if preset.jpeg_quality and "quality" not in known and (known | params).get("format") == "jpeg":
        params["quality"] = preset.jpeg_quality
    if preset.dpi and "dpi" not in known:
        params["dpi"] = float(preset.dpi)
    if params:
        draft.put_at("export", params, output=at.output, scope=at.scope, cause=at.cause)
