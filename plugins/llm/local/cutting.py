"""Verbs that mean cutting out as well as cropping: ``recortar``, ``ritagliare``, ``uitsnijden``."""

from collections.abc import Sequence

from plugins.llm.local.clauses import Clause, Polarity

# Key of the lexicon, and what it means where nothing around it tells.
USUAL = {"cut_or_crop": "cutout", "crop_or_cut": "crop"}
FRAMES = ("aspect", "shape", "size", "length", "paper", "side", "slot")


def settle(clauses: Sequence[Clause]) -> None:
    """Decide what each such verb means: by its own clause, then by whether any other is about the background."""
    is_about_ground = any(_is_about_ground(clause) for clause in clauses)
    for clause in clauses:
        for item in clause.all("act", *USUAL):
            if clause.polarity in (Polarity.NOT, Polarity.KEEP):
                item.key = "crop" if is_about_ground else USUAL[item.key]
            elif clause.has("aspect") and not clause.has("thing", "background"):
                item.key = "crop"
            elif _is_about_ground(clause) or clause.has("tagged"):
                item.key = "cutout"
            elif any(clause.has(kind) for kind in FRAMES):
                item.key = "crop"
            else:
                item.key = "cutout" if is_about_ground else USUAL[item.key]


def _is_about_ground(clause: Clause) -> bool:
    is_wanted = clause.polarity in (Polarity.DO, Polarity.REMOVE)
    named = any(clause.has(*words) for words in (("thing", "background"), ("clear",), ("colour",), ("format", "png")))
    return is_wanted and (named or clause.has("shadow"))
