"""Names of the finished files."""

import re

from core.domain.editing.plan import Change, ChangeKind, Option, Question
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item

UNNAMED = "new names"


def read(clause: Clause, draft: Draft) -> None:
    """Read ``rename to …``; what a name needs and no picture tells becomes a blocking question."""
    if clause.polarity in (Polarity.NOT, Polarity.KEEP):
        return
    verb, words = clause.find("act", "rename"), clause.find("thing", "names")
    patterns = clause.all("pattern")
    tokens = clause.all("token")
    counts = clause.has("slot", "sequence")
    if not (verb or words or counts) and not (patterns and draft.topic == "naming"):
        _case(clause, draft)
        return
    marks = [i for i in (verb, words) if i]
    example = clause.all("file") + clause.all("where", "files")
    quoted = clause.all("quote")
    counters = clause.all("slot", "sequence")
    draft.topic = "naming"
    if patterns or tokens:
        _ask(clause, draft, items=[*marks, *patterns, *tokens, *example, *counters], patterns=patterns)
    elif quoted or counters or example:
        _count(clause, draft, marks=[*marks, *quoted, *counters, *example], stem=_stem(quoted, example))
    elif cases := clause.all("slot", "lower", "upper"):
        draft.put(clause, "naming", [*marks, *cases], pattern="{original}", case=cases[0].key)
    elif verb and not clause.has("format"):
        _ask(clause, draft, items=marks, patterns=[])


def _case(clause: Clause, draft: Draft) -> None:
    if draft.topic == "naming":
        example = clause.all("file") + clause.all("where", "files")
        cases = clause.all("slot", "lower", "upper")
        step = next(iter(draft.having("naming")), None)
        if cases and step:
            draft.put(clause, "naming", cases, case=cases[0].key)
        for item in [*example, *cases]:
            item.use()
    elif cases := clause.all("slot", "lower", "upper"):
        draft.put(clause, "naming", cases, pattern="{original}", case=cases[0].key)


def _stem(quoted: list[Item], example: list[Item]) -> str:
    text = str(quoted[0].value) if quoted else ""
    if not text and example and example[0].value is not None:
        value = example[0].value
        text = value if isinstance(value, str) else next(iter(value.files), "")
    stem = text.rsplit(".", 1)[0] if "." in text else text
    return re.sub(r"[{}]", "", re.sub(r"[-_ ]*\d+$", "", stem))[:60]


def _count(clause: Clause, draft: Draft, *, marks: list[Item], stem: str) -> None:
    pattern = f"{stem}_{{index:03d}}" if stem else "{original}_{index:03d}"
    # "Rename them. Number them." the second sentence answers what the first leaves open.
    draft.questions = [q for q in draft.questions if q.key != "naming_source" or f"({UNNAMED})" not in q.about]
    marks += [i for i in clause.items if i.kind == "pattern"]
    draft.put(clause, "naming", marks, pattern=pattern)
    draft.assume("Files are numbered in the order of the pictures, with three digits.")


def _ask(clause: Clause, draft: Draft, *, items: list[Item], patterns: list[Item]) -> None:
    wanted = str(patterns[0].value) if patterns else UNNAMED
    cause = clause.cause(items)
    draft.decline(
        clause, items, op="naming", reason=f"{wanted}: the pictures do not say what belongs into these names."
    )
    draft.ask(
        Question(
            key="naming_source",
            about=f"Where do the parts of the new names come from ({wanted})? They are never invented.",
            options=(
                _option("file_names", "They are in the original file names; keep these", pattern="{original}"),
                _option(
                    "sku_first",
                    "The SKU is what precedes the first underscore of the original names",
                    pattern="{sku}_{index:03d}",
                    sku_pattern="{sku}_*",
                ),
                _option("numbers", "Number the files in their order", pattern="{index:03d}"),
            ),
            cause=cause,
        )
    )


def _option(key: str, label: str, **params: str) -> Option:
    return Option(key=key, label=label, changes=(Change(kind=ChangeKind.SET, op="naming", params=dict(params)),))
