"""Shadows below the product."""

from typing import Any

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item
from plugins.llm.local.topics.repairs import RETOUCHING

# Blur of a soft and of a hard shadow, % of the subject's longer side.
SOFT, HARD = 2.5, 0.5
KEEPING = (
    "Keeping the shadow of the photo needs a retoucher or an image provider; ask for a drop or contact shadow instead."
)
KEPT = {"type": "keep"}
MIRRORING = "A mirror reflection cannot be drawn by the local engine; ask for a drop or contact shadow instead."


def read(clause: Clause, draft: Draft) -> None:
    """Read wishes for a shadow, for none, and for keeping the natural one."""
    named = clause.all("shadow")
    if not named:
        if draft.topic == "shadow" and _is_none(clause):
            draft.put(clause, "shadow", [*clause.all("neg"), *clause.all("tagged")], type="none")
        elif draft.topic == "shadow":
            _more(clause, draft)
        return
    kinds = {i.key for i in named}
    extras = [*clause.all("slot", "soft", "hard", "fade", "opacity"), *clause.all("degree")]
    if kinds == {"reflection"} and clause.polarity is Polarity.REMOVE:
        params = {"targets": ["reflections"]}
        items = [*clause.all("verb", "remove"), *named, *clause.all("tagged")]
        draft.decline(clause, items, op="retouch", reason=RETOUCHING, params=params)
        return
    if "natural" in kinds and clause.polarity not in (Polarity.NOT, Polarity.REMOVE):
        draft.decline(clause, [*clause.all("verb"), *named, *extras], op="shadow", reason=KEEPING, params=KEPT)
    elif clause.polarity is Polarity.KEEP and not clause.has("neg"):
        draft.decline(clause, [*clause.all("verb"), *named], op="shadow", reason=KEEPING, params=KEPT)
    elif kinds == {"reflection"} and clause.polarity is Polarity.NOT:
        draft.forbid(clause, [*clause.all("neg"), *named], "shadow.reflection")
    elif clause.polarity in (Polarity.NOT, Polarity.REMOVE):
        draft.put(clause, "shadow", [*clause.all("neg"), *clause.all("verb", "remove"), *named], type="none")
    elif "reflection" in kinds:
        values = [*clause.all("percent"), *clause.all("length"), *clause.all("side", "bottom"), *clause.all("verb")]
        params = _reflection(clause)
        draft.decline(clause, [*named, *extras, *values], op="shadow", reason=MIRRORING, params=params)
    else:
        chosen = "contact" if "contact" in kinds else "drop"
        before = [i for i in clause.items if not i.is_used]
        looks = _looks(clause)
        marks = [*clause.all("verb", "add"), *clause.all("side", "bottom"), *named]
        draft.put(clause, "shadow", [*marks, *[i for i in before if i.is_used]], type=chosen, **looks)
    draft.topic = "shadow"


def _reflection(clause: Clause) -> dict[str, Any]:
    params: dict[str, Any] = {"type": "reflection"}
    if (share := clause.find("percent")) and 0 <= share.value <= 100:
        params["opacity"] = round(share.value / 100, 3)
    if (length := clause.find("length")) and length.key == "px":
        params["fade_px"] = round(length.value)
    return params


def _is_none(clause: Clause) -> bool:
    """Whether a clause only says for which product there is none: ``Bags: none``."""
    return (
        clause.polarity is Polarity.NOT
        and clause.has("tagged")
        and all(i.kind in ("tagged", "neg") for i in clause.items)
    )


def _more(clause: Clause, draft: Draft) -> None:
    """Read ``15 % opacity`` or ``soft`` after the shadow was spoken of."""
    step = draft.effective("shadow", scope=clause.scope, output=clause.outputs[0] if clause.outputs else -1)
    is_share = all(i.kind == "percent" for i in clause.items)
    is_about = is_share or (clause.has("slot", "opacity", "soft", "hard", "fade") and not clause.has("thing"))
    if is_about and step and step.params.get("type") != "none":
        items = [*clause.all("slot", "opacity", "soft", "hard"), *clause.all("percent")]
        looks = _looks(clause)
        draft.put(clause, "shadow", items, **looks)
    elif is_about:
        draft.decline(clause, clause.items, op="shadow", reason="It belongs to a shadow that is not drawn.")


def _looks(clause: Clause) -> dict[str, Any]:
    looks: dict[str, Any] = {}
    shadows = [i.first for i in clause.items if i.kind == "shadow"]
    for colour in [c for c in clause.all("colour") if c.last in shadows]:
        looks["colour"] = colour.use().key
    if clause.use("slot", "soft"):
        looks["blur"] = SOFT
    elif clause.use("slot", "hard"):
        looks["blur"] = HARD
    share = _opacity(clause)
    if share and 0 <= share.value <= 100:
        looks["opacity"] = share.use().value
    elif clause.use("degree", "slight"):
        looks["opacity"] = 20.0
        looks.setdefault("blur", SOFT)
    elif clause.use("degree", "strong"):
        looks["opacity"] = 50.0
    return looks


def _opacity(clause: Clause) -> Item | None:
    """Find the share that is about the shadow rather than about a margin or fill in the same clause."""
    keywords = [*clause.all("slot"), *[i for i in clause.items if i.kind == "shadow"]]
    for share in clause.all("percent"):
        nearest = clause.nearest(share, keywords)
        if nearest is None or nearest.kind == "shadow" or nearest.key in ("opacity", "soft", "hard", "fade"):
            for word in clause.use("slot", "opacity"):
                word.use()
            return share
    return None
