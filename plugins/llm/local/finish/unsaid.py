"""What an order needs and only the customer has: it is asked for before anything is spent, never invented."""

from collections.abc import Sequence

from core.domain.editing.plan import Cause, Option, Question
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft

# Wishes for a colour, the parameters of which one tells it, and what to ask for when none does.
COLOURS = {
    "colour.match": (
        ("reference", "target"),
        "Which colour is to be matched? Upload a picture of it, or write #RRGGBB.",
    ),
    "colour.replace": (("target", "reference"), "Which colour should it have? Write #RRGGBB or a Pantone number."),
}
WITHOUT = Option(key="without", label="Go on without it")
VERSIONS = "How do the versions differ? Name the format, the size or the background of each."


def ask(draft: Draft, clauses: Sequence[Clause]) -> None:
    """Ask for colours that nothing tells and for versions that nothing tells apart."""
    for wish in draft.unsupported:
        names, about = COLOURS.get(wish.op or "", ((), ""))
        if about and not wish.refused and not any(name in wish.params for name in names):
            _ask(draft, f"open_{(wish.op or '').replace('.', '_')}", about, wish.cause)
    several = [c for c in clauses if c.has("split", "versions") and c.polarity is Polarity.DO]
    if several and not draft.outputs:
        _ask(draft, "which_versions", VERSIONS, several[0].cause())


def _ask(draft: Draft, key: str, about: str, cause: Cause | None) -> None:
    draft.ask(Question(key=key, about=about, options=(WITHOUT,), cause=cause))
