"""Words that nothing accounted for: listed as not understood, never dropped."""

from collections.abc import Sequence

from core.domain.editing.plan import Cause, EditPlan, Unsupported
from plugins.llm.local.items import Item

SILENT = frozenset(("filler", "link", "sign", "numeral", "ordinal", "mood"))
# Words that only support others: alone they wish for nothing.
SUPPORT = {
    "verb": ("add", "change", "write"),
    "scope": ("image", "only", "to", "all", "except", "per"),
    "where": ("all", "rest", "index", "ordinal", "files", "except", "measured"),
    "slot": ("max", "min", "soft", "fill"),
    "degree": ("more", "less"),
    "thing": ("format", "size", "everything", "else"),
    "tagged": (),
    "label": (),
    "split": (),
    "times": (),
    "owner": (),
    "compare": (),
    "act": ("return", "convert"),
    "source": (),
    "copula": (),
    "part": (),
    "neg": (),
    "document": (),
    "token": (),
}
REASON = "Not understood; nothing is done about it. Say it in other words, or add the step by hand."
WITHOUT_EFFECT = "Read, but it changes nothing beside the rest of the instruction."


def is_silent(item: Item) -> bool:
    """Whether an item carries no wish of its own."""
    if item.kind in SILENT:
        return True
    return item.kind in SUPPORT and (not SUPPORT[item.kind] or item.key in SUPPORT[item.kind])


def is_wordless(items: Sequence[Item]) -> bool:
    """Whether an instruction consists of politeness alone."""
    polite = ("polite", "closing", "signature", "symbols")
    return all(i.kind in ("sign", "link", "unknown") or i.named("filler", *polite) for i in items)


def causes(plan: EditPlan) -> list[Cause]:
    """Return the words behind every part of a plan."""
    found = [
        *(step.cause for step in plan.all_steps()),
        *(constraint.cause for constraint in plan.constraints),
        *(assumption.cause for assumption in plan.assumptions),
        *(question.cause for question in plan.questions),
        *(warning.cause for warning in plan.warnings),
        *(wish.cause for wish in plan.unsupported),
    ]
    return [cause for cause in found if cause is not None]


def collect(items: Sequence[Item], words: str, *, causes: Sequence[Cause]) -> list[Unsupported]:
    """Join neighbouring items of a sentence that no part of the plan accounts for into one entry each."""
    found: list[Unsupported] = []
    run: list[Item] = []

    def close() -> None:
        if run:
            start, end = run[0].start, run[-1].end
            text = words[start:end]
            reason = WITHOUT_EFFECT if all(i.is_used for i in run) else REASON
            found.append(Unsupported(words=text, reason=reason, cause=Cause(start=start, end=end, words=text)))
            run.clear()

    for item in items:
        is_covered = item.is_used and any(c.start <= item.start and item.end <= c.end for c in causes)
        if is_covered or (item.kind == "sign" and item.key in ".!?;\n,"):
            close()
        elif not is_silent(item):
            run.append(item)
    close()
    return found
