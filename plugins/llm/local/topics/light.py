"""Light, colour and sharpness, turning and levelling."""

import math
from typing import Any

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

# Stops for "a bit brighter", "brighter" and "much brighter".
STOPS = {"slight": 0.25, "": 0.35, "strong": 0.8}
# Percent for "a touch more contrast", "more contrast" and "much more contrast".
AMOUNTS = {"slight": 10.0, "": 20.0, "strong": 40.0}
CORRECTIVE = ("white_balance", "denoise")


def read(clause: Clause, draft: Draft) -> None:
    """Read corrections of light, colour and sharpness."""
    if clause.polarity is Polarity.REMOVE:
        for act in clause.all("act", *CORRECTIVE):
            draft.put(clause, act.key, [*clause.all("verb", "remove"), act])
    if clause.polarity is not Polarity.DO:
        return
    if clause.has("act", "revert"):
        for act in clause.all("act", "brighter", "darker", "contrast", "saturate"):
            act.use()
        return
    for act in clause.all("act"):
        _correct(clause, draft, act=act)
    _turn(clause, draft)
    if not clause.has("act"):
        _stops_alone(clause, draft)


def _stops_alone(clause: Clause, draft: Draft) -> None:
    """Read ``a third of a stop up`` and ``+0.3 EV``: stops without a verb are of brightness."""
    sign = -1 if clause.has("degree", "less") or clause.has("side", "bottom") else 1
    for part in clause.all("fraction"):
        draft.put(clause, "exposure", [part, *clause.all("degree")], mode="ev", ev=_bounded(sign * float(part.key)))
    for stops in clause.use("ev"):
        draft.put(clause, "exposure", [stops], mode="ev", ev=_bounded(stops.value))


def _correct(clause: Clause, draft: Draft, *, act: Item) -> None:
    if act.key in ("brighter", "darker"):
        _brighten(clause, draft, act=act)
    elif act.key == "exposure":
        _expose(clause, draft, act=act)
    elif act.key in ("contrast", "contrast_less", "saturate", "desaturate"):
        sign = -1 if act.key in ("contrast_less", "desaturate") or clause.has("degree", "less") else 1
        amount, items = _amount(clause)
        op = "contrast" if act.key.startswith("contrast") else "saturation"
        draft.put(clause, op, [act, *items], amount=sign * amount)
    elif act.key == "mono":
        draft.put(clause, "saturation", [act], amount=-100.0)
    elif act.key == "levels":
        draft.put(clause, "levels", [act], auto=True)
    elif act.key == "sharpen":
        strength = {"slight": 50.0, "strong": 200.0}.get(_degree(clause))
        draft.put(clause, "sharpen", [act, *clause.all("degree")], amount=strength)
    elif act.key in CORRECTIVE:
        draft.put(clause, act.key, [act, *clause.all("degree")])


def _brighten(clause: Clause, draft: Draft, *, act: Item) -> None:
    if skin := clause.find("thing", "skin") or clause.find("region", "skin", "face"):
        draft.decline(
            clause, [act, skin, *clause.all("degree")], op="retouch", reason="Skin is not lightened or darkened."
        )
        return
    if ground := clause.find("thing", "background"):
        reason = "The light of the background alone is not changed; name the colour that it should have."
        draft.decline(clause, [act, ground, *clause.all("degree")], op="background.set", reason=reason)
        return
    items, stops = _stops(clause)
    sign = -1 if act.key == "darker" else 1
    draft.put(clause, "exposure", [act, *items], ev=_bounded(sign * abs(stops)))


def _expose(clause: Clause, draft: Draft, *, act: Item) -> None:
    """Read ``exposure +0.5 EV``, ``a bit more brightness`` or just ``correct the exposure``."""
    if stated := clause.find("ev"):
        draft.put(clause, "exposure", [act, stated], ev=_bounded(stated.value))
    elif clause.has("degree") or clause.has("percent") or clause.has("fraction"):
        items, stops = _stops(clause)
        sign = -1 if clause.has("degree", "less") else 1
        draft.put(clause, "exposure", [act, *items], ev=_bounded(sign * stops))
    else:
        draft.put(clause, "exposure", [act], mode="auto")


def _turn(clause: Clause, draft: Draft) -> None:
    for act in clause.all("act", "flip", "flip_v"):
        if clause.has("facing"):
            act.use()
            continue
        is_upright = act.key == "flip_v" or clause.has("side", "vertical") or clause.has("shape", "portrait")
        ways = [*clause.all("side", "horizontal", "vertical"), *clause.all("shape", "portrait", "landscape")]
        draft.put(clause, "flip", [act, *ways], axis="vertical" if is_upright else "horizontal")
    for act in clause.all("act", "straighten"):
        params: dict[str, Any] = {}
        angle = clause.find("degrees")
        if angle and abs(angle.value) <= 45:
            sign = -1 if clause.has("slot", "opposite") else 1
            params = {"mode": "angle", "angle": sign * angle.value}
        extra = [*clause.all("slot", "opposite", "clockwise"), *([angle] if params and angle else [])]
        draft.put(clause, "straighten", [act, *extra], **(params or {"mode": "auto"}))
    for act in clause.all("act", "rotate"):
        draft.topic = "rotate"
        _rotate(clause, draft, act=act)
    if draft.topic == "rotate" and clause.has("where") and not clause.has("act"):
        for angle in [*clause.all("degrees"), *clause.all("number")]:
            _rotate(clause, draft, act=angle)
    for way in clause.all("facing"):
        cause = [way, *clause.all("scope", "all"), *clause.all("tagged"), *clause.all("copula")]
        draft.put(clause, "flip", cause, axis="horizontal")
        draft.warn("Mirroring reverses logos, lettering and asymmetrical details; review mirrored pictures.")


def _rotate(clause: Clause, draft: Draft, *, act: Item) -> None:
    angle = clause.find("degrees") or clause.find("number")
    items = [act, *clause.all("slot", "opposite", "clockwise"), *([angle] if angle else [])]
    turn = 0.0 if angle is None else (-angle.value if clause.has("slot", "opposite") else angle.value)
    if turn % 360 in (90, 180, 270):
        draft.put(clause, "rotate", items, angle=f"{turn % 360:g}")
    elif angle and abs(turn) <= 45:
        draft.put(clause, "straighten", items, mode="angle", angle=turn)
    else:
        draft.decline(clause, items, op=None, reason="Say by how many degrees and in which direction to turn.")


def _degree(clause: Clause) -> str:
    return next((i.key for i in clause.items if i.named("degree", "slight", "strong")), "")


def _stops(clause: Clause) -> tuple[list[Item], float]:
    degrees = clause.all("degree")
    if stated := clause.find("ev"):
        return [stated, *degrees], stated.value
    if stated := clause.find("fraction"):
        return [stated, *degrees, *clause.all("unit", "ev")], float(stated.key)
    if stated := clause.find("percent"):
        return [stated, *degrees], math.log2(1 + min(abs(stated.value), 300) / 100)
    return degrees, STOPS[_degree(clause)]


def _amount(clause: Clause) -> tuple[float, list[Item]]:
    if stated := clause.find("percent"):
        return min(abs(stated.value), 100.0), [stated]
    if (plain := clause.find("number")) and 0 < abs(plain.value) <= 100:
        return plain.value, [plain]
    return AMOUNTS[_degree(clause)], clause.all("degree")


def _bounded(stops: float) -> float:
    return round(max(-5.0, min(5.0, stops)), 2)
