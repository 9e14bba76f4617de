"""Words that nothing accounted for: listed as not understood, never dropped."""

from collections.abc import Sequence

from core.domain.editing.plan import Cause, Unsupported
from plugins.llm.local.items import Item

SILENT = frozenset(("filler", "link", "sign", "numeral"))
# Words that only support others: alone they wish for nothing.
SUPPORT = {
    "verb": ("add", "change", "write"),
    "scope": ("image", "only", "to", "all"),
    "where": ("all", "rest", "index", "ordinal", "files", "except"),
    "slot": ("max", "min", "soft", "fill"),
    "degree": ("more", "less"),
    "thing": ("format", "size", "everything", "else"),
    "tagged": (),
    "label": (),
    "split": (),
    "times": (),
    "neg": (),
    "document": (),
    "token": (),
}
REASON = "Not understood; nothing is done about it. Say it in other words, or add the step by hand."


def is_silent(item: Item) -> bool:
    """Whether an item carries no wish of its own."""
    if item.kind in SILENT:
        return True
    return item.kind in SUPPORT and (not SUPPORT[item.kind] or item.key in SUPPORT[item.kind])


def collect(items: Sequence[Item], words: str) -> list[Unsupported]:
    """Join neighbouring unaccounted items of a sentence into one entry each."""
    found: list[Unsupported] = []
    run: list[Item] = []

    def close() -> None:
        if run:
            start, end = run[0].start, run[-1].end
            text = words[start:end]
            cause = Cause(start=start, end=end, words=text)
            found.append(Unsupported(words=text, reason=REASON, cause=cause))
            run.clear()

    for item in items:
        if item.kind == "sign" and item.key in ".!?;\n,":
            close()
        elif item.is_used:
            close()
        elif not is_silent(item):
            run.append(item)
    close()
    return found
