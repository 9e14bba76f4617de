"""Colours of the product: matching a reference and recolouring, with the colours and files that are named."""

import functools
import tomllib
from importlib import resources
from typing import Any

import attrs

from core.domain.editing.tags import with_kinds
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft, hull
from plugins.llm.local.items import Item

NEUTRALS = frozenset(("#FFFFFF", "#000000", "#808080", "#F2F2F2", "#404040", "#FAFAFA"))
MATCHING = "Matching a reference colour needs an image provider or a retoucher."
APPROXIMATE = "A Pantone colour in sRGB is an approximation; confirm it on a calibrated screen."


def details(clause: Clause, draft: Draft, *, op: str) -> tuple[list[Item], dict[str, Any]]:
    """Return the items that say more about a wish for a colour, and its parameters; nothing for other wishes."""
    if op not in ("colour.match", "colour.replace"):
        return [], {}
    items = [i for kind in ("pantone", "file", "delta", "number", "colour", "pattern") for i in clause.all(kind)]
    items += clause.all("where", "files") if op == "colour.match" else []
    items += clause.all("thing", "colours") + clause.all("slot", "max")
    draft.references += clause.all("file")
    for system in clause.all("pantone"):
        end = system.end + len(_code_after(clause, system)) + 2
        items += [i for i in clause.items if system.end <= i.start < end and i not in items]
    return items, _matching(clause) if op == "colour.match" else _replacing(clause, draft)


def read(clause: Clause, draft: Draft) -> None:
    """Read ``colour as in REF.jpg``, and ``delta E below 3`` after it."""
    references = clause.all("pattern") + clause.all("file") + clause.all("where", "files")
    is_reference = clause.polarity is Polarity.DO and clause.has("thing", "colours") and len(references) == 1
    if is_reference and not clause.has("act") and not clause.has("wish") and _is_single(references[0]):
        items, params = details(clause, draft, op="colour.match")
        clause.where = None
        draft.decline(clause, [*items, *references], op="colour.match", reason=MATCHING, params=params)
        return
    limit = clause.find("number")
    if not clause.has("delta") or clause.has("wish") or limit is None:
        return
    for place, wish in enumerate(draft.unsupported):
        if wish.op == "colour.match":
            cause = clause.cause([i.use() for i in (*clause.all("delta"), *clause.all("slot", "max"), limit)])
            whole = hull(wish.cause, cause, draft.words) or cause
            params = wish.params | {"max_delta_e": limit.value}
            draft.unsupported[place] = attrs.evolve(wish, params=params, cause=whole, words=whole.words)


def _is_single(item: Item) -> bool:
    """Whether an item names one file with its extension, as references do."""
    if item.kind != "where":
        return item.kind == "pattern" or "." in str(item.value)
    return len(item.value.files) == 1 and "." in item.value.files[0]


def _matching(clause: Clause) -> dict[str, Any]:
    params: dict[str, Any] = {}
    wishes = clause.all("wish", "colour.match")
    named = [*clause.all("file"), *clause.all("pattern"), *clause.all("where", "files")]
    # A name before "match" says which pictures change.
    named = [i for i in named if not wishes or i.first > wishes[0].first] or [i for i in named if i.kind != "where"]
    if named:
        params["reference"] = _file_name(named[0])
    if clause.has("delta") and (limit := clause.find("number")):
        params["max_delta_e"] = limit.value
    return {k: v for k, v in params.items() if v != ""}


def _file_name(item: Item) -> str:
    if item.kind == "where":
        return next(iter(item.value.files), "")
    extension = str(item.value).rpartition(".")
    is_open = item.kind == "pattern" and extension[1] and "." not in item.key
    return f"{item.key}.{extension[2]}" if is_open else item.key or str(item.value)


def _replacing(clause: Clause, draft: Draft) -> dict[str, Any]:
    params: dict[str, Any] = {}
    system, code = clause.find("pantone"), next((c for c in clause.all("colour") if c.value == "code"), None)
    if system:
        number = _code_after(clause, system)
        approximate = pantone().get(number.split()[0].casefold()) if number else None
        params["target"] = {"pantone": number} | ({"srgb_approx": approximate} if approximate else {})
        draft.warn(APPROXIMATE, clause.cause([system]))
    elif code or (named := clause.all("colour")):
        params["target"] = {"srgb_approx": (code or named[-1]).key}
    if region := region_of(clause, draft):
        params["region"] = region
    return params


def region_of(clause: Clause, draft: Draft) -> str:
    """Name the product that a clause, or one before it in its sentence, is about; all clothes are a garment."""
    nouns = [i.key for i in clause.items if i.kind == "tagged"]
    if not nouns and draft.subject[0] == clause.sentence:
        nouns = [draft.subject[1]]
    if not nouns:
        return ""
    return "garment" if "garment" in with_kinds(frozenset(nouns[:1])) else nouns[0].replace("_", " ")


def recoloured(clause: Clause) -> tuple[Item, Item] | None:
    """Find the product and the colour that it shall have: ``the cushions need to be green``; None for backgrounds."""
    nouns = [i for i in clause.items if i.kind == "tagged"]
    is_told = clause.has("copula") or clause.has("verb", "change")
    if not nouns or not is_told or clause.has("thing", "background") or clause.has("act"):
        return None
    after = [c for c in clause.items if c.kind == "colour" and c.first >= nouns[0].last]
    chosen = next((c for c in after if c.value == "code"), after[0] if after else None)
    if chosen is None or (chosen.value != "code" and chosen.key in NEUTRALS):
        return None
    return nouns[0], chosen


def _code_after(clause: Clause, system: Item) -> str:
    """Read ``286 C`` after the word Pantone."""
    words = clause.words[system.end : system.end + 20].replace("#", " ").split()
    number = words[0].strip(".,;:()") if words else ""
    suffix = words[1].strip(".,;:()").upper() if len(words) > 1 else ""
    return f"{number} {suffix}" if suffix in ("C", "U", "TCX", "TPX", "TPG", "CP") else number


@functools.cache
def pantone() -> dict[str, str]:
    """Read the sRGB approximations of common Pantone numbers."""
    source = resources.files("plugins.llm.local").joinpath("pantone.toml")
    colours: dict[str, str] = tomllib.loads(source.read_text(encoding="utf-8"))["srgb"]
    return colours
