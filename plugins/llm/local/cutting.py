"""Words that mean two things: ``recortar`` cuts out or crops, ``Beschnitt`` is a crop or a bleed, and the like."""

from collections.abc import Sequence

from plugins.llm.local.clauses import Clause, Polarity

# Key of the lexicon, and what it means where nothing around it tells.
USUAL = {"cut_or_crop": "cutout", "crop_or_cut": "crop"}
FRAMES = ("aspect", "shape", "size", "length", "paper", "side", "slot")
PRINTED = ("mm", "cm", "in")


def settle(clauses: Sequence[Clause]) -> None:
    """Decide what each such word means: by its own clause, then by what any other is about."""
    is_about_ground = any(_is_about_ground(clause) for clause in clauses)
    is_printed = any(_is_printed(clause) for clause in clauses)
    for clause in clauses:
        for item in clause.all("slot", "bleed_or_crop"):
            is_bleed = (is_printed or clause.has("verb", "add")) and not clause.has("aspect")
            item.kind, item.key = ("slot", "bleed") if is_bleed else ("act", "crop")
        for item in clause.all("act", "straighten_or_align"):
            item.kind, item.key = ("slot", "align") if clause.has("side") else ("act", "straighten")
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


def _is_printed(clause: Clause) -> bool:
    """Whether it gives a paper or a length as printers do; only what is printed has a bleed."""
    return clause.has("paper") or clause.has("length", *PRINTED) or clause.has("size", *PRINTED)


def _is_about_ground(clause: Clause) -> bool:
    is_wanted = clause.polarity in (Polarity.DO, Polarity.REMOVE)
    named = any(clause.has(*words) for words in (("thing", "background"), ("clear",), ("colour",), ("format", "png")))
    return is_wanted and (named or clause.has("shadow"))
